import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ScenarioRecipe } from '../run/scenarios.ts';

/** A file with recordings for a k6 script. */
export interface SpeechFile {
  /** Absolute path. */
  readonly path: string;
  remove(): void;
}

/**
 * Writes the recordings for k6; undefined when the script uses those of its bundle. The script gets the path as a
 * setting.
 */
export function speechFile({
  settings,
  recordings,
}: Pick<ScenarioRecipe, 'settings' | 'recordings'>): SpeechFile | undefined {
  const isChosen = 'recordings' in settings || 'language' in settings;
  if (!isChosen || recordings.length === 0) return undefined;
  const folder = mkdtempSync(join(tmpdir(), 'jarvis-load-speech-'));
  const path = join(folder, 'recordings.json');
  writeFileSync(path, JSON.stringify(recordings));
  return { path, remove: () => rmSync(folder, { recursive: true, force: true }) };
}
