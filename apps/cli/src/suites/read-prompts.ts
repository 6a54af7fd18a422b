import { readFileSync, statSync } from 'node:fs';
import { basename } from 'node:path';
import { JarvisError } from '@jarvis-load/jarvis';
import { parsePrompts, type Prompt } from '@jarvis-load/jarvis/openai-suite';
import type { SettingTexts } from '@jarvis-load/engine';
import { CliError } from '../cli-error.ts';

/** Prompts are held in memory once per thread, so their total size is limited. */
const MOST_BYTES = 64 * 1024 * 1024;
const UTF8 = new TextDecoder('utf-8', { fatal: true });

/**
 * The prompts of `--set openai.prompts=<file>`; empty without one.
 *
 * @throws CliError exit 2 for a file that cannot be used
 */
export function promptsFor(settings: SettingTexts): readonly Prompt[] {
  const path = settings['openai.prompts'] ?? '';
  if (path === '') return [];
  try {
    const { size } = statSync(path);
    if (size > MOST_BYTES) throw refused(path, `has ${size} bytes; at most ${MOST_BYTES} are held in memory`);
    return parsePrompts(UTF8.decode(readFileSync(path)), basename(path));
  } catch (error) {
    if (error instanceof CliError) throw error;
    if (error instanceof JarvisError) throw refused(path, error.message.replace(/\.$/, ''), error);
    if (error instanceof TypeError) throw refused(path, 'is not UTF-8', error);
    throw refused(path, reasonOf(error), error);
  }
}

function reasonOf(error: unknown): string {
  switch ((error as NodeJS.ErrnoException).code) {
    case 'ENOENT':
      return 'there is no such file';
    case 'EISDIR':
      return 'it is a folder';
    case 'EACCES':
      return 'it may not be read';
    default:
      return (error as Error).message;
  }
}

function refused(path: string, problem: string, cause?: unknown): CliError {
  return new CliError({
    exit: 'usage',
    code: 'prompts',
    problem: `--set openai.prompts=${path}: ${problem}`,
    next: 'docs/guides/streaming.md shows the forms of the file',
    ...(cause === undefined ? {} : { cause }),
  });
}
