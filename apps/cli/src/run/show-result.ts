import { relative } from 'node:path';
import type { RunResult } from '@jarvis-load/engine/result';
import { renderText } from '@jarvis-load/reporter';
import type { CommandContext } from '../commands/command.ts';
import type { LoadSettings } from '../options/load-settings.ts';
import { wantsColor, widthOf } from '../output/console.ts';
import { writeRun } from '../results/run-directory.ts';
import { renderViews } from '../results/select-views.ts';
import { writeFailure } from '../results/write-failure.ts';

/** Writes the views of a run and prints the summary, which is the command's data, to stdout. */
export function showResult(
  result: RunResult,
  {
    settings,
    reportDirectory,
    alsoWritten = [],
    context,
  }: {
    readonly settings: LoadSettings;
    readonly reportDirectory: string;
    /** Files that were written during the run. */
    readonly alsoWritten?: readonly string[];
    readonly context: CommandContext;
  },
): void {
  let written: readonly string[] = [];
  let failure: unknown;
  try {
    written = writeRun(reportDirectory, result.run.id, renderViews(result, settings.format));
  } catch (cause) {
    failure = cause;
  }
  const width = widthOf(context.out, context.environment);
  // Printed even when the views could not be written: it is then the only output of the run.
  context.out.write(
    renderText(result, {
      color: wantsColor(context.out, context.environment),
      ...(width === undefined ? {} : { width }),
      reports: [...written, ...alsoWritten].map((path) => relative(context.cwd, path)),
    }),
  );
  if (failure !== undefined)
    throw writeFailure(
      'the reports',
      reportDirectory,
      failure,
      'make room there, or choose another place with --report-dir, and run it again',
    );
}
