import type { RandomStream } from '../random/stream.ts';

/** Replacement for a misheard word; no shipped text contains it, so every replacement is a word error. */
const MISHEARD = 'hum';

/**
 * Replaces each word with probability `share`, so that the mean word error rate is `share`.
 * @param ordinal number of the transcription: the same number mishears the same words in every run
 */
export function mishear(text: string, share: number, random: RandomStream, ordinal: number): string {
  if (share === 0) return text;
  let index = 0;
  return text.replaceAll(/[\p{L}\p{N}]+/gu, (word) =>
    random.unit(ordinal, index++) < share ? MISHEARD : word,
  );
}
