/* oxlint-disable no-control-regex -- this module removes control characters */

/** Complete escape sequences: CSI, then OSC/DCS/SOS/PM/APC strings with their terminator, then ESC + one character. */
const SEQUENCES =
  /[\u001b]\[[0-?]*[ -/]*[@-~]|\u009b[0-?]*[ -/]*[@-~]|(?:\u001b[\]PX^_]|[\u009d\u0090\u0098\u009e\u009f])[^\u0007\u001b\u009c]*(?:\u0007|\u001b\\|\u009c)|\u001b[ -/]*[0-~]/g;
const LINE_BREAKS = /[\t\n\v\f\r\u0085\u2028\u2029]+/g;
/** Remaining characters of C0, DEL and C1. */
const CONTROLS = /[\u0000-\u001f\u007f-\u009f]/g;
/** Bidirectional controls, which reorder a line, and invisible characters. */
const INVISIBLE = /[\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\u{e0000}-\u{e007f}]/gu;
const LONE_SURROGATES = /\p{Surrogate}/gu;

/**
 * Makes text of unknown origin safe to print in one line of a terminal: escape sequences, control characters (C0,
 * DEL, C1), bidirectional overrides and invisible characters are removed, line breaks become spaces.
 */
export function escapeTerminal(text: string): string {
  return text
    .replace(SEQUENCES, '')
    .replace(LINE_BREAKS, ' ')
    .replace(CONTROLS, '')
    .replace(INVISIBLE, '')
    .replace(LONE_SURROGATES, '\ufffd');
}

/**
 * Disables workflow commands in a finished line: GitHub Actions runs `::name::` at the start of a line (also after
 * spaces) and `##[name]` anywhere, Azure `##vso[...]`, TeamCity `##teamcity[...]`. The display width is unchanged.
 */
export function defuseWorkflowCommands(line: string): string {
  return line.replace(/##(?=\w*\[)/g, '# ').replace(/^(\s*)::/, '$1: ');
}
