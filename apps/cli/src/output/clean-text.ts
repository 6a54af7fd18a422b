/* oxlint-disable no-control-regex -- this module removes control characters */

const SEQUENCES =
  /\u001b\[[0-?]*[ -/]*[@-~]|\u009b[0-?]*[ -/]*[@-~]|(?:\u001b[\]PX^_]|[\u009d\u0090\u0098\u009e\u009f])[^\u0007\u001b\u009c]*(?:\u0007|\u001b\\|\u009c)|\u001b[ -/]*[0-~]/g;
/** C0 except tab and line feed, DEL, C1, bidirectional controls and invisible characters. */
const CONTROLS =
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g;

/** Makes untrusted text safe to print in a terminal, over several lines. As all functions here it removes no secrets. */
export function cleanBlock(text: string): string {
  return text
    .replace(/\r\n?/g, '\n')
    .replace(SEQUENCES, '')
    .replace(CONTROLS, '')
    .replace(/\p{Surrogate}/gu, '\ufffd');
}

/** Makes untrusted text safe to print in a terminal, in one line. */
export function clean(text: string): string {
  return cleanBlock(text).replace(/[\t\n]+/g, ' ');
}

/** An HTML page from its start; its source is useless in a terminal. */
const HTML_PAGE = /<(?:!doctype\b|html\b|head\b|body\b)[^]*/i;

/** Longest part of a target's text in an error message, in characters. */
const MOST_QUOTED = 200;

/**
 * A target's answer for an error message: one line of at most 200 characters, so that an HTML page does not hide the
 * next step, and without workflow commands of pipelines (`##[error]`, `##vso[...]`).
 */
export function quote(text: string): string {
  const line = clean(text.replace(HTML_PAGE, 'a page of HTML'))
    .replace(/ {2,}/g, ' ')
    .trim()
    .replace(/##(?=\w*\[)/g, '# ');
  const characters = Array.from(line);
  return characters.length <= MOST_QUOTED ? line : `${characters.slice(0, MOST_QUOTED - 1).join('')}…`;
}
