/**
 * The beginning of a text for a tag of a sample, which k6 writes before anything can be redacted: at most `length` characters, and
 * not cut within a word, as half of a secret is not found later. A quote ends a word, too.
 */
export function cutText(text: string, length: number): string {
  if (text.length <= length) return text;
  const cut = text.slice(0, length);
  return /[\s'"`]/.test(text.charAt(length)) ? cut : cut.replace(/[^\s'"`]+$/, '');
}
