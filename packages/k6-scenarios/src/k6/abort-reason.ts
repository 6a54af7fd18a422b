/**
 * Reason why one of these tests aborted. k6 exits with 108 for every abort, so the message carries a marker by which
 * the runner recognises it.
 */
export type AbortCode =
  'unreachable' | 'neither' | 'unavailable' | 'login-refused' | 'login-failed' | 'configuration';

/** An abort of one of these tests, parsed from k6's log. Unchecked: any line with the marker counts, with any code. */
export interface AbortReason {
  readonly code: AbortCode;
  /** Parts of it come from the target: untrusted text. */
  readonly text: string;
}

const MARKER = 'jarvis-load abort';
const PATTERN = /jarvis-load abort \[([a-z-]+)\]: ([\s\S]*)/;

/** The text for `exec.test.abort`. */
export function formatAbort({ code, text }: AbortReason): string {
  // On one line, because k6's log is parsed line by line.
  return `${MARKER} [${code}]: ${text.replace(/\s+/g, ' ')}`;
}

/** Finds such an abort in a message of k6; removes the source location that k6 appends. */
export function parseAbort(message: string): AbortReason | undefined {
  const found = PATTERN.exec(message);
  if (found === null) return undefined;
  const text = found[2] ?? '';
  return { code: found[1] as AbortCode, text: text.replace(/ at [^ ]*\(?file:\/\/.*$/, '').trim() };
}
