import { lindleyTruth, overloadTruth, stallTruth } from '../../test/support/analytic.js';
import { resolveExecutor } from '../../dist/executors/resolve-executor.js';
import { planArrivals } from '../../dist/plan/arrivals.js';

/**
 * @typedef {import('../../test/support/analytic.js').Truth & { samples: number }} CaseTruth
 *
 * @typedef {object} AccuracyCase
 * @property {string} name
 * @property {import('../../test/support/scripted-server.js').Script} script
 * @property {Record<string, unknown>} options of our run
 * @property {Record<string, string> | undefined} k6 environment of peers/rate.k6.js; none where k6 cannot do it
 * @property {((k: number) => number) | undefined} intendedMs start of arrival k since that of the schedule; none in a closed model
 * @property {number} stepMs of the schedule, where a stall makes quantiles depend on it; else 0
 * @property {(report: import('../../test/support/scripted-server.js').ServerReport) => CaseTruth} truthOf
 */

const SEED = 20_261_122;

/**
 * The cases of accuracy.md.
 * @param {number} scale of the stated lengths
 * @returns {AccuracyCase[]}
 */
export function accuracyCases(scale) {
  return [
    stallCase('T1 stall, open', { rate: 1000, seconds: 20, latencyMs: 5, atMs: 8000, stallMs: 2000 }, scale),
    stallCase(
      'T2 stall, 10 connections',
      { rate: 1000, seconds: 20, latencyMs: 5, atMs: 8000, stallMs: 2000, connections: 10 },
      scale,
    ),
    overloadCase(scale),
    constantCase(scale),
    stallCase('T6 hiccup', { rate: 1000, seconds: 60, latencyMs: 10, atMs: 20_000, stallMs: 1000 }, scale),
    queueCase('T9 single server, uniform', 'uniform', scale),
    queueCase('T9 single server, Poisson', 'poisson', scale),
  ];
}

/**
 * @param {string} name
 * @param {{ rate: number, seconds: number, latencyMs: number, atMs: number, stallMs: number, connections?: number }} set
 * @param {number} scale
 * @returns {AccuracyCase}
 */
function stallCase(name, { rate, seconds, latencyMs, atMs, stallMs, connections }, scale) {
  const durationMs = seconds * 1000 * scale;
  const stall = { atMs: atMs * scale, forMs: stallMs * scale };
  const executor = arrivalRate(rate, durationMs);
  // A user is a connection in k6; with enough users it measures the same as an open model.
  const users = connections ?? Math.ceil((rate * stall.forMs) / 1000) + 300;
  return {
    name,
    script: { latencyMs, stall },
    options: {
      scenario: 'numbered',
      executor,
      ...(connections !== undefined && { maxConnections: connections }),
    },
    k6: k6Rate(rate, durationMs, users),
    intendedMs: (k) => (k * 1000) / rate,
    stepMs: 1000 / rate,
    truthOf: ({ answeredMs }) => ({
      ...stallTruth({
        ratePerSecond: rate,
        durationMs,
        latencyMs,
        stallMs: stall.forMs,
        ...(connections !== undefined && {
          capacityPerSecond: drainRate(answeredMs, rate, latencyMs, stall),
        }),
      }),
      samples: (rate * durationMs) / 1000,
    }),
  };
}

/**
 * What the connections and the latency that they really had came to, while as many answers drained as the stall had
 * held back: there is always a backlog in that time, because new requests keep coming.
 *
 * @param {Float64Array} answeredMs
 * @param {number} rate
 * @param {number} latencyMs
 * @param {{ atMs: number, forMs: number }} stall
 */
function drainRate(answeredMs, rate, latencyMs, stall) {
  const gateMs = (answeredMs[0] ?? Number.NaN) - latencyMs + stall.atMs + stall.forMs;
  const first = answeredMs.findIndex((ms) => ms >= gateMs);
  const answers = Math.floor((rate * stall.forMs) / 1000);
  const tookMs = (answeredMs[first + answers] ?? Number.NaN) - (answeredMs[first] ?? Number.NaN);
  return (answers * 1000) / tookMs;
}

/**
 * @param {number} scale
 * @returns {AccuracyCase}
 */
function overloadCase(scale) {
  const [rate, service, durationMs] = [1000, 800, 10_000 * scale];
  return {
    name: 'T3 overload, drained',
    script: { servicePerSecond: service },
    options: { scenario: 'numbered', executor: arrivalRate(rate, durationMs) },
    k6: k6Rate(rate, durationMs, Math.ceil((rate - service) * (durationMs / 1000)) + 300),
    intendedMs: (k) => (k * 1000) / rate,
    stepMs: 0,
    truthOf: () => ({
      ...overloadTruth({ ratePerSecond: rate, servicePerSecond: service, durationMs }),
      samples: (rate * durationMs) / 1000,
    }),
  };
}

/**
 * @param {number} scale
 * @returns {AccuracyCase}
 */
function constantCase(scale) {
  const [users, durationMs, latencyMs] = [10, 20_000 * scale, 100];
  return {
    name: 'T4 constant, closed',
    script: { latencyMs },
    options: { scenario: 'numbered', executor: { kind: 'constant-vus', vus: users, duration: durationMs } },
    k6: { RATE: '', DURATION: `${durationMs}ms`, VUS: `${users}`, MAX_VUS: `${users}` },
    intendedMs: undefined,
    stepMs: 0,
    truthOf: ({ answeredMs }) => ({
      quantile: () => latencyMs,
      mean: latencyMs,
      max: latencyMs,
      samples: answeredMs.length,
    }),
  };
}

/**
 * @param {string} name
 * @param {'uniform' | 'poisson'} arrivals
 * @param {number} scale
 * @returns {AccuracyCase}
 */
function queueCase(name, arrivals, scale) {
  const [rate, service, durationMs] = [80, 100, 60_000 * scale];
  const executor = { ...arrivalRate(rate, durationMs), arrivals };
  const schedule = scheduleOf(executor);
  return {
    name,
    script: { servicePerSecond: service },
    options: { scenario: 'numbered', executor, seed: SEED },
    k6: arrivals === 'poisson' ? undefined : k6Rate(rate, durationMs, 100),
    intendedMs: (k) => schedule[k] ?? Number.NaN,
    stepMs: 0,
    truthOf: () => ({ ...lindleyTruth(schedule, 1000 / service), samples: schedule.length }),
  };
}

/**
 * @param {number} rate
 * @param {number} durationMs
 */
function arrivalRate(rate, durationMs) {
  const kind = /** @type {const} */ ('constant-arrival-rate');
  return { kind, rate, duration: durationMs, preAllocatedVUs: 50, maxVUs: 20_000 };
}

/**
 * @param {number} rate
 * @param {number} durationMs
 * @param {number} users
 */
function k6Rate(rate, durationMs, users) {
  return { RATE: `${rate}`, DURATION: `${durationMs}ms`, VUS: `${users}`, MAX_VUS: `${users}` };
}

/** @param {import('@jarvis-load/engine').ConstantArrivalRateOptions} options */
function scheduleOf(options) {
  const executor = resolveExecutor(options, 'numbered');
  if (executor.kind !== 'constant-arrival-rate') throw new Error(`not a rate: ${executor.kind}`);
  // The random stream of the first scenario, as the engine derives it.
  const schedule = planArrivals(executor, SEED, 0, 0);
  const offsets = [];
  for (let next = schedule.next(); next !== undefined; next = schedule.next()) offsets.push(next);
  return offsets;
}
