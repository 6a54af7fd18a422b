import { decodeBase64 } from './base64.ts';
import { findWavHeader, type WavHeader } from './wav.ts';

// One native regular expression over the text is much cheaper than decoding hundreds of kilobytes per answer.
const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;

/** Decoded from the start, enough for a few extra chunks; more only where the `data` chunk begins later. */
const HEAD_BYTES = 512;
/** Base64 characters of at least `HEAD_BYTES`; a multiple of four, so that the cut does not split a group. */
const HEAD_CHARACTERS = 684;

/**
 * The reason why a text is not a base64 WAV with sound; `undefined` when it is one. Checks the alphabet of the whole
 * text, the WAV header, and that the text is at least as long as the header says.
 */
export function refuseAudio(base64: string): string | undefined {
  if (!BASE64.test(base64) || decodeBase64(base64, 0) === undefined) return 'is not base64';
  const header = headerOf(base64);
  if (header === undefined) return 'is base64, but not of a PCM WAV';
  if (header.dataBytes === 0) return 'is a WAV without a single sample';
  return bytesOf(base64) < header.dataOffset + header.dataBytes ? 'is a WAV that was cut off' : undefined;
}

/** Duration of a base64 WAV from its header, in milliseconds; `undefined` when it is not a WAV. */
export function audioDurationMs(base64: string): number | undefined {
  return headerOf(base64)?.durationMs;
}

/** Bytes that a base64 text holds. */
function bytesOf(base64: string): number {
  const padding = base64.endsWith('==') ? 2 : base64.endsWith('=') ? 1 : 0;
  return Math.floor(((base64.length - padding) * 3) / 4);
}

function headerOf(base64: string): WavHeader | undefined {
  for (const text of [base64.slice(0, HEAD_CHARACTERS), base64]) {
    const bytes = decodeBase64(text, text === base64 ? Infinity : HEAD_BYTES);
    const header = bytes === undefined ? undefined : findWavHeader(bytes, bytesOf(base64));
    if (header !== 'beyond') return header;
  }
  return undefined;
}
