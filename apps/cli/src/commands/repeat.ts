import { join, relative } from 'node:path';
import { obstaclesBetween, obstaclesIn, spreadOfRuns, type Tolerances } from '@jarvis-load/compare';
import type { RunResult } from '@jarvis-load/engine/result';
import { errorOf } from '@jarvis-load/engine/show';
import { renderSpreadText } from '@jarvis-load/reporter';
import { CliError } from '../cli-error.ts';
import { reportComparisonsToGithub, reportRefusalToGithub } from '../ci/github-report.ts';
import { compareSides } from '../comparison/compare-sides.ts';
import type { Side } from '../comparison/read-side.ts';
import { refusedComparison } from '../comparison/refuse-comparison.ts';
import { comparisonText, comparisonViews } from '../comparison/write-comparison.ts';
import { describeError } from '../describe-error.ts';
import { exitCode } from '../exit-codes.ts';
import { tolerancesFrom } from '../options/compare-flags.ts';
import { REPEAT_FLAGS, type RepeatSettings } from '../options/repeat-flags.ts';
import { writtenAs } from '../options/resolve-settings.ts';
import { clean } from '../output/clean-text.ts';
import { wantsColor, widthOf } from '../output/console.ts';
import { exitOfRounds } from '../repeat/exit-of-rounds.ts';
import { readRepetition, type Repetition } from '../repeat/read-words.ts';
import { runLoad } from '../repeat/run-load.ts';
import { prepareReportDirectory, writeViews } from '../results/run-directory.ts';
import { newRunId } from '../results/run-id.ts';
import { ELSEWHERE, writeFailure } from '../results/write-failure.ts';
import { Interrupted } from '../run/interruption.ts';
import { defineCommand, type CommandContext } from './command.ts';

/** Fewer runs have no spread. */
const LEAST_RUNS = 2;
const NAMES = ['base', 'new'] as const;

/**
 * `repeat`: the same load several times, or two loads in turns, with intervals over the runs. A round counts as a whole, or not
 * at all.
 */
export const repeat = defineCommand<RepeatSettings>({
  name: 'repeat',
  summary: 'Repeats a load, or two in turns (A B A B), and says what differs, with intervals over the runs',
  argument: {
    name: '<n...>',
    description:
      'How often; then -- load and its flags; for a second side, -- and the flags that it has besides, such as another --target',
  },
  flags: REPEAT_FLAGS,
  examples: [
    'npx jarvis-load repeat 5 -- load --target=mock',
    'npx jarvis-load repeat 5 -- load --profile=smoke --target=blue -- --target=green',
  ],
  async run(settings, context, _first, words) {
    const { times, sides } = readRepetition(words, context.environment);
    const tolerances = tolerancesFrom(settings.tolerance, writtenAs(settings, 'tolerance'));
    const directory = prepareReportDirectory(
      join(settings.reportDir ?? 'results', `repeat-${newRunId(new Date())}`),
      context.cwd,
    );
    const debug = settings.debug === true;
    const { rounds, failure } = await runRounds({ times, sides }, directory, context);
    // A round counts as a whole: its runs stand beside each other.
    const valid = rounds.filter((runs) => obstaclesBetween(runs.slice(0, 1), runs.slice(1)).length === 0);
    if (failure !== undefined) {
      if (rounds.length === 0 && !(failure instanceof Interrupted)) throw failure;
      const where = `round ${rounds.length + 1} of ${times}`;
      const kept = relative(context.cwd, directory) || directory;
      if (valid.length < LEAST_RUNS)
        return stopped(failure, `in ${where}; its runs are in ${kept}`, context, debug);
      const exit = stopped(
        failure,
        `in ${where}; what follows is of the ${valid.length} of ${rounds.length} rounds before it that can be used`,
        context,
        debug,
      );
      show(valid, sides.length, directory, { context, tolerances });
      return exit;
    }
    if (valid.length < LEAST_RUNS) throw tooFewRounds(rounds, valid.length);
    return show(valid, sides.length, directory, { context, tolerances });
  },
});

/** All rounds, or those before the one that failed or was interrupted. */
interface Rounds {
  readonly rounds: readonly (readonly RunResult[])[];
  readonly failure: Error | undefined;
}

async function runRounds(
  { times, sides }: Repetition,
  directory: string,
  context: CommandContext,
): Promise<Rounds> {
  const rounds: RunResult[][] = [];
  for (let round = 1; round <= times; round++) {
    const runs: RunResult[] = [];
    for (const [index, flags] of sides.entries()) {
      const name = NAMES[index]!;
      try {
        const result = await runLoad(flags, join(directory, name), context);
        runs.push(result);
        const remark = obstaclesIn(result).map(({ text }) => clean(text));
        const said = remark.length === 0 ? result.verdict.status : `left out: ${remark.join('; ')}`;
        context.err.write(
          `${round} of ${times}${sides.length > 1 ? ` ${name}` : ''}: ${result.run.id} ${said}\n`,
        );
      } catch (failure) {
        return { rounds, failure: errorOf(failure) };
      }
    }
    rounds.push(runs);
  }
  return { rounds, failure: undefined };
}

/** Says why the rounds ended early. @returns the exit code, which a signal decides itself */
function stopped(failure: Error, where: string, context: CommandContext, debug: boolean): number {
  if (failure instanceof Interrupted) {
    context.err.write(`interrupted by ${failure.signal} ${where}\n`);
    return exitCode('not-valid');
  }
  const shown = describeError(failure, debug);
  context.err.write(`${context.redactor.text(shown.text)}\nended ${where}\n`);
  return shown.exitCode;
}

/** Shows what differs between two sides, or the spread of one. @returns the exit code */
function show(
  valid: readonly (readonly RunResult[])[],
  sides: number,
  directory: string,
  { context, tolerances }: { readonly context: CommandContext; readonly tolerances: Tolerances },
): number {
  if (sides === 1) return showSpread(valid.flat(), context);
  const [base, candidate] = NAMES.map((name, index): Side => ({
    given: join(directory, name),
    runs: valid.map((runs) => runs[index]!),
    isCollection: false,
    notes: [],
  }));
  const outcome = compareSides(base!, candidate!, {
    tolerances,
    force: false,
    paired: true,
  });
  if (outcome.comparison === undefined) {
    reportRefusalToGithub(outcome.obstacles, context);
    throw refusedComparison(outcome.obstacles);
  }
  const { comparison } = outcome;
  context.out.write(comparisonText(outcome, 'text', context));
  reportComparisonsToGithub([comparison], context);
  try {
    writeViews(directory, comparisonViews(outcome));
  } catch (cause) {
    throw writeFailure('the comparison', directory, cause, ELSEWHERE);
  }
  return exitOfRounds(valid.flat(), comparison.finding);
}

function showSpread(runs: readonly RunResult[], context: CommandContext): number {
  const width = widthOf(context.out, context.environment);
  context.out.write(
    renderSpreadText(spreadOfRuns(runs), runs.length, {
      color: wantsColor(context.out, context.environment),
      ...(width === undefined ? {} : { width }),
    }),
  );
  return exitOfRounds(runs);
}

function tooFewRounds(rounds: readonly (readonly RunResult[])[], valid: number): CliError {
  const obstacle = rounds.flatMap((runs) => obstaclesBetween(runs.slice(0, 1), runs.slice(1)))[0];
  return new CliError({
    exit: obstacle?.invalid === false ? 'usage' : 'not-valid',
    code: 'repeat-runs',
    problem: `only ${valid} of ${rounds.length} rounds can be used, such as: ${obstacle?.text ?? ''}`,
    expected: `at least ${LEAST_RUNS} rounds of valid runs of the same load`,
    next: 'see the reports of the runs, and repeat them on a quiet machine',
  });
}
