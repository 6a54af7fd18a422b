import type { RandomStream } from '../random/stream.ts';

/** What a word is replaced with: it occurs in no sentence of ours. */
const MISHEARD = 'hum';

/**
 * Gets a share of the words wrong: each is replaced with that probability, so that the word error rate is the share on
 * average.
 * @param ordinal of the transcription: the same one mishears the same words in every run
 */
export function mishear(text: string, share: number, random: RandomStream, ordinal: number): string {
  if (share === 0) return text;
  let index = 0;
  return text.replaceAll(/[\p{L}\p{N}]+/gu, (word) =>
    random.unit(ordinal, index++) < share ? MISHEARD : word,
  );
}
