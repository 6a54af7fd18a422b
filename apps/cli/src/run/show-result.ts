import { existsSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { RunResult } from '@jarvis-load/engine/result';
import { renderClosing, renderText } from '@jarvis-load/reporter';
import { reportRunToGithub } from '../ci/github-report.ts';
import type { CommandContext } from '../commands/command.ts';
import { reasonOfExit, type Compared } from '../comparison/baseline.ts';
import { showComparison } from '../comparison/show-comparison.ts';
import { baselineViews } from '../comparison/write-comparison.ts';
import type { LoadSettings } from '../options/load-settings.ts';
import { wantsColor, widthOf } from '../output/console.ts';
import { LOG_NAME } from '../results/interval-log.ts';
import { writeRun } from '../results/run-directory.ts';
import { renderViews, type ViewFile } from '../results/select-views.ts';
import { ELSEWHERE, writeFailure } from '../results/write-failure.ts';
import { exitOfResult } from './exit-of-result.ts';
import { keepLastLines } from './last-lines.ts';

/**
 * Options of {@link showResult}, which removes no secrets: its result has passed `finish` of the prepared run, or comes from
 * files that hold none.
 */
interface Shown {
  readonly settings: LoadSettings;
  readonly reportDirectory: string;
  /** Files that were written during the run. */
  readonly alsoWritten?: readonly string[];
  readonly compared?: Compared | undefined;
  /** Exit code of the run alone. @default that of its document */
  readonly exit?: number;
  readonly context: CommandContext;
}

/**
 * Writes the views of a run and of its comparison with a baseline, prints the summary, which is the command's data, to
 * stdout, and tells the pipeline. Returns the absolute paths of these views, without `alsoWritten`.
 *
 * @throws CliError exit 2 after all of that, if the views could not be written: the journal must then stay
 */
export function showResult(result: RunResult, options: Shown): readonly string[] {
  const { reportDirectory, alsoWritten = [], compared, exit = exitOfResult(result), context } = options;
  let written: readonly string[] = [];
  let failure: unknown;
  try {
    written = writeRun(reportDirectory, result.run.id, views(result, options));
  } catch (cause) {
    failure = cause;
  }
  const width = widthOf(context.out, context.environment);
  const look = {
    color: wantsColor(context.out, context.environment),
    ...(width === undefined ? {} : { width }),
  };
  const reports = [...written, ...alsoWritten].map((path) => relative(context.cwd, path));
  // Printed even when the views could not be written: it is then the only output of the run.
  const { summary } = options.settings;
  const columns = summary === 'k6' ? { columns: summary } : {};
  if (summary !== 'short') context.out.write(renderText(result, { ...look, ...columns, reports }));
  if (compared !== undefined) showComparison(compared, context);
  const report = reports.find((path) => path.endsWith('report.html')) ?? reports[0];
  const remark = compared && reasonOfExit(exit, compared);
  const closing = renderClosing(result, report, { ...look, ...(remark === undefined ? {} : { remark }) });
  context.out.write(closing);
  keepLastLines(closing, context.environment);
  reportRunToGithub(result, written, context, compared);
  if (failure !== undefined) throw writeFailure('the reports', reportDirectory, failure, ELSEWHERE);
  return written;
}

function* views(result: RunResult, { settings, reportDirectory, compared }: Shown): Generator<ViewFile> {
  const logged = existsSync(join(reportDirectory, result.run.id, LOG_NAME));
  yield* renderViews(result, settings.format, { logged, comparison: compared?.outcome.comparison });
  if (compared !== undefined) yield* baselineViews(compared);
}
