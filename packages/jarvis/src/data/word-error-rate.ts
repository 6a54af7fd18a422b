/**
 * Word error rate: the minimum number of word substitutions, deletions and insertions between reference and
 * transcription, divided by the number of reference words (Levenshtein distance over words, as in NIST's sclite). 0
 * means no errors; an empty transcription gives 1; insertions can raise it above 1. Case, punctuation and accents are
 * ignored; numbers are not spelled out. The mock splits words in the same way (`audio/mishear.ts`): change both.
 * @param said the reference; NaN when it has no word
 */
export function wordErrorRate(said: string, heard: string): number {
  const wanted = wordsOf(said);
  const found = wordsOf(heard);
  // One row of the Levenshtein table: distances of the words so far to each prefix of the reference.
  let row = wanted.map((_, index) => index + 1);
  let emptyBefore = 0;
  for (const word of found) {
    let diagonal = emptyBefore++;
    let left = emptyBefore;
    row = row.map((above, index) => {
      const replaced = diagonal + (word === wanted[index] ? 0 : 1);
      diagonal = above;
      left = Math.min(replaced, above + 1, left + 1);
      return left;
    });
  }
  return wanted.length === 0 ? NaN : (row[wanted.length - 1] as number) / wanted.length;
}

/**
 * The words of a text in the form used for comparison: lower case, without accents, split at white space and
 * punctuation including apostrophes and hyphens; ligatures become two letters.
 */
export function wordsOf(text: string): readonly string[] {
  return text
    .toLowerCase()
    .normalize('NFD')
    .replace(/[\u0300-\u036F]/g, '')
    .replace(/œ/g, 'oe')
    .replace(/æ/g, 'ae')
    .replace(/ß/g, 'ss')
    .split(SEPARATORS)
    .filter((word) => word !== '');
}

// k6's runtime has no \p{L}, so words are split at white space and at ASCII and typographic punctuation.
const SEPARATORS = /[\s!-/:-@[-`{-~\u00A1-\u00BF\u2010-\u205E\u3000-\u303F]+/;
