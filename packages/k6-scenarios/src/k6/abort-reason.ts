/**
 * Why a test of ours stopped itself. k6 exits with 108 for every abort, so the reason carries a marker by which the
 * runner tells ours from others.
 */
export type AbortCode =
  'unreachable' | 'neither' | 'unavailable' | 'login-refused' | 'login-failed' | 'configuration';

/** An abort of ours, as it was read from k6's log. */
export interface AbortReason {
  readonly code: AbortCode;
  /** Parts of it come from the target: hostile text. */
  readonly text: string;
}

const MARKER = 'jarvis-load abort';
const PATTERN = /jarvis-load abort \[([a-z-]+)\]: ([\s\S]*)/;

/** The text for `exec.test.abort`. */
export function formatAbort({ code, text }: AbortReason): string {
  // One line, so that a line of k6's log holds all of it.
  return `${MARKER} [${code}]: ${text.replace(/\s+/g, ' ')}`;
}

/** Finds an abort of ours in a message of k6; the place that k6 adds to it is cut off. */
export function parseAbort(message: string): AbortReason | undefined {
  const found = PATTERN.exec(message);
  if (found === null) return undefined;
  const text = found[2] ?? '';
  return { code: found[1] as AbortCode, text: text.replace(/ at [^ ]*\(?file:\/\/.*$/, '').trim() };
}
