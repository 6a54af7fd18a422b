import { JarvisError } from '../error.ts';
import { encodeBase64 } from './base64.ts';
import { readWavHeader } from './wav.ts';
import { wordsOf } from './word-error-rate.ts';

/** Speech to transcribe, with its transcript. */
export interface Recording {
  /** The transcript. */
  readonly said: string;
  /** A PCM WAV as base64. */
  readonly audioBase64: string;
}

/** As base64 in JSON just below the core's body limit, `CORE_BOUNDS.bodyBytes`: 47 s at 16 kHz, 16 bit, mono. */
const MAX_BYTES = 1_500_000;

/**
 * Makes a recording from the bytes of a WAV file and its transcript.
 * @param name name of the file, for errors
 * @throws JarvisError `invalid_recording`, naming the file and what was expected
 */
export function toRecording(name: string, wav: Uint8Array, transcript: string): Recording {
  const refuse = (problem: string): JarvisError =>
    new JarvisError('invalid_recording', `The recording ${name} ${problem}.`);
  const header = readWavHeader(wav);
  if (header === undefined) throw refuse('is not a PCM WAV file');
  if (header.dataBytes === 0) throw refuse('is a WAV file without samples');
  if (header.dataOffset + header.dataBytes > wav.length) throw refuse('is a WAV file that was cut off');
  if (wav.length > MAX_BYTES) {
    throw refuse(`has ${wav.length} bytes; at most ${MAX_BYTES} fit into a request that every target takes`);
  }
  const said = transcript.replace(/\s+/g, ' ').trim();
  if (wordsOf(said).length === 0) throw refuse('has a transcript without words');
  return { said, audioBase64: encodeBase64(wav) };
}
