/* oxlint-disable no-control-regex -- this module removes control characters */

/** C0 except tab and line breaks, DEL, C1, and bidirectional controls. */
const UNPRINTABLE =
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

const LONE_SURROGATES = /\p{Surrogate}/gu;

/**
 * One CSV cell, RFC 4180. Numbers stay numbers. Text that a spreadsheet would run as a formula (first character
 * `=`, `+`, `-`, `@`, tab or carriage return) gets a leading apostrophe; control characters but tab and line breaks
 * are removed.
 */
export function escapeCsv(cell: string | number): string {
  if (typeof cell === 'number') return Number.isFinite(cell) ? String(cell) : 'N/A';
  const printable = cell.replace(UNPRINTABLE, '').replace(LONE_SURROGATES, '\ufffd');
  const guarded = /^[=+\-@\t\r]/.test(printable) ? `'${printable}` : printable;
  return /[",\r\n]/.test(guarded) ? `"${guarded.replaceAll('"', '""')}"` : guarded;
}
