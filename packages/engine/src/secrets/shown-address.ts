/**
 * A text that should be a URL, for errors and notes: without credentials, and without its query, which may hold a key. Where the
 * text is no URL, or has an @ after its path, all before the last @ may be credentials.
 */
export function shownAddress(text: string): string {
  return (mayHoldLogin(text) ? text.replace(/^.*@/s, '***@') : text).replace(/[?#].*$/s, '');
}

function mayHoldLogin(text: string): boolean {
  if (!URL.canParse(text)) return true;
  const { protocol, username, password, search, hash } = new URL(text);
  // `ada:secret@host` is a URL with the scheme `ada`.
  if (!/^(https?|wss?):$/.test(protocol)) return true;
  return username !== '' || password !== '' || /@/.test(search + hash);
}
