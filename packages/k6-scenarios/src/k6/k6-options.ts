/**
 * k6's options for a test of one scenario.
 *
 * Must hold:
 * - k6 itself follows no redirects: they may lead to hosts that nobody checked. `hosts` pins names to checked addresses.
 * - `setupTimeout` is longer than a login waits (`LONGEST_WAIT_SECONDS` of jarvis, `log-in.ts`).
 * - `mostUsers` is not below the highest user id: login slots and rows of feeders are dealt out by it.
 */
import type { ExecutorOptions, ScenarioDefinition } from '@jarvis-load/engine';
import type { Options, Scenario } from 'k6/options';
import { insteadInK6, isInK6 } from './k6-executors.ts';
import { toK6Thresholds } from './k6-threshold.ts';

/** Trend statistics: k6's defaults, and those that the result document compares. */
const TREND_STATS = ['avg', 'min', 'med', 'max', 'p(90)', 'p(95)', 'p(99)', 'count'];

/** Converts an executor: `kind` becomes k6's `executor`, the other fields are the same. */
function toK6Scenario(executor: ExecutorOptions): Scenario {
  if (!isInK6(executor)) {
    const { kind } = executor;
    throw new TypeError(`k6 2 has no executor ${kind}; expected ${insteadInK6(kind)}, or the native engine.`);
  }
  const { kind, ...rest } = executor;
  if ('arrivals' in rest || 'turn' in rest) {
    const { arrivals, turn, ...others } = rest;
    if (turn !== undefined) {
      throw new TypeError(
        `executor ${kind}: k6 does not support turns; expected a rate of its own, or the native engine.`,
      );
    }
    if (arrivals !== undefined && arrivals !== 'uniform') {
      throw new TypeError(
        `executor ${kind}: k6 does not support ${arrivals === 'poisson' ? 'Poisson' : arrivals} arrivals; expected uniform ones, or the native engine.`,
      );
    }
    return { executor: kind, ...others } as unknown as Scenario;
  }
  return { executor: kind, ...rest } as unknown as Scenario;
}

/** Highest number of concurrent users of an executor. */
export function mostUsers(executor: ExecutorOptions): number {
  switch (executor.kind) {
    case 'ramping-vus':
      return Math.max(executor.startVUs ?? 1, ...executor.stages.map(({ target }) => target));
    case 'constant-arrival-rate':
    case 'ramping-arrival-rate':
    case 'replayed-arrivals':
      return executor.maxVUs ?? executor.preAllocatedVUs ?? 1;
    case 'constant-vus':
    case 'per-vu-iterations':
    case 'shared-iterations':
      return executor.vus ?? 1;
    case 'externally-controlled':
    case 'load-shape':
      return 1;
  }
}

/** PEM texts of the certificate of this client. */
export interface K6Certificate {
  readonly cert: string;
  /** Without a passphrase: k6 reads no encrypted PKCS #8. */
  readonly key: string;
}

/** Further input of {@link k6Options}. */
export interface K6OptionsParts {
  /** Without a trailing slash. */
  readonly baseUrl: string;
  readonly certificate?: K6Certificate | undefined;
  readonly userAgent: string;
  /** k6's `hosts`: a name or `host:port`, mapped to the address that was checked. */
  readonly hosts: Readonly<Record<string, string>>;
}

function tlsAuth({ cert, key }: K6Certificate, baseUrl: string) {
  const [, host = ''] = /^https?:\/\/(\[[^\]]+\]|[^/:?#]+)/i.exec(baseUrl) ?? [];
  return { domains: [host.replace(/^\[|\]$/g, '')], cert, key };
}

/** The options. @throws TypeError for an executor that k6 cannot run */
export function k6Options(
  scenario: Pick<ScenarioDefinition, 'name' | 'thresholds'>,
  executor: ExecutorOptions,
  { userAgent, hosts, baseUrl, certificate }: K6OptionsParts,
): Options {
  return {
    scenarios: { [scenario.name]: toK6Scenario(executor) },
    thresholds: toK6Thresholds(scenario.thresholds ?? {}),
    // No redirects: they may lead to a host that the guard has not checked.
    maxRedirects: 0,
    userAgent,
    // Long enough for the login in setup to wait for a rate limit.
    setupTimeout: '150s',
    summaryTrendStats: TREND_STATS,
    ...(Object.keys(hosts).length === 0 ? {} : { hosts: { ...hosts } }),
    ...(certificate === undefined ? {} : { tlsAuth: [tlsAuth(certificate, baseUrl)] }),
  };
}
