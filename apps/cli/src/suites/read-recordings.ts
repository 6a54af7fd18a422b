import { readdirSync, readFileSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, extname, join } from 'node:path';
import { JarvisError, resolveSettings, toRecording, type Recording } from '@jarvis-load/jarvis';
import { hasVoice, otherSettings } from '@jarvis-load/jarvis/openai-suite';
import { CliError, usageError } from '../cli-error.ts';

/** Recordings are held in memory once per thread, so their total size is limited. */
const MAX_TOTAL_BYTES = 64 * 1024 * 1024;
const UTF8 = new TextDecoder('utf-8', { fatal: true });

/** The recordings in packages/jarvis, one folder per language. */
const SHIPPED = dirname(createRequire(import.meta.url).resolve('@jarvis-load/jarvis/recordings/README.md'));

/** The recordings for the scenarios of these names; empty when no scenario has voice and no recordings were named. */
export function recordingsFor(
  scenarios: readonly string[],
  settings: Readonly<Record<string, string>>,
): readonly Recording[] {
  const areUsed = scenarios.some(hasVoice) || 'recordings' in settings;
  return areUsed ? readRecordings(settings) : [];
}

/**
 * The recordings of a run: those of `--set recordings=<folder>`, else the shipped ones in the language of the settings.
 * @param settings scenario settings as strings
 * @throws CliError for an unusable folder or file, before any target is contacted
 */
export function readRecordings(settings: Readonly<Record<string, string>>): readonly Recording[] {
  if (settings['recordings'] === '') throw refuse('', 'the name of the folder is empty');
  const { recordings, language } = resolveSettings(otherSettings(settings));
  if (recordings !== '') return readFolder(recordings, recordings);
  // Accept a language with a region, such as `fr-FR`.
  const primary = language.toLowerCase().split(/[-_]/, 1)[0]!;
  const languages = readdirSync(SHIPPED, { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() ? [entry.name] : [],
  );
  if (!languages.includes(primary)) {
    throw usageError(
      'language',
      `--set language=${language}: there are recordings in ${languages.join(' and ')} only`,
      '--set recordings=<folder> with recordings of your own in that language',
    );
  }
  return readFolder(join(SHIPPED, primary), primary);
}

function readFolder(folder: string, shown: string): readonly Recording[] {
  let names: string[];
  try {
    names = readdirSync(folder).sort();
  } catch (error) {
    throw refuse(shown, reasonOf(error), error);
  }
  const wavs = names.filter((name) => extname(name).toLowerCase() === '.wav');
  if (wavs.length === 0) throw refuse(shown, 'there is no .wav file in it');
  const alone = names.find(
    (name) => extname(name) === '.txt' && !wavs.some((wav) => stem(wav) === stem(name)),
  );
  if (alone !== undefined) throw refuse(shown, `${alone} has no ${stem(alone)}.wav beside it`);
  let total = 0;
  return wavs.map((name) => {
    total += sizeOf(folder, name, shown);
    if (total > MAX_TOTAL_BYTES)
      throw refuse(shown, `its .wav files have more than ${MAX_TOTAL_BYTES} bytes together`);
    const transcript = `${stem(name)}.txt`;
    if (!names.includes(transcript)) {
      throw refuse(shown, `${name} has no ${transcript} beside it that says what is spoken`);
    }
    try {
      sizeOf(folder, transcript, shown);
      const words = UTF8.decode(readFileSync(join(folder, transcript)));
      return toRecording(name, readFileSync(join(folder, name)), words);
    } catch (error) {
      if (error instanceof CliError) throw error;
      if (error instanceof JarvisError) throw refuse(shown, error.message.replace(/\.$/, ''), error);
      if (error instanceof TypeError) throw refuse(shown, `${transcript} is not UTF-8`, error);
      throw refuse(shown, reasonOf(error), error);
    }
  });
}

/** Bytes of a file. @throws CliError for one that is not there, such as a link to nothing */
function sizeOf(folder: string, name: string, shown: string): number {
  try {
    return statSync(join(folder, name)).size;
  } catch (error) {
    throw refuse(
      shown,
      `${name} cannot be read: ${(error as NodeJS.ErrnoException).code ?? 'no file'}`,
      error,
    );
  }
}

const stem = (name: string): string => basename(name, extname(name));

function reasonOf(error: unknown): string {
  switch ((error as NodeJS.ErrnoException).code) {
    case 'ENOENT':
      return 'there is no such folder';
    case 'ENOTDIR':
      return 'it is no folder';
    case 'EACCES':
      return 'it may not be read';
    default:
      return (error as Error).message;
  }
}

function refuse(folder: string, problem: string, cause?: unknown): CliError {
  return new CliError({
    exit: 'usage',
    code: 'recordings',
    problem: `--set recordings=${folder}: ${problem}`,
    expected: 'a folder of WAV files (PCM), each with its words in a .txt of the same name',
    cause,
  });
}
