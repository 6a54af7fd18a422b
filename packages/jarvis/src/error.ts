/** Stable reasons of a {@link JarvisError}. */
export type JarvisErrorCode =
  | 'invalid_credentials_option'
  | 'invalid_option'
  | 'invalid_recording'
  | 'invalid_setting'
  | 'login_failed'
  | 'login_without_token'
  | 'unknown_dialect'
  | 'unknown_profile'
  | 'unknown_scenario';

/** What this package throws: a wrong configuration, or a target that lets no user in. Never a failed request. */
export class JarvisError extends Error {
  readonly code: JarvisErrorCode;

  constructor(code: JarvisErrorCode, message: string, options?: { readonly cause?: unknown }) {
    super(message, options);
    this.name = 'JarvisError';
    this.code = code;
  }
}
