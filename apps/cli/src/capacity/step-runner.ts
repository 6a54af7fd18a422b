/**
 * Makes and judges the run of one step, with a document and a report of its own; `search-and-report.ts` drives the steps.
 *
 * Must hold:
 * - One step at a time. The caller opens and closes target and watch.
 * - What exceeds a ceiling of the target or of a base (users, rate, duration) is the outcome `refused`, not an error.
 * - After a signal the document of the run is written, if its load had begun, then `Interrupted` is thrown: that run is no step of
 *   the report.
 */
import { formatLevel, judgeStep, type StepOutcome, type StepPlan } from '@jarvis-load/capacity';
import type { RunResult } from '@jarvis-load/engine/result';
import { CliError, usageError } from '../cli-error.ts';
import type { CommandContext } from '../commands/command.ts';
import type { Format } from '../options/formats.ts';
import type { LoadSettings } from '../options/load-settings.ts';
import { formatDuration } from '../options/duration.ts';
import { Progress } from '../output/progress.ts';
import { newRunId } from '../results/run-id.ts';
import { writeRun } from '../results/run-directory.ts';
import { ELSEWHERE, writeFailure } from '../results/write-failure.ts';
import { renderViews } from '../results/select-views.ts';
import { Interrupted } from '../run/interruption.ts';
import type { ChosenTests } from '../run/chosen-tests.ts';
import { afterRun } from '../run/after-run.ts';
import { runOnTarget } from '../run/run-on-target.ts';
import type { OpenTarget } from '../target/open-target.ts';
import { levelShape } from './level-shape.ts';
import type { RecoveryWatch } from './recovery-watch.ts';

/** What every run of a search has in common. */
export interface StepSetting {
  readonly unit: 'rate' | 'users';
  readonly settings: LoadSettings;
  readonly tests: ChosenTests;
  readonly target: OpenTarget;
  /** Has a folder for each run. */
  readonly directory: string;
  readonly seed: number;
  /** A run without promises cannot be judged: an error, unless the steps are a sweep. */
  readonly needsPromises: boolean;
  readonly context: CommandContext;
}

/** Ends a run after 5 s with half of the requests failed (a plain load: 10 s, 90 %): a search exceeds the capacity on purpose. */
const CIRCUIT_BREAKER = { failureShare: 0.5, forMs: 5000 };
const FORMATS: readonly Format[] = ['html'];

export class StepRunner {
  readonly #of: StepSetting;
  readonly #watch: RecoveryWatch;
  readonly #progress: Progress;
  readonly #warned = new Set<string>();
  #runs = 0;
  #last: RunResult | undefined;

  constructor(of: StepSetting, watch: RecoveryWatch) {
    this.#of = of;
    this.#watch = watch;
    this.#progress = new Progress(of.context, { quiet: of.settings.quiet === true });
  }

  /** The document of the last run. */
  get last(): RunResult | undefined {
    return this.#last;
  }

  /**
   * Makes the run of a step, and waits until the target answers as before, for 30 s at most.
   *
   * @throws Interrupted after a signal; CliError exit 2, 3 or 4
   */
  async run(plan: StepPlan): Promise<StepOutcome> {
    const { unit, context } = this.#of;
    const again = plan.attempt === 1 ? '' : ', again';
    const what = `step ${plan.step}${again}: ${formatLevel(plan.level, unit)} for ${formatDuration(plan.durationMs)}`;
    this.#progress.say(`${what} (${plan.purpose}) ...`);
    const outcome = await this.#runOnce(plan);
    this.#progress.say(`${what}: ${sentence(outcome)}`);
    if (context.interruption.signal !== undefined) throw new Interrupted(context.interruption.signal);
    return outcome;
  }

  async #runOnce(plan: StepPlan): Promise<StepOutcome> {
    const { unit, settings, tests, target, directory, seed, context } = this.#of;
    const runId = newRunId(new Date());
    let result: RunResult;
    const progress = { say: () => undefined, warn: (text: string) => this.#warnOnce(text) };
    try {
      result = await runOnTarget({
        settings,
        target,
        tests,
        shape: levelShape(plan, unit, settings, tests.suite, target),
        runId,
        // A repeated step has another seed, hence other arrivals.
        seed: (seed + this.#runs++) % 2 ** 32,
        progress,
        circuitBreaker: CIRCUIT_BREAKER,
        context,
      });
    } catch (error) {
      if (error instanceof CliError && error.code === 'target-ceiling') return refused(error.message);
      throw error;
    }
    this.#last = result;
    try {
      writeRun(directory, runId, renderViews(result, settings.format ?? FORMATS));
    } catch (cause) {
      throw writeFailure('the reports of a step', directory, cause, ELSEWHERE);
    }
    await afterRun(result, { tests, target }, progress, context);
    if (context.interruption.signal !== undefined) throw new Interrupted(context.interruption.signal);
    if (this.#of.needsPromises && !hasPromises(result)) throw nothingPromised(settings);
    return judgeStep(result, await this.#watch.recovered());
  }

  #warnOnce(text: string): void {
    if (this.#warned.has(text)) return;
    this.#warned.add(text);
    this.#progress.warn(text);
  }
}

function sentence(outcome: StepOutcome): string {
  const { status, reasons, tightest, recovered } = outcome;
  const word = { pass: 'pass', fail: 'FAIL', busy: 'machine busy', refused: 'not allowed' }[status];
  const near = tightest === undefined ? '' : `${tightest.name} ${tightest.measured} of ${tightest.limit}`;
  const why = status === 'pass' ? near : (reasons[0] ?? '');
  return [word, why, recovered ? '' : 'the target did not recover within 30 s']
    .filter((part) => part !== '')
    .join(', ');
}

function refused(reason: string): StepOutcome {
  return {
    status: 'refused',
    reasons: [reason],
    unproven: [],
    figures: null,
    recovered: true,
    runId: null,
    startedAt: null,
  };
}

function hasPromises({ objectives, thresholds }: RunResult): boolean {
  return thresholds.length > 0 || objectives.some(({ aspect }) => aspect !== 'requestsPerSecond');
}

function nothingPromised({ objectives }: LoadSettings): CliError {
  return usageError(
    'no-promises',
    `nothing says when a load is too high: there are no thresholds${objectives === 'none' ? ', and --objectives=none' : ' and no objectives'}`,
    'a promise that the search can hold the target to',
    "give one, such as --threshold='p(95)<500'",
  );
}
