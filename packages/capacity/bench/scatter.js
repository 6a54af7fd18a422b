// @ts-check
/**
 * How far the answers of searches lie from the capacity, by the length of their steps: many searches for M/M/1 with 50/s and
 * p99 <= 1 s (45.4/s), each step a simulation of the queue from its empty state. No load, no sockets.
 *
 *     node packages/capacity/bench/scatter.js [--searches 300]
 */
import { parseArgs } from 'node:util';
import { CapacitySearch } from '../dist/index.js';

const MU = 50;
const LIMIT_MS = 1000;
const EXPECTED = MU - Math.log(100) / (LIMIT_MS / 1000);
/** Lengths of a step and of the confirming run, in seconds. */
const LENGTHS = [
  [10, 20],
  [15, 60],
  [30, 60],
  [60, 120],
  [180, 360],
  [240, 480],
  [600, 1200],
];
const PARTS = 10;

const { searches } = parseArgs({ options: { searches: { type: 'string', default: '300' } } }).values;

/** A seeded uniform random number, mulberry32. @param {number} seed */
function randomOf(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** @param {number} level @param {number} durationMs @param {() => number} random */
function simulate(level, durationMs, random) {
  const drawMs = (/** @type {number} */ rate) => (-Math.log1p(-random()) / rate) * 1000;
  /** @type {number[]} */
  const sojourns = [];
  const parts = Array.from({ length: PARTS }, () => ({ count: 0, sumMs: 0 }));
  let freeMs = 0;
  for (let atMs = drawMs(level); atMs <= durationMs; atMs += drawMs(level)) {
    freeMs = Math.max(atMs, freeMs) + drawMs(MU);
    sojourns.push(freeMs - atMs);
    const part = parts[Math.min(PARTS - 1, Math.floor((freeMs / durationMs) * PARTS))];
    if (part !== undefined) {
      part.count++;
      part.sumMs += freeMs - atMs;
    }
  }
  sojourns.sort((a, b) => a - b);
  const p99 = sojourns[Math.ceil(sojourns.length * 0.99) - 1] ?? 0;
  const means = parts.map(({ count, sumMs }) => sumMs / Math.max(1, count));
  const mean = means.reduce((sum, each) => sum + each, 0) / PARTS;
  const variance = means.reduce((sum, each) => sum + (each - mean) ** 2, 0) / (PARTS - 1);
  return { holds: p99 < LIMIT_MS, meanError: Math.sqrt(variance / PARTS) / mean };
}

/** @param {number} seed @param {number} stepMs @param {number} confirmMs */
function searchOnce(seed, stepMs, confirmMs) {
  const random = randomOf(seed);
  const search = new CapacitySearch({
    unit: 'rate',
    from: 30,
    to: 100_000,
    precision: 0.02,
    stepMs,
    confirmMs,
  });
  let meanError = 0;
  let loadMs = 0;
  for (let plan = search.next(); plan !== undefined; plan = search.next()) {
    const { holds, meanError: error } = simulate(plan.level, plan.durationMs, random);
    loadMs += plan.durationMs;
    if (holds) meanError = error;
    const status = holds ? 'pass' : 'fail';
    search.record({
      status,
      reasons: holds ? [] : ['p99'],
      unproven: [],
      figures: null,
      recovered: true,
      runId: null,
      startedAt: null,
    });
  }
  const { answer } = search;
  return answer?.kind === 'found' ? { off: answer.level / EXPECTED - 1, meanError, loadMs } : { loadMs };
}

/** @param {readonly number[]} values @param {number} p */
const quantile = (values, p) =>
  values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(p * values.length))] ?? Number.NaN;
const percent = (/** @type {number} */ share) => `${(100 * share).toFixed(1)} %`;

console.log(
  '| step, confirmation | minutes of load | answers | within 5 % | off, mean | off, 5 to 95 % of the answers | error of the mean, median |',
);
console.log('| --- | --- | --- | --- | --- | --- | --- |');
for (const [stepS = 1, confirmS = 1] of LENGTHS) {
  const all = Array.from({ length: Number(searches) }, (_, k) =>
    searchOnce((k + 1) * 7919, stepS * 1000, confirmS * 1000),
  );
  const offs = all.flatMap(({ off }) => off ?? []);
  const errors = all.flatMap(({ meanError }) => meanError ?? []);
  const minutes = all.reduce((sum, { loadMs }) => sum + loadMs, 0) / all.length / 60_000;
  const cells = [
    `${stepS} s, ${confirmS} s`,
    minutes.toFixed(0),
    `${offs.length} of ${all.length}`,
    percent(offs.filter((off) => Math.abs(off) <= 0.05).length / all.length),
    percent(offs.reduce((sum, off) => sum + off, 0) / offs.length),
    `${percent(quantile(offs, 0.05))} to ${percent(quantile(offs, 0.95))}`,
    percent(quantile(errors, 0.5)),
  ];
  console.log(`| ${cells.join(' | ')} |`);
}
