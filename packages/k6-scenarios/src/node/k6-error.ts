/** Stable code of a {@link K6Error}. */
export type K6ErrorCode = 'k6_missing' | 'k6_not_started' | 'bundle_missing' | 'unknown_test';

/** The only error class of this folder: the message says what was wrong, what was expected, and what to do. */
export class K6Error extends Error {
  readonly code: K6ErrorCode;

  constructor(code: K6ErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'K6Error';
    this.code = code;
  }
}
