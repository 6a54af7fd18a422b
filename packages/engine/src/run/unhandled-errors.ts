import { OF_NO_SCENARIO } from '../result/error-groups.ts';
import { Interrupted } from '../user/interrupted.ts';
import type { CompiledRun } from './compile.ts';

/**
 * Listens while a run is on for rejections and exceptions that no code handles: without a listener Node ends the
 * process, and with it a run without a result. Whose code it was cannot be told cheaply, so those of the program that
 * embeds the engine are reported, too. One for each thread.
 */
export class UnhandledErrors {
  readonly #onRejection: (reason: unknown) => void;
  readonly #onException: ((error: unknown) => void) | undefined;

  /**
   * @param rejected a promise was rejected, and the run can go on
   * @param thrown code called by a timer or a socket threw, which leaves unknown state behind; without it Node does as
   * it would: a worker thread ends, and the run with it
   */
  constructor(rejected: (error: Error) => void, thrown?: (error: Error) => void) {
    this.#onRejection = (reason) => {
      // Code that the run cut off, and that did not await what it had begun.
      if (!(reason instanceof Interrupted)) rejected(named('Unhandled rejection', reason));
    };
    this.#onException = thrown && ((error) => thrown(named('Uncaught exception', error)));
    process.on('unhandledRejection', this.#onRejection);
    if (this.#onException !== undefined) process.on('uncaughtException', this.#onException);
  }

  close(): void {
    process.off('unhandledRejection', this.#onRejection);
    if (this.#onException !== undefined) process.off('uncaughtException', this.#onException);
  }
}

/** Whose exceptions they are taken for: those of the scenario where there is but one. */
export function ownerOfUnhandled({ scenarios }: CompiledRun): number {
  return scenarios.length === 1 ? 0 : OF_NO_SCENARIO;
}

/** The error as an exception of the result shows it: what it was, how it came there, and its own stack. */
function named(name: string, cause: unknown): Error {
  const message = cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause);
  const error = new Error(message, { cause });
  error.name = name;
  error.stack = cause instanceof Error ? `${name}: ${cause.stack ?? message}` : `${name}: ${message}`;
  return error;
}
