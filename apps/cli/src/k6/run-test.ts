import { mkdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { CircuitBreaker, ENGINE_VERSION, type RunResult } from '@jarvis-load/engine/result';
import { objectivesFor } from '@jarvis-load/jarvis';
import {
  bundleOf,
  followFile,
  resultFileNames,
  runK6,
  settingsForK6,
  takeSummary,
  type FoundK6,
  type K6Exit,
  type K6TestEntry,
} from '@jarvis-load/k6-scenarios';
import { ReporterError } from '@jarvis-load/reporter';
import { readK6, type K6Reading } from '@jarvis-load/reporter/ingest';
import { CliError } from '../cli-error.ts';
import type { CommandContext } from '../commands/command.ts';
import { checkCeilings } from '../guard/ceilings.ts';
import { K6_FLAGS, type K6Settings } from '../options/k6-flags.ts';
import { clean } from '../output/clean-text.ts';
import type { Progress } from '../output/progress.ts';
import { newRunId } from '../results/run-id.ts';
import { reproducingCommand } from '../run/describe-run.ts';
import { adviceNotes, limitHitNotes } from '../run/limit-notes.ts';
import { describeShape, loadShape } from '../run/load-shape.ts';
import { plannedLoad } from '../run/planned-load.ts';
import { identityOf, planScenarios, type PlannedScenario } from '../run/scenarios.ts';
import { DRAIN_MS } from '../run/interruption.ts';
import { Redactor } from '../secrets/redact.ts';
import { credentialsFrom, secretsOf } from '../target/credentials.ts';
import { findDialect, openProbe } from '../target/detect.ts';
import { splitSettings } from '../target/mock-settings.ts';
import { isOwnMachine, openTarget, type OpenTarget } from '../target/open-target.ts';
import { checkK6Arguments, replacesLoad } from './check-arguments.ts';
import { endOfK6, exitNameOfK6, exitOfK6 } from './exit-of-k6.ts';

/** What one test of k6 is run with. */
export interface K6Request {
  readonly test: K6TestEntry;
  readonly settings: K6Settings;
  /** For k6 itself. */
  readonly arguments: readonly string[];
  readonly k6: FoundK6;
  /** Absolute. */
  readonly reportDirectory: string;
  readonly seed: number;
  readonly progress: Progress;
  readonly context: CommandContext;
}

/** What came of it. */
export interface K6Outcome {
  readonly result: RunResult;
  readonly exitCode: number;
}

/** The standard error of this process: k6's own display goes there, because our data goes to standard output. */
const STDERR = 2;

/** Opens the target, lets k6 load it, and makes the result document. */
export async function runTest(request: K6Request): Promise<K6Outcome> {
  const { settings, context } = request;
  const { mock } = splitSettings(settings.set, settings.target === 'mock');
  const target = await context.interruption.race(openTarget(settings, mock, context));
  try {
    checkK6Arguments(request.arguments, target.ceilings);
    return await runOn(target, request);
  } finally {
    request.progress.clear();
    await target.close();
  }
}

async function runOn(target: OpenTarget, request: K6Request): Promise<K6Outcome> {
  const { test, settings, context, progress, seed } = request;
  const { interruption } = context;
  const { scenario: scenarioSettings } = splitSettings(settings.set, settings.target === 'mock');
  const startedAt = new Date();
  const runId = newRunId(startedAt);
  const credentials = credentialsFrom(settings, context.cwd, isOwnMachine(target));
  const secrets = secretsOf(settings, credentials);
  context.hide(secrets);
  const redactor = new Redactor(secrets);
  const client = openProbe(target, settings, runId);
  let dialect;
  try {
    const options = { runId, probeWrites: settings.probeWrites === true };
    dialect = await interruption.race(findDialect(client, target.baseUrl, credentials, options));
  } finally {
    await client.close();
  }

  const shape = loadShape(settings, test.profile);
  const identity = identityOf(settings, credentials);
  const [scenario] = planScenarios({
    scenarios: [test.name],
    dialect: dialect.id,
    credentials,
    identity,
    runId,
    settings: scenarioSettings,
    shape,
  }) as [PlannedScenario];
  if (target.ceilings !== undefined) checkCeilings(plannedLoad([scenario]), target.ceilings);
  const advice = adviceNotes([scenario], target.limits, {
    identity,
    ...('accounts' in credentials ? { accounts: credentials.accounts.length } : {}),
  });
  const notOffered = scenario.notOffered.map(({ text }) => ({
    level: 'info' as const,
    code: 'not-offered',
    text,
  }));
  progress.say(
    `run ${runId}: k6 ${request.k6.version}, test ${test.name}, ${describeShape(shape)}, on ${target.name === 'mock' ? `mock ${target.baseUrl}` : target.baseUrl} (${dialect.id} contract)`,
  );
  for (const { text } of notOffered) progress.say(text);
  for (const { text } of advice) progress.warn(`warning: ${text}`);

  const directory = join(request.reportDirectory, runId);
  mkdirSync(directory, { recursive: true });
  const names = resultFileNames(test.fileName, startedAt);
  const summaryFile = join(directory, names.summary);
  const { exit, reading, broken } = await load(request, scenario, {
    samplesFile: join(directory, names.samples),
    summaryFile,
    variables: settingsForK6({
      baseUrl: target.baseUrl,
      address: target.address,
      credentials,
      identity,
      executor: scenario.executor,
      seed,
      runId,
      settings: scenarioSettings,
      headers: settings.header ?? {},
      userAgent: `jarvis-load/${ENGINE_VERSION} k6/${request.k6.version}`,
      requestTimeoutMs: settings.requestTimeout,
    }),
    redactor,
  });
  const summary = takeSummary(summaryFile);
  if (reading === undefined) throw nothingToReport(exit, names.samples);
  const objectives = settings.objectives ?? 'suite';
  const result = reading.result({
    ...(summary === undefined ? {} : { summary }),
    objectives:
      objectives === 'none' ? [] : objectivesFor(Object.keys(scenario.demand?.requests ?? {}), objectives),
    runId,
    seed,
    ...(settings.tag === undefined ? {} : { tags: settings.tag }),
    target: {
      name: target.name,
      url: target.baseUrl,
      dialect: dialect.id,
      ...(target.detail === undefined ? {} : { detail: target.detail }),
    },
    config: describeConfig(request, describeShape(shape), redactor),
    end:
      broken === undefined ? endOfK6(exit, interruption.signal) : { kind: 'circuit-breaker', reason: broken },
    notes: [...notOffered, ...advice, ...loadNotes(request, summary !== undefined)],
    k6: {
      version: request.k6.version,
      exitCode: exit.exitCode,
      ...(exit.abort === undefined ? {} : { abort: exit.abort }),
      samples: names.samples,
      ...(summary === undefined ? {} : { summaryFile: names.summary }),
    },
  });
  progress.say(`k6's own files: ${relative(context.cwd, directory)}/${names.samples}, ${names.summary}`);
  return {
    result: { ...result, notes: [...result.notes, ...limitHitNotes(result, target.limits)] },
    exitCode: exitOfK6(exit, result),
  };
}

/** Runs k6 and reads its samples while it writes them; a signal lets it end for three seconds. */
async function load(
  request: K6Request,
  scenario: PlannedScenario,
  options: {
    readonly samplesFile: string;
    readonly summaryFile: string;
    readonly variables: Readonly<Record<string, string>>;
    readonly redactor: Redactor;
  },
): Promise<{
  readonly exit: K6Exit;
  readonly reading: K6Reading | undefined;
  /** Why the circuit breaker ended it. */
  readonly broken: string | undefined;
}> {
  const { settings, context, progress, k6 } = request;
  const { samplesFile, summaryFile, variables, redactor } = options;
  const { tag = {}, quiet } = settings;
  const running = await runK6({
    k6: k6.path,
    script: bundleOf(request.test),
    samplesFile,
    summaryFile,
    arguments: [
      ...Object.entries(tag).flatMap(([name, value]) => ['--tag', `${name}=${value}`]),
      ...request.arguments,
    ],
    environment: context.environment,
    settings: variables,
    cwd: context.cwd,
    display: quiet === true ? 'ignore' : STDERR,
    onLog: (line) => progress.warn(clean(redactor.text(line))),
  });
  const release = context.guardChild(running.pid);
  let drain: NodeJS.Timeout | undefined;
  const stop = (): void => {
    running.stop();
    drain ??= setTimeout(() => running.kill(), DRAIN_MS);
  };
  const off = context.interruption.onStop((_, now) => {
    if (now) running.kill();
    else stop();
  });
  // k6 has no circuit breaker; its samples are read while it runs, so ours can watch them.
  const breaker = new CircuitBreaker({});
  let broken: string | undefined;
  let over = false;
  void running.exited.then(() => (over = true));
  try {
    const [exit, reading] = await Promise.all([
      running.exited,
      readK6(followFile(samplesFile, running.exited), {
        fileName: relative(context.cwd, samplesFile),
        scenarios: [scenario],
        thresholds: expressionsOf(scenario),
        onSecond(interval, startMs, endMs) {
          // The last seconds are read when k6 has ended: then there is nothing left to stop.
          if (broken !== undefined || over) return;
          broken = breaker.watch(interval, startMs, endMs);
          if (broken === undefined) return;
          progress.warn(`the circuit breaker ends the run: ${broken}`);
          stop();
        },
      }).catch((error: unknown) => {
        if (error instanceof ReporterError && error.code === 'not_k6_output') return undefined;
        throw error;
      }),
    ]);
    return { exit, reading, broken };
  } finally {
    clearTimeout(drain);
    off();
    release();
  }
}

/** The thresholds as k6 gets them, its name for the tag of an operation included. */
function expressionsOf({ thresholds = {} }: PlannedScenario): Readonly<Record<string, readonly string[]>> {
  return Object.fromEntries(
    Object.entries(thresholds).map(([metric, list]) => [
      metric.replace(/([{,]\s*)operation:/g, '$1name:'),
      list.map((one) => (typeof one === 'string' ? one : one.threshold)),
    ]),
  );
}

function nothingToReport(exit: K6Exit, samples: string): CliError {
  return new CliError({
    exit: exitNameOfK6(exit) === 'pass' ? 'not-valid' : exitNameOfK6(exit),
    code: 'k6-failed',
    problem:
      exit.abort?.text ??
      `k6 ended with exit code ${exit.exitCode} and measured nothing (${samples} is empty)`,
    next: exit.abort === undefined ? 'see what k6 said above' : 'npx jarvis-load probe',
  });
}

function loadNotes({ settings, arguments: args }: K6Request, hasSummary: boolean): RunResult['notes'] {
  const notes: RunResult['notes'] = [];
  if (settings.timeScale !== undefined && settings.timeScale !== 1) {
    notes.push({
      level: 'info',
      code: 'time-scale',
      text: `The stages of the test are ${settings.timeScale} times as long as they should be (time scale); think times are as they are.`,
    });
  }
  if (replacesLoad(args)) {
    notes.push({
      level: 'warning',
      code: 'k6-load-replaced',
      text: `Flags of k6 replaced the load of the test: ${args.join(' ')}. Its plan in this document is not what ran.`,
    });
  }
  if (!hasSummary) {
    notes.push({
      level: 'warning',
      code: 'k6-no-summary',
      text: 'k6 wrote no summary: its own values and verdicts are not in this document; thresholds were judged from its samples.',
    });
  }
  return notes;
}

function describeConfig(request: K6Request, loadText: string, redactor: Redactor): RunResult['config'] {
  const { settings, context, seed, test } = request;
  const { tag, set, identity, timeScale, users, profile = test.profile, objectives = 'suite' } = settings;
  const shown = { tag, set, identity, timeScale, users, profile, objectives };
  return {
    command: reproducingCommand(context, seed, redactor, K6_FLAGS),
    load: loadText,
    scenarios: [test.name],
    ...(request.arguments.length === 0
      ? {}
      : { k6Arguments: request.arguments.map((each) => redactor.text(each)) }),
    ...(redactor.json(
      Object.fromEntries(Object.entries(shown).filter(([, value]) => value !== undefined)),
    ) as object),
  };
}
