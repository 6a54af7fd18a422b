/**
 * Step 3 of every command that makes load, in this engine and in k6: reads credentials, probes the target, builds the scenarios,
 * rejects a plan above the target's ceilings, prints start line and advice, and returns target, settings and notes of the
 * document.
 *
 * Must hold:
 * - `target` has passed the guard (`openTarget`); the caller closes it, also after an error.
 * - Only the probe and `suite.beforeRun` send anything; the client of the probe is closed on every path.
 * - The result of the run passes `finish` before it is shown or written: it removes secrets and adds the last notes.
 */
import {
  plannedLoad,
  type Credentials,
  type Exchange,
  type Identity,
  type Objective,
  type PlannedLoad,
  type RunOptions,
  type ScenarioModule,
} from '@jarvis-load/engine';
import type { RunResult } from '@jarvis-load/engine/result';
import type { CommandContext } from '../commands/command.ts';
import { checkCeilings } from '../guard/ceilings.ts';
import type { AnyFlagTable } from '../options/flag.ts';
import type { LoadSettings } from '../options/load-settings.ts';
import { TargetClock } from '../merging/target-clock.ts';
import type { Progress } from '../output/progress.ts';
import { learnSecrets } from '../secrets/learn-secrets.ts';
import { withoutTls } from '../target/connection-options.ts';
import { credentialsFrom, identityOf, numberOfAccounts, secretsOf } from '../target/credentials.ts';
import { findFacts, openProbe } from '../target/detect.ts';
import { openBases, type OpenBase } from '../target/open-bases.ts';
import { isOwnMachine, type OpenTarget } from '../target/open-target.ts';
import { defaultObjectiveSet, limitAdviserOf, objectivesOn } from '../suites/suites.ts';
import type { ChosenTests } from './chosen-tests.ts';
import { describeConfig } from './describe-config.ts';
import { beforeRun } from './before-run.ts';
import { adviceNotes, limitHitNotes, limitsOn } from './limit-notes.ts';
import type { LoadShape } from './load-shape.ts';
import { DEFAULT_SETUP_TIMEOUT_MS } from './setup-timeout.ts';
import {
  planScenarios,
  recipeFor,
  scenarioModule,
  type PlannedScenario,
  type ScenarioRecipe,
} from './scenarios.ts';

/** Everything that is known before the target is probed. */
export interface RunRequest {
  readonly settings: LoadSettings;
  /** The flags that the settings were read by. */
  readonly flags: AnyFlagTable;
  readonly target: OpenTarget;
  readonly tests: ChosenTests;
  readonly shape: LoadShape;
  readonly runId: string;
  /** Its record is merged with those of other processes: the clock of the target is noted. @default as `settings.part` */
  readonly isPart?: boolean | undefined;
  /** Lines that say that the run begins. @param where address and contract: `http://127.0.0.1:8100 (core contract)` */
  readonly announce: (where: string) => readonly string[];
  /** Prints lines for the user. */
  readonly progress: Pick<Progress, 'say' | 'warn'>;
  /** Receives the exchanges of the probe; the redactor knows their secrets by then. @default none */
  readonly onExchange?: (exchange: Exchange) => void;
  readonly context: Pick<CommandContext, 'cwd' | 'environment' | 'interruption' | 'redactor' | 'config'>;
}

/** A prepared run: the target has answered the probe, the planned load is within its ceilings, its warnings are printed. */
export interface PreparedRun {
  /** The scenarios with their executors. */
  readonly scenarios: readonly PlannedScenario[];
  /** The same scenarios for runs with more than one thread. */
  readonly module: ScenarioModule;
  /** What both were made from. */
  readonly recipe: ScenarioRecipe;
  /** Planned load, within the ceilings of the target and of `bases`. Of a steered run: the load at its start. */
  readonly planned: PlannedLoad;
  /** Further addresses of the scenarios; each may be loaded. */
  readonly bases: readonly OpenBase[];
  /** Undefined when the suite needs none and none were given. */
  readonly credentials: Credentials | undefined;
  readonly identity: Identity;
  readonly objectives: readonly Objective[];
  /** Target, settings and notes for the document; the caller adds `command` to the settings. */
  readonly describe: Required<NonNullable<RunOptions['describe']>>;
  /** Completes the document after the run: notes on limits that were hit; secrets removed. */
  readonly finish: (result: RunResult) => RunResult;
}

/**
 * Prepares one run.
 *
 * @throws CliError exit 2 (credentials, limits of the config file, load, `beforeRun`), 3 (target), 4 (ceilings), and that of
 *   `openBases`; Interrupted after a signal
 */
export async function prepareRun(request: RunRequest): Promise<PreparedRun> {
  const { settings, target, tests, shape, runId, progress, context } = request;
  const { interruption, redactor } = context;
  const { suite } = tests;
  const isPart = request.isPart ?? settings.part !== undefined;
  const limits = limitsOn(suite, target.limits);
  const credentials = credentialsFrom(
    settings,
    suite,
    context.cwd,
    isOwnMachine(target),
    context.environment,
  );
  redactor.add(secretsOf(settings, credentials));

  const limitMs = settings.setupTimeout ?? DEFAULT_SETUP_TIMEOUT_MS;
  await beforeRun(suite, { runId, baseUrl: target.baseUrl }, limitMs, context);
  const clock = new TargetClock();
  const client = openProbe(suite, target, settings, runId, (exchange) => {
    clock.add(exchange.response, Date.now());
    learnSecrets(redactor, exchange);
    request.onExchange?.(exchange);
  });
  let found;
  try {
    found = await interruption.race(
      findFacts(
        suite,
        client,
        target.baseUrl,
        {
          credentials,
          runId,
          scenarios: tests.scenarios.map(({ name }) => name),
          depth: settings.probeWrites === true ? 'writes' : 'facts',
        },
        redactor,
      ),
    );
  } finally {
    await client.close();
  }

  const identity = identityOf(settings, credentials);
  const { facts, dialect } = found;
  const recipe = recipeFor(
    suite,
    tests.scenarios.map(({ name }) => name),
    { facts, credentials, identity, runId, settings: tests.settings, files: tests.files },
    shape,
  );
  const scenarios = planScenarios(suite, recipe);
  const planned = plannedLoad(scenarios);
  const bases = await interruption.race(openBases(scenarios, settings, context));
  for (const { ceilings } of [target, ...bases]) if (ceilings !== undefined) checkCeilings(planned, ceilings);

  const adviser = limitAdviserOf(suite);
  const accounts = numberOfAccounts(credentials);
  const advice = [
    ...(suite.notes ?? []),
    ...adviceNotes(adviser, scenarios, limits, {
      identity,
      ...(accounts === 0 ? {} : { accounts }),
    }),
  ];
  const noTls = withoutTls(target, settings);
  if (noTls !== undefined) advice.push({ level: 'warning', code: 'no-tls', text: noTls });
  const notOffered = scenarios.flatMap((scenario) =>
    (scenario.notOffered ?? []).map(({ text }) => ({ level: 'info' as const, code: 'not-offered', text })),
  );
  const place = target.name === 'mock' ? `mock on ${target.baseUrl}` : target.baseUrl;
  for (const line of request.announce(dialect === undefined ? place : `${place} (${dialect} contract)`))
    progress.say(line);
  for (const { text } of notOffered) progress.say(text);
  for (const { text } of advice) progress.warn(`warning: ${text}`);

  const objectiveSet = settings.once === true ? 'none' : (settings.objectives ?? defaultObjectiveSet(suite));
  return {
    scenarios,
    module: scenarioModule(recipe),
    recipe,
    planned,
    bases,
    credentials,
    identity,
    objectives: objectivesOn(
      suite,
      scenarios.flatMap(({ demand, operations }) =>
        demand === undefined ? operations.map(({ name }) => name) : Object.keys(demand.requests),
      ),
      objectiveSet,
    ),
    describe: {
      target: {
        name: target.name,
        ...(dialect === undefined ? {} : { dialect }),
        ...(target.detail === undefined ? {} : { detail: target.detail }),
        ...(!isPart || clock.ahead === undefined ? {} : { clockAheadMs: clock.ahead }),
      },
      config: describeConfig(
        settings,
        request.flags,
        { shape, scenarios: scenarios.map(({ name }) => name), objectives: objectiveSet },
        redactor,
      ),
      notes: [...notOffered, ...advice],
    },
    finish: (result) =>
      redactor.result({
        ...result,
        notes: [...result.notes, ...limitHitNotes(adviser, result, limits)],
      }),
  };
}
