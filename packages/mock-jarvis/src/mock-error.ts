/** Stable reasons of a {@link MockError}. */
export type MockErrorCode =
  'child_failed' | 'child_not_built' | 'invalid_setting' | 'listen_failed' | 'port_in_use' | 'unknown_preset';

/** What this package throws: a wrong setting, or a server that could not start. Never a request that went wrong. */
export class MockError extends Error {
  readonly code: MockErrorCode;

  constructor(code: MockErrorCode, message: string, options?: { readonly cause?: unknown }) {
    super(message, options);
    this.name = 'MockError';
    this.code = code;
  }
}
