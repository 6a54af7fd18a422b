import { OF_NO_SCENARIO } from '../result/error-groups.ts';
import { Interrupted } from '../user/interrupted.ts';
import type { CompiledRun } from '../model/compiled-run.ts';
import { namedReasonOf, stackOf } from '../show.ts';

/**
 * Listens while a run is on for rejections and exceptions that no code handles: without a listener Node ends the
 * process, and the run has no result. One for each thread of each run.
 *
 * Must hold:
 * - The coordinator calls `close` when the run is over, also after an error: until then Node's own handling stays off. A worker
 *   ends without it.
 * - Every run of this thread gets every error, those of the embedding program too: their origin is not known.
 */
export class UnhandledErrors {
  readonly rejected: (error: Error) => void;
  readonly thrown: ((error: Error) => void) | undefined;

  /**
   * @param rejected a promise was rejected, and the run can go on
   * @param thrown code called by a timer or a socket threw, which leaves unknown state behind: it ends the run, or the
   * worker thread and with it the run
   */
  constructor(rejected: (error: Error) => void, thrown?: (error: Error) => void) {
    this.rejected = rejected;
    this.thrown = thrown;
    if (!listening.some((one) => one.thrown !== undefined) && thrown !== undefined) {
      process.on('uncaughtException', onException);
    }
    if (listening.length === 0) process.on('unhandledRejection', onRejection);
    listening.push(this);
  }

  close(): void {
    const place = listening.indexOf(this);
    if (place < 0) return;
    listening.splice(place, 1);
    if (listening.length === 0) process.off('unhandledRejection', onRejection);
    if (!listening.some(({ thrown }) => thrown !== undefined)) process.off('uncaughtException', onException);
  }
}

/** Every run of this thread: one listener of the process for all of them, of which Node allows ten before it warns. */
const listening: UnhandledErrors[] = [];

function onRejection(reason: unknown): void {
  // Interrupted code that did not await its requests.
  if (reason instanceof Interrupted) return;
  const error = named('Unhandled rejection', reason);
  for (const one of listening.slice()) one.rejected(error);
}

function onException(cause: unknown): void {
  const error = named('Uncaught exception', cause);
  for (const one of listening.slice()) one.thrown?.(error);
}

/** Whether a run is on that records what no code of this thread handles. */
export function recordsUnhandledErrors(): boolean {
  return listening.length > 0;
}

/** Index of the scenario that unhandled errors are assigned to: the only one, or none. */
export function ownerOfUnhandled({ scenarios }: CompiledRun): number {
  return scenarios.length === 1 ? 0 : OF_NO_SCENARIO;
}

/** The error as an exception of the result shows it: what it was, how it came there, and its own stack. */
function named(name: string, cause: unknown): Error {
  const message = namedReasonOf(cause);
  const error = new Error(message, { cause });
  error.name = name;
  error.stack = `${name}: ${stackOf(cause) ?? message}`;
  return error;
}
