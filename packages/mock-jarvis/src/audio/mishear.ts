import type { RandomStream } from '../random/stream.ts';

/** Replacement for a misheard word; no shipped text contains it, so every replacement is a word error. */
const MISHEARD = 'hum';

/**
 * Replaces each word with probability `share`, so that the mean word error rate is `share`.
 *
 * Must hold: words are split as by `wordsOf` of jarvis (`data/word-error-rate.ts`), which measures that rate. The two differ for
 * combining accents, which split a word here, and for symbols such as `€`, which are words only there.
 *
 * @param ordinal number of the transcription: the same number mishears the same words in every run
 */
export function mishear(text: string, share: number, random: RandomStream, ordinal: number): string {
  if (share === 0) return text;
  let index = 0;
  return text.replaceAll(/[\p{L}\p{N}]+/gu, (word) =>
    random.unit(ordinal, index++) < share ? MISHEARD : word,
  );
}
