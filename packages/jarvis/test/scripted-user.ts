import type { LoadResponse, Operation, RequestSpec, VirtualUser } from '@jarvis-load/engine';
import type { JarvisScenario } from '../src/index.ts';

/** Record of a scripted user's requests, checks and metrics. */
export interface Script {
  readonly sent: RequestSpec[];
  readonly checks: Map<string, { passes: number; fails: number }>;
  readonly metrics: Map<string, number[]>;
  thinkSeconds: number;
}

export interface ScriptedUser extends VirtualUser {
  readonly script: Script;
}

/** A virtual user whose requests are answered by a function; think time is summed up without waiting. */
export function scriptedUser(
  answer: (spec: RequestSpec) => LoadResponse,
  scenario: Pick<JarvisScenario, 'operations' | 'metrics'>,
  options: { id?: number; iteration?: number; onThink?: (seconds: number) => void } = {},
): ScriptedUser {
  const script: Script = { sent: [], checks: new Map(), metrics: new Map(), thinkSeconds: 0 };
  const operations = new Map(scenario.operations.map((operation) => [operation.name, operation]));
  let state = options.id ?? 1;
  const notUsed = (): Promise<never> => Promise.reject(new Error('scenarios of Jarvis use request'));
  return {
    get: notUsed,
    head: notUsed,
    post: notUsed,
    put: notUsed,
    patch: notUsed,
    delete: notUsed,
    batch: notUsed,
    open: notUsed,
    group: (_name, work) => work(),
    iterationInRun: 0,
    arrival: undefined,
    feed: () => {
      throw new Error('scenarios of Jarvis have no feeders');
    },
    stop: () => {
      throw new Error('scenarios of Jarvis do not stop the run');
    },
    id: options.id ?? 1,
    iteration: options.iteration ?? 0,
    script,
    request(spec) {
      const operation = operations.get(spec.operation);
      if (operation === undefined) return Promise.reject(new Error(`${spec.operation} is not declared`));
      script.sent.push(spec);
      return Promise.resolve(judged(answer(spec), operation));
    },
    stream() {
      throw new Error('no scenario of these tests streams');
    },
    check(subject, checks) {
      let all = true;
      for (const [name, holds] of Object.entries(checks)) {
        const passed = holds(subject);
        const count = script.checks.get(name) ?? { passes: 0, fails: 0 };
        script.checks.set(name, count);
        if (passed) count.passes++;
        else count.fails++;
        all = all && passed;
      }
      return all;
    },
    think(seconds) {
      const exact = typeof seconds === 'number' ? seconds : (seconds.min + seconds.max) / 2;
      script.thinkSeconds += exact;
      options.onThink?.(exact);
      return Promise.resolve();
    },
    record(metric, value) {
      if (!scenario.metrics?.some(({ name }) => name === metric))
        throw new Error(`${metric} is not declared`);
      script.metrics.set(metric, [...(script.metrics.get(metric) ?? []), value]);
    },
    random() {
      state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
      return state / 2_147_483_648;
    },
  };
}

/** Judges as the engine does: a 2xx whose body the operation does not accept has outcome `invalid_body`. */
function judged(response: LoadResponse, operation: Operation): LoadResponse {
  if (response.outcome !== 'ok' || operation.accepts === undefined) return response;
  const reason = operation.accepts(response);
  if (reason === undefined) return response;
  return { ...response, outcome: 'invalid_body', error: { code: 'body', message: reason } };
}

/** Names of the failed checks. */
export function failedChecks(user: ScriptedUser): string[] {
  return [...user.script.checks].filter(([, { fails }]) => fails > 0).map(([name]) => name);
}

/** Number of requests per operation. */
export function requestsByOperation(user: ScriptedUser): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { operation } of user.script.sent) counts[operation] = (counts[operation] ?? 0) + 1;
  return counts;
}
