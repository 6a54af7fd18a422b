/** A text that should be a URL, for errors and notes: without credentials, and without its query, which may hold a key. */
export function withoutSecrets(address: string): string {
  return address.replace(/^.*@/s, '***@').replace(/[?#].*$/s, '');
}
