/** Stable reasons of a {@link MockError}. */
export type MockErrorCode =
  'child_failed' | 'child_not_built' | 'invalid_setting' | 'listen_failed' | 'port_in_use' | 'unknown_preset';

/** Error of this package: an invalid setting, or a mock that could not start or has ended. Never thrown for a failed request. */
export class MockError extends Error {
  readonly code: MockErrorCode;

  constructor(code: MockErrorCode, message: string, options?: { readonly cause?: unknown }) {
    super(message, options);
    this.name = 'MockError';
    this.code = code;
  }
}
