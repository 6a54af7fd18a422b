import type { StepOutcome, StepPlan } from '../src/index.ts';

/** A seeded uniform random number, mulberry32. */
export function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** An outcome without figures. */
export function outcome(status: StepOutcome['status'], more: Partial<StepOutcome> = {}): StepOutcome {
  return {
    status,
    reasons: status === 'pass' ? [] : [`is ${status}`],
    unproven: [],
    figures: null,
    recovered: true,
    runId: null,
    startedAt: null,
    ...more,
  };
}

/** A queue with one server, exponential service and Poisson arrivals: p99 of the sojourn against a limit. */
export function queueStep(
  { level, durationMs }: StepPlan,
  random: () => number,
  { mu, limitMs }: { readonly mu: number; readonly limitMs: number },
): StepOutcome {
  const exponential = (rate: number): number => (-Math.log1p(-random()) / rate) * 1000;
  const sojourns: number[] = [];
  let arrival = 0;
  let free = 0;
  for (;;) {
    arrival += exponential(level);
    if (arrival > durationMs) break;
    free = Math.max(arrival, free) + exponential(mu);
    sojourns.push(free - arrival);
  }
  const sorted = Float64Array.from(sojourns).sort();
  const p99 = sorted[Math.ceil(sorted.length * 0.99) - 1]!;
  const broken = { name: 'objective work p99', measured: `${Math.round(p99)} ms`, limit: `${limitMs} ms` };
  return p99 < limitMs ? outcome('pass') : outcome('fail', { broken });
}
