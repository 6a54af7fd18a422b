/* oxlint-disable no-control-regex -- this module escapes control characters */

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
  '`': '&#96;',
};
/** C0, DEL and C1 except tab and line feed: shown as `\x1b`. */
const CONTROLS = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g;
/** Bidirectional controls, lone surrogates and invisible characters: shown as the replacement character. */
const UNPRINTABLE =
  /[\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\u{e0000}-\u{e007f}]|\p{Surrogate}/gu;

/** Makes a value safe as HTML text and in a quoted attribute. Control characters are shown as visible escapes. */
export function escapeHtml(value: string | number | undefined): string {
  if (value === undefined) return '';
  return String(value)
    .replace(/\r\n/g, '\n')
    .replace(CONTROLS, (character) => `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`)
    .replace(UNPRINTABLE, '\ufffd')
    .replace(/[&<>"'`]/g, (character) => ENTITIES[character] ?? '');
}
