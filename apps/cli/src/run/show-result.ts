import { relative } from 'node:path';
import type { RunResult } from '@jarvis-load/engine/result';
import { renderText } from '@jarvis-load/reporter';
import type { CommandContext } from '../commands/command.ts';
import type { LoadSettings } from '../options/load-settings.ts';
import { wantsColor, widthOf } from '../output/console.ts';
import { writeRun } from '../results/run-directory.ts';
import { renderViews } from '../results/select-views.ts';

/** Writes the views of a run and shows the summary, which is the command's data: it goes to stdout. */
export function showResult(
  result: RunResult,
  {
    settings,
    reportDirectory,
    context,
  }: {
    readonly settings: LoadSettings;
    readonly reportDirectory: string;
    readonly context: CommandContext;
  },
): void {
  const written = writeRun(reportDirectory, result.run.id, renderViews(result, settings.format));
  const width = widthOf(context.out, context.environment);
  context.out.write(
    renderText(result, {
      color: wantsColor(context.out, context.environment),
      ...(width === undefined ? {} : { width }),
      reports: written.map((path) => relative(context.cwd, path)),
    }),
  );
}
