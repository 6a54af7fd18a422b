import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SuiteFiles } from '@jarvis-load/jarvis/openai-suite';
import type { ChosenTests } from '../run/chosen-tests.ts';

/** A file with recordings for a k6 script. */
export interface SpeechFile {
  /** Absolute path. */
  readonly path: string;
  /** The caller removes it on every path, after k6 has ended. */
  remove(): void;
}

/**
 * Writes the recordings for k6; undefined when the script uses those of its bundle. The script gets the path as a
 * setting.
 */
export function speechFile({
  settings,
  files,
}: Pick<ChosenTests, 'settings' | 'files'>): SpeechFile | undefined {
  const isChosen = 'recordings' in settings || 'language' in settings;
  const recordings = (files as Partial<SuiteFiles> | undefined)?.recordings ?? [];
  if (!isChosen || recordings.length === 0) return undefined;
  const folder = mkdtempSync(join(tmpdir(), 'jarvis-load-speech-'));
  const path = join(folder, 'recordings.json');
  writeFileSync(path, JSON.stringify(recordings));
  return { path, remove: () => rmSync(folder, { recursive: true, force: true }) };
}
