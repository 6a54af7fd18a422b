/**
 * Advice before a run: the rate limits that its plan will exceed.
 *
 * Must hold:
 * - Pure: plan and limits in, advice out; logins at the start of users do not count.
 * - Requests are counted at the highest rate of the users: their think times only, response times of 0.
 * - All scenarios that use a limit count together: it is one limit for the run.
 * - Measured refusals (`describe-limit-hit.ts`) name a limit by `describeLimit` too, so both have the same words.
 */
import type { Demand, ExecutorOptions } from '@jarvis-load/engine';
import type { LimitScope, RateLimit } from './limits.ts';
import { Course, planOf, type Plan } from './users-over-time.ts';

/** One scenario of a run, with what limit advice needs to know. */
export interface PlannedScenario {
  readonly name: string;
  readonly demand: Demand;
  readonly executor: ExecutorOptions;
}

/** Identity of the users, which decides how many of them share a limit. */
export interface LimitIdentity {
  /** One token for all users, or one token per user. */
  readonly identity: 'shared' | 'per-user';
  /** Number of accounts that the users log in with. @default 1 */
  readonly accounts?: number;
}

/** A limit that a run will exceed. */
export interface LimitAdvice {
  readonly limit: RateLimit;
  /** Requests in the busiest window of the limit, per token, account or address. */
  readonly requestsPerWindow: number;
  /** How many times over the limit. */
  readonly factor: number;
  /**
   * Most users that stay within the limit, over all scenarios that use it; `undefined` where one of these has an arrival rate, and
   * when each user exceeds the limit alone.
   */
  readonly fittingUsers: number | undefined;
  readonly text: string;
}

/** The limits that a run will exceed, computed before the run. */
export function limitAdvice(
  scenarios: readonly PlannedScenario[],
  limits: readonly RateLimit[],
  who: LimitIdentity,
): readonly LimitAdvice[] {
  const advice: LimitAdvice[] = [];
  for (const limit of limits) {
    const loads = scenarios.map((scenario) => loadOn(scenario, limit)).filter((load) => load.perUnit > 0);
    const busiest = busiestWindow(loads, limit.perSeconds * 1000);
    if (busiest === undefined) continue;
    const sharers = countSharers(limit.scope, who, busiest.users);
    const requestsPerWindow = busiest.requests / sharers;
    const factor = requestsPerWindow / limit.requests;
    if (factor <= 1) continue;
    const closed = loads.every((load) => load.plan.unit === 'users');
    const facts: Facts = {
      limit,
      ...busiest,
      requestsPerWindow,
      factor,
      closed,
      alone: sharers >= busiest.users,
      fitsWithOwnTokens:
        who.identity === 'shared' &&
        limit.scope === 'token' &&
        busiest.requests / busiest.users <= limit.requests,
    };
    const fittingUsers = closed && !facts.alone ? Math.floor(busiest.users / factor) : undefined;
    advice.push({ limit, requestsPerWindow, factor, fittingUsers, text: explain(facts, fittingUsers) });
  }
  return advice;
}

interface Load {
  readonly plan: Plan;
  /** Requests per user-second, or per iteration. */
  readonly perUnit: number;
}

interface Busiest {
  readonly requests: number;
  /** Highest users, or iterations per second, of each scenario in that window, added up. */
  readonly users: number;
}

function loadOn(scenario: PlannedScenario, limit: RateLimit): Load {
  const { demand } = scenario;
  const perIteration = limit.operations.reduce((sum, name) => sum + (demand.requests[name] ?? 0), 0);
  const plan = planOf(scenario.executor);
  // Without think time the rate is unbounded; assume one iteration per millisecond.
  const perUnit =
    plan.unit === 'users' ? perIteration / Math.max(demand.iterationSeconds, 0.001) : perIteration;
  return { plan, perUnit };
}

/**
 * The busiest window. Its requests are quadratic in its start between two moments at which it starts or ends at an edge of a
 * piece, so the most are at one of these, or where the rate at both ends of the window is the same.
 */
function busiestWindow(loads: readonly Load[], windowMs: number): Busiest | undefined {
  const courses = loads.map(({ plan, perUnit }) => ({ course: new Course(plan.pieces), perUnit }));
  const sumOf = (read: (course: Course) => number): number =>
    courses.reduce((sum, { course, perUnit }) => sum + read(course) * perUnit, 0);
  let busiest = { startMs: 0, requests: 0 };
  const tryAt = (startMs: number): void => {
    const requests = sumOf((course) => course.areaUntil(startMs + windowMs) - course.areaUntil(startMs));
    if (requests > busiest.requests) busiest = { startMs, requests };
  };
  let previousMs: number | undefined;
  for (const startMs of startsOf(loads, windowMs)) {
    tryAt(startMs);
    if (previousMs !== undefined) {
      const a = previousMs;
      const rising = sumOf((course) => course.levelAfter(a + windowMs) - course.levelAfter(a));
      const falling = sumOf((course) => course.levelBefore(startMs) - course.levelBefore(startMs + windowMs));
      if (rising > 0 && falling > 0) tryAt(a + ((startMs - a) * rising) / (rising + falling));
    }
    previousMs = startMs;
  }
  const { startMs, requests } = busiest;
  return requests === 0 ? undefined : { requests, users: peakIn(loads, startMs, startMs + windowMs) };
}

/** Moments at which a window starts at an edge of a piece, or ends at one; in order. */
function startsOf(loads: readonly Load[], windowMs: number): readonly number[] {
  const edges = loads.flatMap(({ plan }) => plan.pieces.flatMap((piece) => [piece.fromMs, piece.toMs]));
  const starts = new Set(edges.flatMap((edge) => [edge, Math.max(0, edge - windowMs)]));
  return [...starts].sort((a, b) => a - b);
}

function peakIn(loads: readonly Load[], fromMs: number, toMs: number): number {
  return loads.reduce((sum, { plan }) => {
    const levels = plan.pieces
      .filter((piece) => piece.toMs > fromMs && piece.fromMs < toMs)
      .map((piece) => Math.max(piece.from, piece.to));
    return sum + Math.max(0, ...levels);
  }, 0);
}

/** Number of tokens, accounts or addresses that the requests are distributed over. */
function countSharers(scope: LimitScope, who: LimitIdentity, users: number): number {
  if (scope === 'address' || who.identity === 'shared') return 1;
  return Math.max(1, scope === 'token' ? users : Math.min(users, who.accounts ?? 1));
}

const PER: Readonly<Record<LimitScope, string>> = {
  token: 'per token',
  user: 'per user',
  address: 'per address',
};

/** `60 per minute per token`. */
export function describeLimit(limit: RateLimit): string {
  return `${limit.requests} ${describeWindow(limit.perSeconds)} ${PER[limit.scope]}`;
}

/** `per minute`, `per 10 s`. */
function describeWindow(seconds: number): string {
  if (seconds === 1) return 'per second';
  if (seconds === 60) return 'per minute';
  return `per ${seconds} s`;
}

interface Facts extends Busiest {
  readonly limit: RateLimit;
  readonly requestsPerWindow: number;
  readonly factor: number;
  readonly closed: boolean;
  /** No users share the limit: each user exceeds it alone. */
  readonly alone: boolean;
  readonly fitsWithOwnTokens: boolean;
}

const round = (value: number): string =>
  value < 10 ? value.toFixed(1).replace(/\.0$/, '') : String(Math.round(value));

function explain(facts: Facts, fittingUsers: number | undefined): string {
  const { limit, requests, users, requestsPerWindow, factor } = facts;
  const asker = facts.closed ? `${round(users)} users ask for` : 'The planned rates come to';
  const spread = requestsPerWindow === requests ? '' : ` (${round(requestsPerWindow)} ${PER[limit.scope]})`;
  const excess =
    `${asker} about ${round(requests)} ${limit.name} requests ${describeWindow(limit.perSeconds)}${spread}, ` +
    `${round(factor)} times the limit of ${describeLimit(limit)}.`;
  if (!facts.closed) return `${excess} A rate ${round(factor)} times lower fits.`;
  if (fittingUsers === undefined) {
    return `${excess} One user alone is over it, so fewer users do not help: expect refusals (429).`;
  }
  const fits =
    fittingUsers === 0
      ? 'Not even one user fits'
      : `With ${fittingUsers} ${fittingUsers === 1 ? 'user' : 'users'} it fits`;
  return `${excess} ${fits}${facts.fitsWithOwnTokens ? '; so it does with a token per user (identity per-user)' : ''}.`;
}
