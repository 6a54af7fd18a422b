/**
 * Word error rate: the fewest words to replace, leave out or add that turn what was heard into what was said, divided by
 * the number of words said (Levenshtein distance over words, as NIST's sclite counts). 0 is all right; an empty text is 1;
 * added words can bring it above 1. Case, punctuation and accents do not count; numbers are not spelled out.
 * @param said the reference; NaN when it has no word
 */
export function wordErrorRate(said: string, heard: string): number {
  const wanted = wordsOf(said);
  const found = wordsOf(heard);
  // Distances of the words looked at so far to each beginning of the other text: one row of the table at a time.
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
 * The words of a text as they are compared: lower case, without accents, split at white space and at anything that is
 * punctuation, apostrophes and hyphens included; ligatures as two letters.
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

// k6's runtime has no \p{L}: letters are what is neither white space nor ASCII or typographic punctuation.
const SEPARATORS = /[\s!-/:-@[-`{-~\u00A1-\u00BF\u2010-\u205E\u3000-\u303F]+/;
