/** Every code of {@link EngineError} and its meaning. A test compares this table with the documentation. */
export const ENGINE_ERROR_CODES = {
  'invalid-option': 'An option of a run, a scenario or an executor has an invalid value.',
  'invalid-duration': 'A duration is neither a number of milliseconds nor text such as 1m30s.',
  'invalid-threshold':
    'A threshold expression or its metric selector cannot be parsed or does not fit the metric.',
  'invalid-scenario': 'A scenario definition is contradictory or incomplete.',
  'invalid-histogram': 'An encoded histogram cannot be read.',
  'thread-died': 'A thread of the generator could not be started, or ended before its work was done.',
  'target-not-allowed': 'The option `allow` does not permit this target, or not this much load.',
  'not-enough-descriptors': 'The run needs more open files or local ports than this process can have.',
  'setup-timeout':
    'A `setup` or `onStart` exceeded its time limit (`timeouts.setupMs`), or scenario code blocked a thread for that long.',
  'output-failed': 'An output that the run requires could not be started.',
  'invalid-snapshot': 'A serialised snapshot, or another part of the record of a run, cannot be read.',
  'wrong-state': 'The state of the run or of the session does not allow this call.',
  'invalid-request': 'Scenario code made an invalid request.',
} as const satisfies Readonly<Record<string, string>>;

/** Stable identification of the error, for programs. */
export type EngineErrorCode = keyof typeof ENGINE_ERROR_CODES;

/**
 * What the engine cannot do: a wrong configuration, call or request, an output that fails, or a bug of the engine. Failures of the
 * target are never thrown: they are part of the result. The message says what was wrong, what was expected and what to do.
 */
export class EngineError extends Error {
  override readonly name = 'EngineError';
  readonly code: EngineErrorCode;

  constructor(code: EngineErrorCode, message: string, options?: { readonly cause?: unknown }) {
    super(message, options);
    this.code = code;
  }
}
