/**
 * Makes the runs of searches or of a sweep on one target, one after another, and writes one report with a folder for each run
 * beside it.
 *
 * Must hold:
 * - There is a report after the last step, or after a signal if a run has its document by then: with the steps so far. After
 *   any other error there is none, only the folders of the runs.
 * - The target and the watch are closed on every path, before the report is made.
 */
import { randomInt } from 'node:crypto';
import { createRequire } from 'node:module';
import { join, relative } from 'node:path';
import {
  capacityReport,
  driveSteps,
  type CapacityReport,
  type CapacityRound,
  type StepSource,
} from '@jarvis-load/capacity';
import { renderCapacityHtml, renderCapacityJson, renderCapacityText } from '@jarvis-load/reporter';
import type { CommandContext } from '../commands/command.ts';
import { checkStepLength } from '../guard/ceilings.ts';
import type { LoadSettings } from '../options/load-settings.ts';
import { wantsColor, widthOf } from '../output/console.ts';
import { prepareReportDirectory, writeViews } from '../results/run-directory.ts';
import { newRunId } from '../results/run-id.ts';
import { ELSEWHERE, writeFailure } from '../results/write-failure.ts';
import type { ChosenTests } from '../run/chosen-tests.ts';
import { Interrupted } from '../run/interruption.ts';
import { openTarget } from '../target/open-target.ts';
import { RecoveryWatch } from './recovery-watch.ts';
import { StepRunner } from './step-runner.ts';

/** A search or a sweep. */
export interface StepsRequest {
  readonly mode: CapacityReport['mode'];
  readonly unit: CapacityReport['unit'];
  readonly settings: LoadSettings;
  readonly tests: ChosenTests;
  readonly precision: number | null;
  /** The longest run that there may be, and the flags that set it. */
  readonly longest: { readonly durationMs: number; readonly flags: string };
  /** One for each search. */
  readonly sources: readonly (StepSource & { readonly answer?: CapacityRound['answer'] | undefined })[];
  readonly context: CommandContext;
}

const { version } = createRequire(import.meta.url)('../../package.json') as { version: string };

/**
 * Makes the runs, and writes and prints the report.
 *
 * @returns the report as measured, secrets included: only what is written and printed has passed the redactor
 * @throws CliError exit 2, 3 or 4; MockError of `openTarget`; Interrupted after a signal before the first document
 */
export async function runSteps(request: StepsRequest): Promise<CapacityReport> {
  const { settings, tests, sources, context } = request;
  const id = `${request.mode === 'sweep' ? 'sweep' : 'capacity'}-${newRunId(new Date())}`;
  const directory = prepareReportDirectory(join(settings.reportDir ?? 'results', id), context.cwd);
  const startedAt = new Date().toISOString();
  const target = await context.interruption.race(openTarget(settings, tests.mockSettings, context));
  const watch = new RecoveryWatch(tests.suite, target, settings, id, context.interruption);
  const runner = new StepRunner(
    {
      ...request,
      needsPromises: request.mode === 'search',
      target,
      directory,
      seed: settings.seed ?? randomInt(2 ** 31),
    },
    watch,
  );
  let interrupted: Interrupted | undefined;
  try {
    if (target.ceilings !== undefined)
      checkStepLength(request.longest.durationMs, target.ceilings, request.longest.flags);
    await watch.begin();
    for (const source of sources) await driveSteps(source, (plan) => runner.run(plan));
  } catch (error) {
    if (!(error instanceof Interrupted) || runner.last === undefined) throw error;
    interrupted = error;
  } finally {
    await watch.close();
    await target.close();
  }
  const report = capacityReport({
    generator: { name: 'jarvis-load', version },
    id,
    startedAt,
    mode: request.mode,
    unit: request.unit,
    target: { name: target.name, url: target.baseUrl },
    scenarios: tests.scenarios.map(({ name }) => name),
    precision: request.precision,
    rounds: sources.map(({ answer, steps }) => ({ answer: answer ?? null, steps })),
    notes: interrupted === undefined ? [] : [`ended by ${interrupted.signal} before its end`],
  });
  showReport(context.redactor.texts(report), directory, context);
  return report;
}

/**
 * Writes and prints the report of a search or sweep.
 * @param report has passed the redactor
 * @throws CliError exit 2 if it could not be written, after it was printed
 */
export function showReport(report: CapacityReport, directory: string, context: CommandContext): void {
  const width = widthOf(context.out, context.environment);
  const text = renderCapacityText(report, width === undefined ? {} : { width });
  let written: readonly string[] = [];
  let failure: unknown;
  try {
    written = writeViews(directory, [
      { fileName: 'capacity.json', content: renderCapacityJson(report) },
      { fileName: 'capacity.html', content: renderCapacityHtml(report) },
      { fileName: 'capacity.txt', content: text },
    ]);
  } catch (cause) {
    failure = cause;
  }
  const color = wantsColor(context.out, context.environment);
  context.out.write(
    color ? renderCapacityText(report, { color, ...(width === undefined ? {} : { width }) }) : text,
  );
  if (failure !== undefined) throw writeFailure('the report', directory, failure, ELSEWHERE);
  context.out.write(`\n  ${written.map((path) => relative(context.cwd, path)).join('\n  ')}\n`);
}
