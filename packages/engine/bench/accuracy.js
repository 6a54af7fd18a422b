/**
 * The cases of accuracy.md: a scripted server with known behaviour, and computed results, for this engine and for k6,
 * measured in one run. A quarter of the stated lengths unless `--full`; `--only T2` selects cases.
 *
 *     node bench/accuracy.js [--full] [--only T1,T2] [--attempts 2]
 *
 * "off by" is the largest deviation of any shown number from the correct one, with the excess over the tolerance in
 * brackets. The tolerance is 0.1 %, 1 us, one step of the schedule in cases with a stall, and the lateness of the run:
 * the largest pacer lag that it reports (k6 reports none) and the largest lateness that the server measured of itself,
 * of a response and of its event loop, which is when it reads a request. On a busy machine the computed numbers do not
 * apply: "server's record" compares with the server's own clock.
 */
import { sampleTruth } from '../test/support/analytic.js';
import { ScriptedServer } from '../test/support/scripted-server.js';
import { accuracyCases } from './support/accuracy-cases.js';
import { readArguments } from './support/arguments.js';
import { generate } from './support/generate.js';
import { k6Summary } from './peers/k6-summary.js';
import { canPin, environmentLine } from './support/programs.js';
import { markdownTable } from './support/table.js';

const QUANTILES = /** @type {const} */ ([0.5, 0.9, 0.95, 0.99, 0.999, 0.9999]);
/** A server that was never later than this has followed its script. */
const QUIET_MS = 15;
const HEAD = [
  'case',
  'tool',
  'p50',
  'p90',
  'p95',
  'p99',
  'p99.9',
  'p99.99',
  'max',
  'mean',
  'samples',
  'dropped',
  'off by',
];

const { full, only, attempts } = readArguments({ full: false, only: '', attempts: '2' });
const pins = canPin();
const server = await ScriptedServer.start({}, pins ? { cpu: 0 } : {});
const cpu = pins ? 1 : undefined;
// As `nx run cli:load` runs: V8's memory reducer would pause a light run three times in its first ten seconds, for 5 to
// 14 ms.
const nodeFlags = ['--no-memory-reducer'];
// The server runs on Node too: compile its code before it is used as the reference.
await server.play({ latencyMs: 1, precise: true });
const warmUp = { kind: 'constant-vus', vus: 20, duration: '4s' };
await generate({ baseUrl: server.origin, scenario: 'get', executor: warmUp }, { cpu });
/** @type {string[][]} */
const rows = [];

for (const { name, script, options, k6, intendedMs, stepMs, truthOf } of accuracyCases(full ? 1 : 0.25)) {
  if (only !== '' && !only.split(',').some((start) => name.startsWith(start))) continue;
  const quiet = await quietest(script, () =>
    generate({ ...options, baseUrl: server.origin }, { cpu, nodeFlags }),
  );
  const { result } = quiet.measured;
  const truth = truthOf(quiet.report);
  const lateMs = (result.health.pacerLag.maxMs ?? 0) + quiet.serverLateMs;
  const tolerance = (/** @type {number} */ ms, /** @type {number} */ late) =>
    0.001 * ms + 0.001 + stepMs + late;
  const correct = [...QUANTILES.map((p) => truth.quantile(p)), truth.max, truth.mean];
  rows.push([name, 'correct', ...correct.map(shown), `${truth.samples}`, '0', '']);

  // In a closed model response time is service time plus opening the connection for each user's first request.
  const { responseTime, serviceTime } = result.totals;
  const { percentiles, maxMs, meanMs, count } = intendedMs === undefined ? serviceTime : responseTime;
  const { p50, p90, p95, p99, 'p99.9': p999, 'p99.99': p9999 } = percentiles;
  const ours = [p50, p90, p95, p99, p999, p9999, maxMs, meanMs].map(Number);
  const record = recordOf(quiet.report, intendedMs);
  const recorded = [...QUANTILES.map((p) => record.quantile(p)), record.max, record.mean];
  const dropped = `${result.iterations.dropped}`;
  rows.push([
    '',
    'jarvis-load',
    ...ours.map(shown),
    `${count}`,
    dropped,
    offBy(ours, correct, (ms) => tolerance(ms, lateMs)),
  ]);
  const apart = `${shown(furthest(ours, recorded))} from ours, late ${shown(lateMs)}`;
  rows.push(['', "server's record", ...recorded.map(shown), `${record.sorted.length}`, '', apart]);

  if (k6 === undefined) continue;
  const { measured: summary, serverLateMs } = await quietest(script, () =>
    k6Summary({ ...k6, TARGET: `${server.origin}/` }, cpu),
  );
  if (summary === undefined) continue;
  const {
    med,
    'p(90)': k90,
    'p(95)': k95,
    'p(99)': k99,
    'p(99.9)': k999,
    'p(99.99)': k9999,
    max,
    avg,
  } = summary.duration;
  const theirs = [med, k90, k95, k99, k999, k9999, max, avg];
  rows.push([
    '',
    'k6',
    ...theirs.map(shown),
    `${summary.duration.count}`,
    `${summary.dropped}`,
    offBy(theirs, correct, (ms) => tolerance(ms, serverLateMs)),
  ]);
}
await server.close();

console.log(`\n### Accuracy\n\n${environmentLine(['k6'])}`);
console.log(`${full ? 'Full' : 'A quarter of the stated'} lengths; milliseconds\n`);
console.log(markdownTable(HEAD, rows));

/**
 * Measures again when the server, by its own record, was late: what the machine did to it is no tool's fault. Keeps the
 * attempt in which it was late the least, and judges both tools by that rule.
 *
 * @template T
 * @param {import('../test/support/scripted-server.js').Script} script
 * @param {() => Promise<T>} measure
 */
async function quietest(script, measure) {
  /** @type {{ measured: T, report: Awaited<ReturnType<typeof server.report>>, serverLateMs: number } | undefined} */
  let best;
  for (
    let attempt = 0;
    attempt < Number(attempts) && (best?.serverLateMs ?? Infinity) > QUIET_MS;
    attempt++
  ) {
    await server.play({ ...script, precise: true });
    const measured = await measure();
    const report = await server.report();
    const answerLagMs = report.answeredMs.reduce(
      (most, ms, k) => Math.max(most, ms - (report.dueMs[k] ?? ms)),
      0,
    );
    const serverLateMs = answerLagMs + report.latestMs;
    if (serverLateMs < (best?.serverLateMs ?? Infinity)) best = { measured, report, serverLateMs };
  }
  if (best === undefined) throw new Error('expected --attempts of at least 1');
  return best;
}

/**
 * What the run was, by the server's own clock: from each intended start to its answer. Whatever the machine did is in it,
 * so a tool that measures rightly agrees with it on any machine. A closed model has no schedule: from each arrival.
 *
 * @param {Awaited<ReturnType<typeof server.report>>} report
 * @param {((k: number) => number) | undefined} intendedMs
 */
function recordOf({ numbers, arrivedMs, answeredMs }, intendedMs) {
  if (intendedMs === undefined) return sampleTruth(answeredMs.map((ms, i) => ms - (arrivedMs[i] ?? ms)));
  const offsets = numbers.map(intendedMs);
  // No arrival is early, so the earliest one gives the start of the schedule.
  const originMs = arrivedMs.reduce((least, ms, i) => Math.min(least, ms - (offsets[i] ?? ms)), Infinity);
  return sampleTruth(answeredMs.map((ms, i) => ms - originMs - (offsets[i] ?? ms)));
}

/**
 * The largest difference of two lists.
 * @param {readonly number[]} one
 * @param {readonly number[]} other
 */
function furthest(one, other) {
  return Math.max(...one.map((ms, k) => Math.abs(ms - (other[k] ?? Number.NaN))));
}

/**
 * The largest difference, and the names of the numbers that are off by more than is tolerated, each with how much more.
 * @param {readonly number[]} measured
 * @param {readonly number[]} correct
 * @param {(ms: number) => number} tolerance
 */
function offBy(measured, correct, tolerance) {
  const beyond = measured.flatMap((ms, k) => {
    const right = correct[k] ?? Number.NaN;
    const more = Math.abs(ms - right) - tolerance(right);
    return more <= 0 ? [] : [`${HEAD[k + 2]} +${shown(more)}`];
  });
  return `${shown(furthest(measured, correct))} (${beyond.length === 0 ? 'within' : beyond.join(', ')})`;
}

/** @param {number} ms */
function shown(ms) {
  return ms >= 100 ? ms.toFixed(0) : ms.toFixed(1);
}
