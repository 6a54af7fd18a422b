import type { Recording } from '@jarvis-load/jarvis';
import { SharedArray } from 'k6/data';
import type { K6Environment } from './environment.ts';

/**
 * The recordings of a test: those of the file named in the environment, loaded once and shared by all users, or those
 * of the bundle. Call it in the init phase.
 */
export function readSpeech(
  { recordingsFile, settings }: Pick<K6Environment, 'recordingsFile' | 'settings'>,
  bundled: Speech | undefined,
): readonly Recording[] {
  if (recordingsFile !== undefined) {
    return new SharedArray('recordings', () => parse(open(recordingsFile), recordingsFile));
  }
  const language = settings['language'] ?? bundled?.language;
  if (bundled === undefined || language?.slice(0, 2).toLowerCase() === bundled.language) {
    return bundled?.recordings ?? [];
  }
  throw new TypeError(
    `This script holds recordings in language ${bundled.language} only, not in ${language}. ` +
      'Run it with `npx jarvis-load k6`, or set JARVIS_LOAD_K6_RECORDINGS to a file with others.',
  );
}

function parse(text: string, file: string): Recording[] {
  const value = JSON.parse(text) as unknown;
  const isRecording = (each: unknown): each is Recording =>
    typeof each === 'object' && each !== null && 'said' in each && 'audioBase64' in each;
  if (Array.isArray(value) && value.length > 0 && value.every(isRecording)) return value;
  throw new TypeError(`${file} should be a JSON list of {"said": ..., "audioBase64": ...}.`);
}

/** Recordings in one language. */
export interface Speech {
  /** Two lower-case letters: `readSpeech` compares them with the setting. */
  readonly language: string;
  readonly recordings: readonly Recording[];
}
