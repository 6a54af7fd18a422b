/** A text that should be a URL, for errors and notes: without credentials, and without its query, which may hold a key. */
export function shownAddress(text: string): string {
  return text.replace(/^.*@/s, '***@').replace(/[?#].*$/s, '');
}
