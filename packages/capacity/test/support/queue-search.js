// @ts-check
import { runLoad } from '@jarvis-load/engine';
import { deriveRandom } from '@jarvis-load/engine/random';
import { ScriptedTarget, VirtualClock } from '@jarvis-load/engine/testing';
import { CapacitySearch, driveSteps, judgeStep } from '@jarvis-load/capacity';

/**
 * A target of one case: the delay of an answer and its status, by the moment of its request in the step.
 *
 * @typedef {(atMs: number, random: () => number) => { readonly afterMs: number, readonly status?: number, readonly pieces?: NonNullable<import('@jarvis-load/engine/testing').ScriptedAnswer['pieces']> }} Answer
 *
 * @typedef {object} QueueCase
 * @property {string} text
 * @property {import('@jarvis-load/capacity').SearchOptions} search
 * @property {'poisson' | 'uniform'} arrivals
 * @property {number} [p99Ms] the objective
 * @property {import('@jarvis-load/engine').Thresholds} [thresholds] of streamed answers
 * @property {(step: number) => Answer} target of a step; what leaks keeps its state
 * @property {number} [busyStep] this step runs on a busy generator, which makes all of its answers late
 */

/** A server with one place: each request waits for those before it. @param {(random: () => number) => number} serviceMs @returns {() => Answer} */
function queue(serviceMs) {
  return () => {
    let free = 0;
    return (atMs, random) => {
      free = Math.max(atMs, free) + serviceMs(random);
      return { afterMs: free - atMs };
    };
  };
}

/** A language model with slots: each stream waits for one, and keeps it until its last token. @returns {Answer} */
function slots() {
  const free = new Float64Array(8);
  return (atMs) => {
    const slot = free.indexOf(Math.min(...free));
    const firstMs = Math.max(atMs, free[slot] ?? 0) - atMs + 120;
    const pieces = Array.from({ length: 40 }, (_, token) => ({
      atMs: firstMs + token * 15,
      bytes: `data: ${token}\n\n`,
    }));
    const endMs = pieces.at(-1)?.atMs ?? 0;
    free[slot] = atMs + endMs;
    return { afterMs: 0, pieces: [...pieces, { atMs: endMs, bytes: 'data: [DONE]\n\n' }] };
  };
}

/** @param {number} from @param {number} precision @param {number} stepMs @returns {import('@jarvis-load/capacity').SearchOptions} */
const rates = (from, precision, stepMs) => ({
  unit: 'rate',
  from,
  to: 100_000,
  precision,
  stepMs,
  confirmMs: 2 * stepMs,
});

/** By so much each answer of the leaking target is slower than the one before. */
const LEAK_MS = 0.02;
let leaked = 0;

/** @satisfies {Readonly<Record<string, QueueCase>>} */
export const QUEUE_CASES = {
  'M/M/1': {
    text: 'one server, exponential service, mu = 1000/s, Poisson arrivals, p99 <= 50 ms: 1000 - ln(100) / 50 ms = 908/s',
    search: rates(400, 0.02, 60_000),
    arrivals: 'poisson',
    p99Ms: 50,
    target: queue((random) => -Math.log1p(-random())),
  },
  fixed: {
    text: 'one server, 20 ms for each request, even arrivals, p99 <= 50 ms: mu = 50/s',
    search: rates(8, 0.02, 30_000),
    arrivals: 'uniform',
    p99Ms: 50,
    target: queue(() => 20),
  },
  'rate limit': {
    text: 'answers after 5 ms, and 429 beyond 60/s: the limit, named',
    search: rates(8, 0.02, 30_000),
    arrivals: 'uniform',
    p99Ms: 50,
    target: () => {
      let tokens = 60;
      let lastMs = 0;
      return (atMs) => {
        tokens = Math.min(60, tokens + ((atMs - lastMs) * 60) / 1000);
        lastMs = atMs;
        if (tokens < 1) return { afterMs: 1, status: 429 };
        tokens--;
        return { afterMs: 5 };
      };
    },
  },
  leaking: {
    text: 'slower by 0.02 ms with each request that it ever answered: not monotonic',
    search: rates(8, 0.05, 15_000),
    arrivals: 'uniform',
    p99Ms: 50,
    target: (step) => {
      if (step === 1) leaked = 0;
      return () => ({ afterMs: 2 + LEAK_MS * leaked++ });
    },
  },
  streams: {
    text: '8 slots, 0.705 s for each streamed answer, even arrivals, TTFT p95 <= 800 ms and goodput > 95 %: mu = 11.35/s',
    search: rates(4, 0.02, 30_000),
    arrivals: 'uniform',
    thresholds: { ttft: ['p(95)<800'], goodput: ['rate>0.95'] },
    target: slots,
  },
  'busy machine': {
    text: 'the fixed server; step 2 runs on a busy generator: repeated, not believed',
    search: rates(8, 0.02, 30_000),
    arrivals: 'uniform',
    p99Ms: 50,
    target: queue(() => 20),
    busyStep: 2,
  },
};

/**
 * Searches the capacity of a target with real runs of the engine on a virtual clock.
 *
 * @param {QueueCase} each
 * @param {number} seed
 */
export async function searchQueue(each, seed) {
  const search = new CapacitySearch(each.search);
  let requests = 0;
  await driveSteps(search, async ({ step, attempt, level, durationMs }) => {
    const clock = new VirtualClock();
    const random = deriveRandom(seed, step, attempt);
    const answer = each.target(step);
    const isBusy = step === each.busyStep && attempt === 1;
    let startMs = Number.NaN;
    const target = new ScriptedTarget(clock, ({ atMs }) => {
      if (Number.isNaN(startMs)) startMs = atMs;
      const { afterMs, ...rest } = answer(atMs - startMs, random);
      return { afterMs: afterMs + (isBusy ? 500 : 0), ...rest };
    });
    const result = await clock.until(
      runLoad({
        baseUrl: 'http://queue.test',
        clock,
        transport: target,
        seed: seed * 1000 + step * 10 + attempt,
        circuitBreaker: false,
        ...(each.p99Ms === undefined ? {} : { objectives: [{ operation: 'work', p99Ms: each.p99Ms }] }),
        ...(each.thresholds === undefined ? {} : { thresholds: each.thresholds }),
        scenarios: [
          {
            name: 'work',
            operations: [
              {
                name: 'work',
                method: 'GET',
                route: '/work',
                ...(each.thresholds === undefined
                  ? {}
                  : { stream: /** @type {const} */ ('sse'), good: 'ttft < 800 ms' }),
              },
            ],
            run: async (user) => {
              const spec = { operation: 'work', path: '/work' };
              await (each.thresholds === undefined ? user.request(spec) : user.stream(spec).response);
            },
            executor: {
              kind: 'constant-arrival-rate',
              rate: level,
              duration: durationMs,
              arrivals: each.arrivals,
              maxVUs: 2000,
            },
          },
        ],
      }),
    );
    requests += result.totals.requests;
    return judgeStep(
      isBusy
        ? { ...result, health: { ...result.health, generatorLimited: true, reasons: ['it was busy'] } }
        : result,
    );
  });
  return { answer: search.answer, steps: search.steps, requests };
}
