import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, extname, join } from 'node:path';
import { MockError } from '../mock-error.ts';
import { readWav } from './read-wav.ts';
import { soundKey } from './sound-key.ts';

/** Transcripts of recordings, by the key of their samples (`soundKey`). */
export type KnownRecordings = ReadonlyMap<string, string>;

/** The recordings in packages/jarvis, one folder per language. */
const SHIPPED = dirname(createRequire(import.meta.url).resolve('@jarvis-load/jarvis/recordings/README.md'));

let shipped: KnownRecordings | undefined;

/**
 * Transcripts of the shipped recordings and of those in `folder`, which replace shipped ones of the same sound. Reads
 * synchronously: the folder at each call, the shipped ones once per process.
 * @throws {MockError} `invalid_setting` when the folder cannot be read, or a `.wav` in it is none or lacks its `.txt`
 */
export function knownRecordings(folder: string | null): KnownRecordings {
  shipped ??= new Map(
    readdirSync(SHIPPED, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .flatMap(({ name }) => [...readFolder(join(SHIPPED, name))]),
  );
  if (folder === null) return shipped;
  try {
    return new Map([...shipped, ...readFolder(folder)]);
  } catch (cause) {
    const { message } = cause as Error;
    throw new MockError('invalid_setting', `Mock setting transcription.recordings: ${message}.`, { cause });
  }
}

function readFolder(folder: string): KnownRecordings {
  const known = new Map<string, string>();
  for (const name of readdirSync(folder)) {
    if (extname(name).toLowerCase() !== '.wav') continue;
    const file = join(folder, name);
    const sound = readWav(readFileSync(file).toString('base64'));
    if (typeof sound === 'string') throw new Error(`${file} ${sound}`);
    const words = readFileSync(`${file.slice(0, -extname(name).length)}.txt`, 'utf8');
    known.set(soundKey(sound).key, words.trim());
  }
  return known;
}
