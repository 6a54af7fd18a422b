/** Share of the words of `said` that occur in `heard`, case and punctuation aside: 0 to 1; 0 when nothing was said. */
export function sharedWords(said: string, heard: string): number {
  const wanted = words(said);
  if (wanted.length === 0) return 0;
  const there = new Set(words(heard));
  return wanted.filter((word) => there.has(word)).length / wanted.length;
}

// k6's runtime has no \p{L}: letters are what is neither white space nor ASCII or typographic punctuation.
const words = (text: string): readonly string[] =>
  text
    .toLowerCase()
    .split(/[\s!-/:-@[-`{-~’«»…]+/)
    .filter((word) => word !== '');
