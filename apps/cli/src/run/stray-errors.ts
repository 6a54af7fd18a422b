import { recordsUnhandledErrors } from '@jarvis-load/engine';

/** Errors of this process that no code handles: rejections, and throws of timers and sockets. */
const EVENTS = ['uncaughtException', 'unhandledRejection'] as const;

type Source = Pick<NodeJS.Process, 'on'>;

let shown: ((error: unknown) => void) | undefined;

/**
 * Gives errors that no code handles to `end`.
 *
 * Must hold: while a run is on nothing happens here, because the run records such errors and still has a result. Listeners of a test
 * file or of its libraries change nothing.
 */
export function onStrayErrors(
  end: (error: unknown) => void,
  source: Source = process,
  isRecorded = recordsUnhandledErrors,
): void {
  for (const event of EVENTS)
    source.on(event, (error: unknown) => {
      if (isRecorded()) return;
      (shown ?? end)(error);
    });
}

/** Shows such errors in place of ending the program, until the returned function is called. */
export function surviveStrayErrors(show: (error: unknown) => void): () => void {
  shown = show;
  return () => (shown = undefined);
}
