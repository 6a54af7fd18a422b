/** What passwords, tokens and keys are mostly made of; not the letters of Chinese or Japanese, which have no spaces between words. */
const PART_OF_SECRET = /[!-~]/;
const LAST_PART = /[!#-&(-_a-~]+$/;

/**
 * The beginning of a text for a tag of a sample, which k6 writes before anything can be redacted: at most `length` characters, and
 * not cut within a word, as half of a secret is not found later. A quote ends a word, too.
 */
export function cutText(text: string, length: number): string {
  if (text.length <= length) return text;
  const cut = text.slice(0, length);
  return PART_OF_SECRET.test(text.charAt(length)) ? cut.replace(LAST_PART, '') : cut;
}
