import { statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { describeError } from '../describe-error.ts';
import type { CommandContext } from '../commands/command.ts';
import { surviveStrayErrors } from '../run/stray-errors.ts';
import { sourcesRead } from './compile-file.ts';
import { dataFilesOf } from './data-files.ts';
import { strayError } from './stray-error.ts';

/** How often the files are looked at, between runs only. */
const POLL_MS = 200;

type WatchContext = Pick<CommandContext, 'cwd' | 'err' | 'interruption' | 'redactor'>;

const stampOf = (path: string): number => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;

/**
 * Runs again whenever the test file, a neighbour that it imports or a file that they name is saved, until a signal arrives. Errors are
 * shown, and do not end it.
 *
 * @param run runs once; it tells when the file is read; where it could not be, its folder is watched too
 */
export async function watchSources(
  given: string,
  run: (onRead: () => void) => Promise<unknown>,
  context: WatchContext,
): Promise<void> {
  const main = resolve(context.cwd, given);
  const show = (error: unknown): void =>
    void context.err.write(`${context.redactor.text(describeError(error, false).text)}\n`);
  const endSurvival = surviveStrayErrors((error) => show(strayError(error) ?? error));
  while (context.interruption.signal === undefined) {
    let isRead = false;
    const startedAt = Date.now();
    try {
      await run(() => (isRead = true));
    } catch (error) {
      if (context.interruption.signal !== undefined) break;
      show(error);
    }
    const sources = sourcesRead(main);
    const watched = [
      ...new Set([
        main,
        ...sources,
        ...dataFilesOf(sources, context.cwd),
        // A file that cannot be read may lack a neighbour, which appears in its folder.
        ...(isRead ? [] : [dirname(main)]),
      ]),
    ];
    context.err.write(`\nwatching ${given}; saving it runs it again, Ctrl-C ends it\n`);
    await changed(watched, startedAt, context);
  }
  endSurvival();
}

/**
 * Resolves at once when one of the paths has changed between a moment and now; else when one changes, and has then stayed the same
 * between two looks: an editor may write in steps, or replace the file by another. Resolves as well when a signal arrives.
 */
function changed(paths: readonly string[], sinceMs: number, { interruption }: WatchContext): Promise<void> {
  const before = paths.map(stampOf);
  let last = before;
  // Saved while the run was on; the time of a file is a little behind the clock.
  if (before.some((stamp) => stamp > sinceMs)) return Promise.resolve();
  return new Promise((done) => {
    const timer = setInterval(() => {
      const now = paths.map(stampOf);
      const isSettled = now.every((stamp, index) => stamp === last[index]);
      last = now;
      if (isSettled && now.some((stamp, index) => stamp !== before[index])) end();
    }, POLL_MS);
    const off = interruption.onStop(() => end());
    function end(): void {
      clearInterval(timer);
      // Called at once if the signal has already arrived.
      queueMicrotask(() => off());
      done();
    }
  });
}
