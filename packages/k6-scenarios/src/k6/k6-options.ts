import type { ExecutorOptions, ScenarioDefinition, Thresholds } from '@jarvis-load/engine';
import type { Options, Scenario } from 'k6/options';

/** What k6 computes of trends: its defaults, and what our document compares. */
const TREND_STATS = ['avg', 'min', 'med', 'max', 'p(90)', 'p(95)', 'p(99)', 'count'];

/** The executor of a scenario as k6 takes it: `kind` is its name, all else is the same. */
function toK6Scenario(executor: ExecutorOptions): Scenario {
  if (executor.kind === 'load-shape') {
    throw new TypeError('k6 has no executor load-shape; expected stages, or the native engine.');
  }
  const { kind, ...rest } = executor;
  if ('arrivals' in rest || 'turn' in rest) {
    const { arrivals, turn, ...others } = rest;
    if (turn !== undefined) {
      throw new TypeError(
        `executor ${kind}: k6 has no turns; expected a rate of its own, or the native engine.`,
      );
    }
    if (arrivals === 'poisson') {
      throw new TypeError(
        `executor ${kind}: k6 has no Poisson arrivals; expected uniform ones, or the native engine.`,
      );
    }
    return { executor: kind, ...others } as unknown as Scenario;
  }
  return { executor: kind, ...rest } as unknown as Scenario;
}

/** Most users that an executor may have at once. */
export function mostUsers(executor: ExecutorOptions): number {
  switch (executor.kind) {
    case 'ramping-vus':
      return Math.max(executor.startVUs ?? 1, ...executor.stages.map(({ target }) => target));
    case 'constant-arrival-rate':
    case 'ramping-arrival-rate':
      return executor.maxVUs ?? executor.preAllocatedVUs ?? 1;
    case 'constant-vus':
    case 'per-vu-iterations':
    case 'shared-iterations':
      return executor.vus ?? 1;
    case 'load-shape':
      return 1;
  }
}

/** Thresholds in k6's words: the tag that the native engine calls `operation` is k6's `name`. */
function toK6Thresholds(thresholds: Thresholds): NonNullable<Options['thresholds']> {
  return Object.fromEntries(
    Object.entries(thresholds).map(([metric, list]) => [
      metric.replace(/([{,]\s*)operation:/g, '$1name:'),
      list.map((one) =>
        typeof one === 'string'
          ? one
          : {
              threshold: one.threshold,
              abortOnFail: one.abortOnFail ?? false,
              ...(one.delayAbortEval === undefined ? {} : { delayAbortEval: String(one.delayAbortEval) }),
            },
      ),
    ]),
  );
}

/** What {@link k6Options} takes beside the scenario. */
export interface K6OptionsParts {
  readonly userAgent: string;
  /** k6's `hosts`: names or `host:port` to the address that was checked. */
  readonly hosts: Readonly<Record<string, string>>;
}

/** k6's options for a test of one scenario. */
export function k6Options(
  scenario: Pick<ScenarioDefinition, 'name' | 'thresholds'>,
  executor: ExecutorOptions,
  { userAgent, hosts }: K6OptionsParts,
): Options {
  return {
    scenarios: { [scenario.name]: toK6Scenario(executor) },
    thresholds: toK6Thresholds(scenario.thresholds ?? {}),
    // A redirect may lead anywhere, to a host that nobody allowed.
    maxRedirects: 0,
    userAgent,
    // The login of setup waits out a rate limit.
    setupTimeout: '150s',
    summaryTrendStats: TREND_STATS,
    ...(Object.keys(hosts).length === 0 ? {} : { hosts: { ...hosts } }),
  };
}
