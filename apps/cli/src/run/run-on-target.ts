import {
  plannedLoad,
  type Exchange,
  type Redactor,
  type RunEvent,
  type RunOptions,
} from '@jarvis-load/engine';
import type { RunResult } from '@jarvis-load/engine/result';
import { objectivesFor, type Recording, type ScenarioEntry } from '@jarvis-load/jarvis';
import type { CommandContext } from '../commands/command.ts';
import { checkCeilings } from '../guard/ceilings.ts';
import type { LoadSettings } from '../options/load-settings.ts';
import { exchangeText } from '../output/exchange-text.ts';
import type { Progress } from '../output/progress.ts';
import { learnSecrets } from '../secrets/learn-secrets.ts';
import { connectionOptions, withoutTls } from '../target/connection-options.ts';
import { credentialsFrom, secretsOf } from '../target/credentials.ts';
import { findDialect, openProbe } from '../target/detect.ts';
import { isOwnMachine, type OpenTarget } from '../target/open-target.ts';
import { reproducingCommand } from './describe-run.ts';
import { execute } from './execute.ts';
import { adviceNotes, limitHitNotes } from './limit-notes.ts';
import { describeShape, type LoadShape } from './load-shape.ts';
import {
  identityOf,
  planScenarios,
  scenarioModule,
  type PlannedScenario,
  type ScenarioRecipe,
} from './scenarios.ts';
import { thresholdsOfRun } from './thresholds-of-run.ts';

/** Everything that is known before the target is contacted. */
export interface RunRequest {
  readonly settings: LoadSettings;
  readonly target: OpenTarget;
  readonly entries: readonly ScenarioEntry[];
  readonly shape: LoadShape;
  readonly scenarioSettings: Readonly<Record<string, string>>;
  readonly recordings: readonly Recording[];
  readonly runId: string;
  readonly seed: number;
  readonly progress: Progress;
  readonly onEvent: (event: RunEvent) => void;
  readonly context: CommandContext;
}

/** Long enough for a login that waits for a rate limit of one minute and is then repeated. */
const DEFAULT_SETUP_TIMEOUT_MS = 150_000;

function objectivesOf(
  scenarios: readonly PlannedScenario[],
  settings: LoadSettings,
): RunOptions['objectives'] {
  const set = settings.once === true ? 'none' : (settings.objectives ?? 'suite');
  if (set === 'none') return [];
  return objectivesFor(new Set(scenarios.flatMap(({ demand }) => Object.keys(demand?.requests ?? {}))), set);
}

/** The settings of the run for the document, without secrets. */
function describeConfig(request: RunRequest, scenarios: readonly PlannedScenario[], redactor: Redactor) {
  const { settings, shape, seed, context } = request;
  const { tag, set, arrivals, identity, connections, threads, pacing, timeScale, users } = settings;
  const { http2, cookies } = settings;
  const shown = {
    tag,
    set,
    arrivals,
    identity,
    connections,
    threads,
    pacing,
    timeScale,
    users,
    http2,
    cookies,
  };
  return {
    command: reproducingCommand(context, seed, redactor),
    load: describeShape(shape),
    ...(shape.kind === 'profile' ? { profile: shape.profile.name } : {}),
    scenarios: scenarios.map(({ name }) => name),
    objectives: settings.once === true ? 'none' : (settings.objectives ?? 'suite'),
    ...(redactor.json(
      Object.fromEntries(Object.entries(shown).filter(([, value]) => value !== undefined)),
    ) as object),
  };
}

/** Probes the target, plans the load, runs it, and adds notes about the limits that were hit. */
export async function runOnTarget(request: RunRequest): Promise<RunResult> {
  const { settings, target, entries, shape, runId, progress, context } = request;
  const { interruption } = context;
  const credentials = credentialsFrom(settings, context.cwd, isOwnMachine(target));
  const { redactor } = context;
  redactor.add(secretsOf(settings, credentials));
  const show = (exchange: Exchange): void => void context.out.write(exchangeText(exchange, redactor));
  const learn = (exchange: Exchange): void => learnSecrets(redactor, exchange);

  const client = openProbe(target, settings, runId, settings.once === true ? show : learn);
  const probed = findDialect(client, target.baseUrl, credentials, {
    runId,
    probeWrites: settings.probeWrites === true,
  });
  let dialect;
  try {
    dialect = await interruption.race(probed);
  } finally {
    await client.close();
  }

  const recipe: ScenarioRecipe = {
    scenarios: entries.map(({ name }) => name),
    dialect: dialect.id,
    credentials,
    identity: identityOf(settings, credentials),
    runId,
    settings: request.scenarioSettings,
    recordings: request.recordings,
    shape,
  };
  const scenarios = planScenarios(recipe);
  const threads = settings.threads ?? 1;
  if (target.ceilings !== undefined) checkCeilings(plannedLoad(scenarios), target.ceilings);
  const advice = [
    ...adviceNotes(scenarios, target.limits, {
      identity: recipe.identity,
      ...('accounts' in credentials ? { accounts: credentials.accounts.length } : {}),
    }),
  ];
  const noTls = withoutTls(target, settings);
  if (noTls !== undefined) advice.push({ level: 'warning', code: 'no-tls', text: noTls });
  const notOffered = scenarios.flatMap((scenario) =>
    scenario.notOffered.map(({ text }) => ({ level: 'info' as const, code: 'not-offered', text })),
  );
  progress.say(
    `run ${runId}: ${target.name === 'mock' ? `mock on ${target.baseUrl}` : target.baseUrl} (${dialect.id} contract)`,
  );
  progress.say(
    `${scenarios.map(({ name }) => name).join(', ')}: ${describeShape(shape)}, seed ${request.seed}`,
  );
  for (const { text } of notOffered) progress.say(text);
  for (const { text } of advice) progress.warn(`warning: ${text}`);

  const result = await execute(
    {
      baseUrl: target.baseUrl,
      scenarios: threads === 1 ? scenarios : scenarioModule(recipe),
      threads,
      thresholds: thresholdsOfRun(settings, shape),
      objectives: objectivesOf(scenarios, settings) ?? [],
      seed: request.seed,
      runId,
      strict: settings.strict === true,
      watchProcesses: target.processes,
      ...(settings.maxDroppedShare === undefined ? {} : { maxDroppedShare: settings.maxDroppedShare }),
      onEvent: request.onEvent,
      describe: {
        target: {
          name: target.name,
          dialect: dialect.id,
          ...(target.detail === undefined ? {} : { detail: target.detail }),
        },
        config: describeConfig(request, scenarios, redactor),
        notes: [...notOffered, ...advice],
      },
      timeouts: {
        setupMs: settings.setupTimeout ?? DEFAULT_SETUP_TIMEOUT_MS,
        ...(settings.connectTimeout === undefined ? {} : { connectMs: settings.connectTimeout }),
        ...(settings.requestTimeout === undefined ? {} : { requestMs: settings.requestTimeout }),
      },
      ...(settings.tag === undefined ? {} : { tags: settings.tag }),
      ...(settings.pacing === undefined ? {} : { pacing: settings.pacing }),
      ...(settings.connections === undefined ? {} : { connections: settings.connections }),
      ...connectionOptions(target, settings),
      ...(shape.kind === 'once' ? { onExchange: show, circuitBreaker: false, warmUp: false } : {}),
    },
    interruption,
  );
  return redactor.result({
    ...result,
    notes: [...result.notes, ...limitHitNotes(result, target.limits)],
  });
}
