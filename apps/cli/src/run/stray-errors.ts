/** Errors of this process that no code handles: rejections, and throws of timers and sockets. */
const EVENTS = ['uncaughtException', 'unhandledRejection'] as const;

type Source = Pick<NodeJS.Process, 'on' | 'listenerCount'>;

let shown: ((error: unknown) => void) | undefined;

/**
 * Gives errors that no code handles to `end`.
 *
 * Must hold: while a run is on, the engine listens as well; then nothing happens here, because the run records such errors and
 * still has a result.
 */
export function onStrayErrors(end: (error: unknown) => void, source: Source = process): void {
  for (const event of EVENTS)
    source.on(event, (error: unknown) => {
      if (source.listenerCount(event) > 1) return;
      (shown ?? end)(error);
    });
}

/** Shows such errors in place of ending the program, until the returned function is called. */
export function surviveStrayErrors(show: (error: unknown) => void): () => void {
  shown = show;
  return () => (shown = undefined);
}
