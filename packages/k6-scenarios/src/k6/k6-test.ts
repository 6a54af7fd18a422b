/**
 * A k6 test of a scenario: the exports of its script.
 *
 * Must hold:
 * - `k6Test` is called in the init phase, in which alone k6 allows metrics and files.
 * - Every user loads the script for itself: variables here are those of one user. Users share only the data of `setup`, as JSON.
 * - These data hold the token of a shared login, and k6 writes them to its summary: `takeSummary` removes them.
 */
import { namedReasonOf, reasonOf } from '@jarvis-load/engine/show';
import type { ExecutorOptions, ScenarioDefinition, WaitTime } from '@jarvis-load/engine';
import { deriveRandom } from '@jarvis-load/engine/random';
import { pickTask, START_RETRY_SECONDS, taskShares, waitAfter } from '@jarvis-load/engine/user-rules';
import exec from 'k6/execution';
import type { Options } from 'k6/options';
import { formatAbort, type AbortReason } from './abort-reason.ts';
import { cutText } from './cut-text.ts';
import type { OpenSocket } from './k6-channel.ts';
import { K6Metrics } from './k6-metrics.ts';
import { k6Options, mostUsers, type K6Certificate } from './k6-options.ts';
import type { JudgeAnswer } from './k6-response.ts';
import { K6User, type K6Phase } from './k6-user.ts';

/** How requests reach the target. */
export interface K6Connection {
  /** Without a trailing slash. */
  readonly baseUrl: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly hosts: Readonly<Record<string, string>>;
  readonly userAgent: string;
  readonly requestTimeoutMs: number;
  /** Of this client, for the host of the base URL. @default none */
  readonly certificate?: K6Certificate | undefined;
}

/** Data from `setup` for the users; k6 passes it as JSON. */
export interface K6TestData<Facts> {
  readonly facts: Facts;
  readonly shared: unknown;
  readonly runId: string;
  readonly seed: number;
  readonly slotsFromMs: number;
}

/** Input of {@link k6Test}. */
export interface K6TestParts<Facts> {
  readonly connection: K6Connection;
  /**
   * The part of the scenario that is known in k6's init phase: name, metrics, thresholds, bases and feeders are read of it. Users
   * run the result of `scenario`.
   */
  readonly outline: ScenarioDefinition;
  /** Opens WebSockets, for a scenario over them. */
  readonly openSocket?: OpenSocket;
  readonly executor: ExecutorOptions;
  readonly runId: string | undefined;
  readonly seed: number | undefined;
  /**
   * Determines once, before any load, the facts that the scenario depends on. Throws an {@link AbortError} to stop the
   * test.
   */
  probe(user: (operations: ScenarioDefinition['operations']) => K6User): Promise<Facts>;
  /** Holds answers to schemas. @default schemas are an error */
  readonly judgeAnswer?: JudgeAnswer;
  /** The scenario that the users run. Called in setup, in teardown and by each user: equal inputs give equal scenarios. */
  scenario(facts: Facts, runId: string): ScenarioDefinition;
}

/** Thrown in setup, it stops the test with k6's exit code 108 and a reason with the marker that the runner recognises. */
export class AbortError extends Error {
  readonly reason: AbortReason;

  constructor(reason: AbortReason) {
    super(reason.text);
    this.name = 'AbortError';
    this.reason = reason;
  }
}

/** The exports of a k6 script. */
export interface K6Test<Facts> {
  readonly options: Options;
  setup(): Promise<K6TestData<Facts>>;
  run(data: K6TestData<Facts>): Promise<void>;
  teardown(data: K6TestData<Facts>): Promise<void>;
}

const MAX_MESSAGE = 120;

/** Makes a k6 test of a scenario. */
export function k6Test<Facts>(parts: K6TestParts<Facts>): K6Test<Facts> {
  const { outline, executor, connection } = parts;
  const metrics = new K6Metrics(outline.metrics ?? [], parts.openSocket !== undefined);
  const users = mostUsers(executor);
  const createUser = (
    phase: K6Phase,
    id: number,
    operations: ScenarioDefinition['operations'],
    data: Pick<K6TestData<Facts>, 'runId' | 'seed' | 'slotsFromMs'>,
  ): K6User =>
    new K6User({
      ...connection,
      headers: { 'x-load-run-id': data.runId, ...connection.headers },
      bases: basesOf(outline),
      operations,
      openSocket: parts.openSocket,
      phase,
      metrics,
      id,
      // The random stream of scenario 0 in the native engine.
      random: deriveRandom(data.seed, 1, id),
      slotsFromMs: data.slotsFromMs,
      users: phase === 'run' ? users : 1,
      judgeAnswer: parts.judgeAnswer,
      feeders: outline.feeders,
    });

  let runner: { readonly scenario: ScenarioDefinition; readonly user: K6User } | undefined;
  let started: { readonly state: unknown } | undefined;

  const iterate = async (data: K6TestData<Facts>): Promise<void> => {
    if (runner === undefined) {
      const scenario = parts.scenario(data.facts, data.runId);
      runner = { scenario, user: createUser('run', exec.vu.idInTest, scenario.operations, data) };
      // Not in k6's options: flags for users and duration replace its scenarios there, and their tags.
      Object.assign(exec.vu.metrics.tags, scenario.tags);
    }
    const { scenario, user } = runner;
    if (started === undefined) {
      try {
        started = { state: await scenario.onStart?.(user, data.shared) };
      } catch (error) {
        await user.endIteration();
        user.iteration++;
        await user.think(START_RETRY_SECONDS);
        throw error;
      }
    }
    const context = { shared: data.shared, state: started.state };
    const { tasks } = scenario;
    const task = tasks === undefined ? undefined : pickTask(tasks, taskShares(tasks), user.random());
    const startMs = Date.now();
    try {
      await (task === undefined ? scenario.run?.(user, context) : task.run(user, context));
    } finally {
      await user.endIteration();
      user.iteration++;
    }
    if (scenario.wait !== undefined) await waitBetween(scenario.wait, user, startMs);
  };

  return {
    options: k6Options(outline, executor, connection),
    async setup() {
      const base = {
        runId: parts.runId ?? `k6-${Date.now().toString(36)}`,
        seed: parts.seed ?? Math.floor(Math.random() * 2 ** 31),
        slotsFromMs: Date.now(),
      };
      try {
        const facts = await parts.probe((operations) => createUser('probe', 0, operations, base));
        const scenario = parts.scenario(facts, base.runId);
        const shared = await scenario.setup?.(createUser('setup', 0, scenario.operations, base));
        // Start the users' slots after those used by setup.
        return { ...base, facts, shared, slotsFromMs: Date.now() + 1000 };
      } catch (error) {
        const reason = error instanceof AbortError ? error.reason : abortReasonOf(error);
        exec.test.abort(formatAbort(reason));
        throw error;
      }
    },
    async run(data) {
      // k6's types say that it is always set, but it is undefined with --no-setup.
      if ((data as K6TestData<Facts> | undefined)?.facts === undefined) {
        exec.test.abort(
          formatAbort({ code: 'configuration', text: 'the test needs its setup; run it without --no-setup' }),
        );
      }
      metrics.started.add(1);
      try {
        await iterate(data);
      } catch (error) {
        const text = namedReasonOf(error);
        metrics.exceptions.add(1, { message: cutText(text, MAX_MESSAGE) });
        throw error;
      }
    },
    async teardown(data) {
      // With --no-setup; `run` has aborted the test.
      if ((data as K6TestData<Facts> | undefined)?.facts === undefined) return;
      const scenario = parts.scenario(data.facts, data.runId);
      await scenario.teardown?.(createUser('teardown', 0, scenario.operations, data), data.shared);
    },
  };
}

/** URLs of the bases; their options of TLS are refused before. */
function basesOf({ bases = {} }: ScenarioDefinition): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(bases).map(([name, base]) => [name, typeof base === 'string' ? base : base.url]),
  );
}

function abortReasonOf(error: unknown): AbortReason {
  const text = reasonOf(error);
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  const login = code === 'login_failed' || code === 'login_without_token';
  return { code: login ? 'login-failed' : 'configuration', text };
}

/** The engine's wait between iterations. In k6 it runs inside the iteration and counts in its duration. */
async function waitBetween(wait: WaitTime, user: K6User, startMs: number): Promise<void> {
  const { from, seconds } = waitAfter(wait, () => user.random());
  const passed = from === 'end' ? 0 : (Date.now() - startMs) / 1000;
  await user.think(Math.max(0, seconds - passed));
}
