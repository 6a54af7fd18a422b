/** Stable code of a {@link ReporterError}. */
export type ReporterErrorCode =
  | 'result_not_json'
  | 'result_wrong_kind'
  | 'result_wrong_version'
  | 'result_invalid'
  | 'assets_missing'
  | 'not_k6_output'
  | 'k6_other_test';

/** The only error class of this package: the message says what was wrong, what was expected, and what to do. */
export class ReporterError extends Error {
  readonly code: ReporterErrorCode;

  constructor(code: ReporterErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'ReporterError';
    this.code = code;
  }
}
