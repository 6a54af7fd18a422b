// @ts-check
import { buildResult, compileRun, latencyStats, SampleRecorder } from '@jarvis-load/engine/ingest';
import { deriveRandom } from '@jarvis-load/engine/random';
import { Histogram } from '@jarvis-load/engine/recorder';

const START = Date.UTC(2026, 10, 28);

/**
 * @typedef {object} Simulation
 * @property {number} seed
 * @property {number} operations
 * @property {number} seconds
 * @property {number} rate requests per second of each operation, evenly spaced
 * @property {number} sigma of the logarithm of response times
 * @property {Readonly<Record<number, number>>} [factors] of response times, by operation
 * @property {number} [errorShare]
 * @property {{ readonly phi: number, readonly sigma: number }} [drift] of the logarithm of response times from second to
 *   second, common to all operations: first-order autoregressive, with this standard deviation
 * @property {{ readonly second: number, readonly factor: number, readonly errors?: boolean }} [outlier] one second with
 *   response times multiplied, or with errors alone
 * @property {(second: number) => number} [rateFactor] what a load plan with stages does to the rate
 * @property {(second: number) => number} [timeFactor] what the load does to response times over time
 */

/**
 * The result document of a run that never took place: samples of known distribution, recorded and summed up by the
 * engine's own code.
 *
 * @param {Simulation} simulation
 * @returns {import('@jarvis-load/engine/result').RunResult}
 */
export function simulatedRun(simulation) {
  const { seed, operations, seconds, rate, sigma, factors = {}, errorShare = 0, drift, outlier } = simulation;
  const { rateFactor = () => 1, timeFactor = () => 1 } = simulation;
  const run = compileRun([
    {
      name: 'simulated',
      executor: {
        kind: 'constant-arrival-rate',
        rate,
        duration: `${seconds}s`,
        preAllocatedVUs: 1,
        maxVUs: 1,
      },
      operations: Array.from({ length: operations }, (_, k) => ({
        name: `operation-${k + 1}`,
        method: /** @type {const} */ ('GET'),
        route: `/${k + 1}`,
      })),
      run: () => Promise.resolve(),
    },
  ]);
  const recorder = new SampleRecorder(run);
  recorder.begin(START);
  const random = deriveRandom(seed, 1);
  const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  let level = drift === undefined ? 0 : drift.sigma * normal();
  for (let second = 0; second < seconds; second++) {
    if (drift !== undefined && second > 0)
      level = drift.phi * level + drift.sigma * Math.sqrt(1 - drift.phi ** 2) * normal();
    const isOutlier = outlier?.second === second;
    const here = Math.round(rate * rateFactor(second));
    for (let k = 0; k < here; k++) {
      const endMs = START + 1000 * second + (1000 * (k + 0.5)) / here;
      run.operations.forEach((operation, index) => {
        const factor = (factors[index] ?? 1) * (isOutlier ? outlier.factor : 1) * timeFactor(second);
        const responseMs = 10 * (1 + index / 4) * factor * Math.exp(level + sigma * normal());
        const failed = random() < errorShare || (isOutlier && outlier.errors === true);
        recorder.request(operation, {
          endMs,
          outcome: failed ? 'server_error' : 'ok',
          status: failed ? 500 : 200,
          code: failed ? 'status_500' : '',
          message: failed ? 'failed' : '',
          responseMs,
          serviceMs: 0,
          queueMs: 0,
          phasesMs: [0, 0, 0, 0, 0, 0],
        });
      });
    }
  }
  recorder.endIterations(0, 1, START + 1000 * seconds - 1);
  const samples = recorder.finish();
  return buildResult({
    generator: { name: 'jarvis-load', version: 'simulated', engine: 'native' },
    identity: { id: `simulated-${seed}`, seed, tags: {}, end: { kind: 'completed' }, pausedMs: 0 },
    target: { name: 'simulated', url: '' },
    config: {},
    run,
    environment: null,
    total: samples.total,
    errors: samples.errors,
    series: samples.series,
    blocks: samples.blocks,
    thresholds: [],
    objectives: [],
    metrics: [],
    health: unmeasured(),
    strict: false,
    startWallMs: START,
    notes: [],
  });
}

/** @returns {import('@jarvis-load/engine/result').GeneratorHealth} */
function unmeasured() {
  const none = latencyStats(new Histogram());
  return {
    generatorLimited: null,
    reasons: [],
    eventLoopUtilization: null,
    eventLoopDelayMs: { p50: null, p99: null, max: null },
    pacerLag: none,
    queueWait: none,
    achievedOfOffered: null,
    cpuSeconds: null,
    cpuMicrosPerRequest: null,
    machineCpuShare: null,
    machine: null,
    maxRssBytes: null,
    gcSeconds: null,
    connectionsOpened: null,
    warmUpRequests: null,
    threads: [],
  };
}
