import type { MetricDeclaration } from '@jarvis-load/engine';
import {
  detectDialect,
  DIALECTS,
  dialectById,
  otherSettings,
  PROBE_OPERATIONS,
  profileExecutor,
  type DialectId,
  type JarvisScenario,
  type JarvisScenarioOptions,
} from '@jarvis-load/jarvis';
import { readEnvironment, type K6Environment } from './environment.ts';
import type { OpenSocket } from './k6-channel.ts';
import { AbortError, k6Test, type K6Test } from './k6-test.ts';
import { readSpeech } from './read-speech.ts';
import type { Speech } from './read-speech.ts';

/** Result of probing the target. */
export interface JarvisFacts {
  readonly dialect: DialectId;
}

/** Options of {@link jarvisTest}. */
export interface JarvisTestOptions {
  /** Profile used without other settings of the load. @default 'smoke' */
  readonly profile?: string;
  /** Recordings of a voice scenario, unless `JARVIS_LOAD_K6_RECORDINGS` names a file. */
  readonly speech?: Speech;
  /** Opens WebSockets, for a scenario over them. */
  readonly openSocket?: OpenSocket;
  /** k6's `__ENV`. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
}

/**
 * Makes a k6 test of a scenario of `@jarvis-load/jarvis`. Its target, account and load come from the environment.
 *
 * Must hold: called in the init phase, where the dialect is not known. `create` is called there for every dialect and must not
 * throw; name, thresholds and load are those of the first one, and must be the same for all.
 *
 * @example
 * import { chatJourney } from '@jarvis-load/jarvis';
 * import { jarvisTest } from '@jarvis-load/k6-scenarios/k6';
 *
 * const test = jarvisTest(chatJourney, { profile: 'chat' });
 * export const options = test.options;
 * export const setup = test.setup;
 * export const teardown = test.teardown;
 * export default test.run;
 */
export function jarvisTest(
  create: (options: JarvisScenarioOptions) => JarvisScenario,
  { profile = 'smoke', speech, openSocket, environment = __ENV }: JarvisTestOptions = {},
): K6Test<JarvisFacts> {
  const env = readEnvironment(environment);
  const recordings = readSpeech(env, speech);
  const scenarioOf = (dialect: DialectId, runId: string): JarvisScenario =>
    create({
      dialect: dialectById(dialect),
      credentials: env.credentials,
      runId,
      identity: env.identity,
      settings: otherSettings(env.settings),
      socket: env.settings,
      recordings,
      cleanUp: env.cleanUp,
    });
  // The dialect is known only in setup, but k6 allows metrics to be created only in the init phase: create those of all
  // dialects.
  const outlines = DIALECTS.map(({ id }) => scenarioOf(id, 'outline'));
  const [outline] = outlines as [JarvisScenario, ...JarvisScenario[]];
  const metrics = new Map<string, MetricDeclaration>(
    outlines.flatMap((each) => (each.metrics ?? []).map((metric) => [metric.name, metric] as const)),
  );
  return k6Test<JarvisFacts>({
    connection: env,
    ...(openSocket === undefined ? {} : { openSocket }),
    outline: { ...outline, metrics: [...metrics.values()] },
    executor: executorOf(env, profile, outline),
    runId: env.runId,
    seed: env.seed,
    async probe(userFor) {
      const user = userFor(PROBE_OPERATIONS);
      const detection = await detectDialect((spec) => user.request(spec), env.credentials);
      if (detection.dialect !== undefined) return { dialect: detection.dialect.id };
      const { verdict } = detection;
      throw new AbortError({
        code: verdict === 'speaks' ? 'neither' : verdict,
        text: `${env.baseUrl}: ${WHAT[verdict]}: ${detection.reasons.join(' ')}`,
      });
    },
    scenario: ({ dialect }, runId) => scenarioOf(dialect, runId),
  });
}

const WHAT = {
  speaks: 'the target speaks no known dialect',
  unreachable: 'cannot connect',
  'login-refused': 'the target refuses the login',
  unavailable: 'the target answers only with errors',
  neither: 'the target speaks neither dialect of the Jarvis API',
} as const;

function executorOf(env: K6Environment, profile: string, outline: JarvisScenario) {
  if (env.executor !== undefined) return env.executor;
  return profileExecutor(env.profile ?? profile, {
    ...(env.users === undefined ? {} : { users: env.users }),
    ...(env.timeScale === undefined ? {} : { timeScale: env.timeScale }),
    ...(outline.demand === undefined ? {} : { demand: outline.demand }),
  });
}
