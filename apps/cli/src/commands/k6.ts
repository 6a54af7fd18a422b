import { randomInt } from 'node:crypto';
import type { RunResult } from '@jarvis-load/engine/result';
import { bundleOf, findK6, K6_TESTS, k6TestByName } from '@jarvis-load/k6-scenarios';
import { setOutputs } from '../ci/github-actions.ts';
import { NO_OUTPUTS, stepOutputsOfRun } from '../ci/github-report.ts';
import { usageError, type CliError } from '../cli-error.ts';
import { describeError } from '../describe-error.ts';
import { oneOf } from '../did-you-mean.ts';
import { checkK6Out, readK6Arguments } from '../k6/read-arguments.ts';
import { summaryExport } from '../k6/export-summary.ts';
import { runTest } from '../k6/run-test.ts';
import type { K6RunnableTest } from '../k6/k6-request.ts';
import { isTestFile, testsOfFile } from '../k6/test-of-file.ts';
import { wordOfExit, worstExit } from '../k6/worst-exit.ts';
import { K6_FLAGS, type K6Settings } from '../options/k6-flags.ts';
import { isTyped } from '../options/resolve-settings.ts';
import { TARGET_CONFLICTS } from '../options/load-conflicts.ts';
import { quote } from '../output/clean-text.ts';
import { Progress } from '../output/progress.ts';
import { table } from '../output/table.ts';
import { prepareReportDirectory } from '../results/run-directory.ts';
import { Interrupted } from '../run/interruption.ts';
import { testsOf } from '../run/choose-tests.ts';
import { showResult } from '../run/show-result.ts';
import { shownText } from '../secrets/shown-text.ts';
import { DEFAULT_SUITE } from '../suites/suites.ts';
import { looksLikeTestFile } from '../test-file/find-file.ts';
import { defineCommand, type CommandContext } from './command.ts';

const ALL = 'all';

function testsOfSuite(name: string, settings: K6Settings, cwd: string): readonly K6RunnableTest[] {
  return entriesOf(name).map((entry) => ({
    name: entry.name,
    nameInK6: entry.name,
    fileName: entry.fileName,
    profile: entry.profile,
    script: bundleOf(entry),
    tests: testsOf(DEFAULT_SUITE, settings, cwd, [entry.name]),
  }));
}

function entriesOf(name: string): readonly (typeof K6_TESTS)[number][] {
  if (name === ALL) return K6_TESTS.filter(({ inAll }) => inAll);
  const names = [...K6_TESTS.map((test) => test.name as string), ALL];
  const native = DEFAULT_SUITE.scenarios.find((scenario) => scenario.name === name);
  if (!names.includes(name) && native !== undefined)
    throw usageError(
      'k6-test',
      `k6 has no test "${name}": this scenario runs in this engine only (k6 reads an answer as a whole, so streamed ones, by server-sent events, cannot be measured there)`,
      oneOf('', names),
      `npx jarvis-load load --scenario=${name}`,
    );
  if (!names.includes(name)) throw usageError('k6-test', `unknown k6 test "${name}"`, oneOf(name, names));
  return [k6TestByName(name)];
}

/** In `k6 run` the script may come last; here flags that are handed on hide where the test is. */
function testBehindFlags(flag: string, rest: readonly string[]): CliError {
  const [shown = ''] = flag.split('=', 1);
  const names: readonly string[] = [...K6_TESTS.map((test) => test.name), ALL];
  const test = rest.find((word) => names.includes(word) || looksLikeTestFile(word)) ?? names[0]!;
  return usageError(
    'k6-test',
    `${shown} of k6 stands before the test`,
    'the test first, then the flags of k6',
    `npx jarvis-load k6 ${test} ${shown} ...`,
  );
}

/** Refuses settings of scenarios that k6 does not have, and the choice among the scenarios of a file. */
function refuseOfSuite(test: string, settings: K6Settings): void {
  if (settings.scenario !== undefined && isTyped(settings, 'scenario'))
    throw usageError(
      'k6-flag',
      `--scenario chooses among the scenarios of a test file, and ${test} is a test of the suite`,
      'the name of the test alone',
      `npx jarvis-load k6 ${test}`,
    );
  const native = Object.keys(settings.set ?? {}).find((name) => name.startsWith('openai.'));
  if (native === undefined) return;
  throw usageError(
    'set',
    `--set ${native}: k6 has no test that it belongs to: scenarios over the OpenAI-style API run in this engine only`,
    'a setting of the k6 tests, such as language or socket.turns',
    `npx jarvis-load load --scenario=chat-stream --set ${native}=...`,
  );
}

/** `k6`: runs tests of the old suite or of a test file in k6, one after another, and judges and reports the results here. */
export const k6 = defineCommand<K6Settings>({
  name: 'k6',
  summary: 'Runs a test in k6 and reports it like any other run',
  argument: {
    name: '<test>',
    description: `A test file (./shop.ts), or ${K6_TESTS.map((test) => test.name).join(', ')}, or ${ALL} (${K6_TESTS.filter(
      ({ inAll }) => inAll,
    )
      .map((test) => test.name)
      .join(', ')}, one after another)`,
  },
  passthrough:
    "k6's own flags of outputs, tags, log and summary (docs/guides/k6.md), such as --out influxdb=http://localhost:8086/k6",
  flags: K6_FLAGS,
  conflicts: TARGET_CONFLICTS,
  examples: [
    'npx jarvis-load k6 chat --target=mock --time-scale=0.05',
    'API_URL=http://localhost:8100 npx jarvis-load k6 voice',
    'npx jarvis-load k6 all --target=mock --time-scale=0.05 --users=5',
    'npx jarvis-load k6 ./shop.ts --target=http://localhost:3000 --users=5',
    'npx jarvis-load k6 chat --target=mock -- --out influxdb=http://localhost:8086/k6',
  ],
  async run(settings, context, name, rest) {
    if (name.startsWith('-')) throw testBehindFlags(name, rest);
    // Before a target is opened; `runTest` checks the load before it opens the target, accounts and certificates then.
    const tests = isTestFile(name)
      ? await testsOfFile(name, settings, context.cwd)
      : testsOfSuite(name, settings, context.cwd);
    if (!isTestFile(name)) refuseOfSuite(name, settings);
    const k6Arguments = readK6Arguments(rest);
    checkK6Out(context.environment['K6_OUT']);
    const exported = summaryExport(k6Arguments, tests.length, context.cwd);
    const found = findK6([context.cwd, import.meta.dirname], context.environment);
    const reportDirectory = prepareReportDirectory(settings.reportDir ?? 'results', context.cwd);
    const seed = settings.seed ?? randomInt(2 ** 31);
    const run = async (test: K6RunnableTest): Promise<TestEnd> => {
      const progress = new Progress(context, { quiet: settings.quiet === true });
      const write = (result: RunResult): TestEnd['outputs'] => {
        const paths = showResult(result, { settings, reportDirectory, context });
        if (result.run.end.kind === 'setup-failed')
          context.err.write(`error: ${quote(shownText(result.run.end.reason ?? '', context.redactor))}\n`);
        return stepOutputsOfRun(result, paths);
      };
      const { written: outputs, exitCode: exit } = await runTest(
        {
          test,
          settings,
          arguments: k6Arguments,
          summaryExport: exported,
          k6: found,
          reportDirectory,
          seed,
          progress,
          context,
        },
        write,
      );
      return { exit, outputs };
    };
    const [only] = tests;
    if (only !== undefined && tests.length === 1) return (await run(only)).exit;
    return runAll(tests, run, context, settings.debug === true);
  },
});

/** How a test ended. */
interface TestEnd {
  readonly exit: number;
  /** For the pipeline. */
  readonly outputs: Readonly<Record<string, string>>;
}

/** Runs the tests one after another; a failed test does not stop the next one. Prints one line per test at the end. */
async function runAll(
  tests: readonly K6RunnableTest[],
  run: (test: K6RunnableTest) => Promise<TestEnd>,
  context: CommandContext,
  debug: boolean,
): Promise<number> {
  const lines: string[][] = [];
  const exits: number[] = [];
  const ends: TestEnd[] = [];
  for (const test of tests) {
    if (context.interruption.signal !== undefined) {
      lines.push([test.name, 'not run', '']);
      continue;
    }
    let exit: number;
    try {
      const end = await run(test);
      ends.push(end);
      exit = end.exit;
    } catch (error) {
      if (error instanceof Interrupted) {
        lines.push([test.name, 'interrupted', '']);
        continue;
      }
      const described = describeError(error, debug);
      context.err.write(`${context.redactor.text(described.text)}\n`);
      exit = described.exitCode;
      // No result of an earlier test stands for this one.
      ends.push({ exit, outputs: NO_OUTPUTS });
    }
    exits.push(exit);
    lines.push([test.name, wordOfExit(exit), exit === 0 ? '' : `exit ${exit}`]);
  }
  context.out.write(`\n${table(lines)}\n`);
  const worst = worstExit(exits);
  // Each test has set the outputs of the step: those of the one that decides the exit code stay.
  const decisive = ends.find(({ exit }) => exit === worst);
  if (decisive !== undefined) setOutputs(decisive.outputs, context);
  return worst;
}
