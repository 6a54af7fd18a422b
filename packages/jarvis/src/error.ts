/** Stable reasons of a {@link JarvisError}. `k6-test.ts` of k6-scenarios compares those of logins as text. */
export type JarvisErrorCode =
  | 'invalid_credentials_option'
  | 'invalid_option'
  | 'invalid_recording'
  | 'invalid_setting'
  | 'login_failed'
  | 'login_without_token'
  | 'not_offered'
  | 'unknown_dialect'
  | 'unknown_profile'
  | 'unknown_scenario';

/**
 * Error of this package: an invalid configuration, or a target that rejects the login. Never thrown for a failed
 * request. The command line reports every one as a mistake in the input (`isInputError` of the suites).
 */
export class JarvisError extends Error {
  readonly code: JarvisErrorCode;

  constructor(code: JarvisErrorCode, message: string, options?: { readonly cause?: unknown }) {
    super(message, options);
    this.name = 'JarvisError';
    this.code = code;
  }
}
