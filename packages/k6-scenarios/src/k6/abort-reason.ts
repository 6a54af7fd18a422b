/**
 * Reason why one of these tests aborted. k6 exits with 108 for every abort, so the message carries a marker by which
 * the runner recognises it.
 */
export type AbortCode =
  | 'unreachable'
  | 'neither'
  | 'unavailable'
  | 'login-refused'
  | 'login-failed'
  | 'configuration'
  /** A scenario ended the run by `user.stop`, or as a feeder had no more rows: what was measured is judged. */
  | 'stopped';

/** An abort of one of these tests, parsed from k6's log: a message that begins as k6 reports an abort, with a known code. */
export interface AbortReason {
  readonly code: AbortCode;
  /** Parts of it come from the target: untrusted text. */
  readonly text: string;
}

const MARKER = 'jarvis-load abort';
const PATTERN = /^test aborted: jarvis-load abort \[([a-z-]+)\]: ([\s\S]*)/;
const CODES: Readonly<Record<AbortCode, true>> = {
  unreachable: true,
  neither: true,
  unavailable: true,
  'login-refused': true,
  'login-failed': true,
  configuration: true,
  stopped: true,
};

/** The text for `exec.test.abort`. */
export function formatAbort({ code, text }: AbortReason): string {
  // On one line, because k6's log is parsed line by line.
  return `${MARKER} [${code}]: ${text.replace(/\s+/g, ' ')}`;
}

/** Finds such an abort in a message of k6; removes the source location that k6 appends. */
export function parseAbort(message: string): AbortReason | undefined {
  const [, code = '', text = ''] = PATTERN.exec(message) ?? [];
  if (!Object.hasOwn(CODES, code)) return undefined;
  return { code: code as AbortCode, text: text.replace(/ at (?:[^ ]+ \()?file:\/\/.*$/, '').trim() };
}
