import type { RecordedScenario } from '../model/compiled-run.ts';
import { rateCurveOf } from '../plan/arrivals.ts';

/** Samples that began longer than this before the first one in the file have a wrong time. */
const MOST_BEFORE_MS = 60_000;
/** Arrivals by which another tool's count of a complete plan differs from the expected one. */
const ARRIVALS_APART = 2;

/**
 * When a scenario was active, from its own samples: rates are over that time, not over that of the whole run. Times are Unix
 * milliseconds.
 *
 * Must hold: the result is the time that `Measures.activeMsOf` gives natively: the planned time of an open scenario, and of a
 * closed one that time and its last iterations, by their share of the users. An executor that is not known has its first to
 * its last sample.
 */
export class ActiveTime {
  #firstMs = Number.POSITIVE_INFINITY;
  #lastMs = Number.NEGATIVE_INFINITY;
  /** Time of iterations, and the part of it before the planned end. */
  #iterationMs = 0;
  #plannedMs = 0;
  readonly #executor: RecordedScenario['executor'];

  constructor({ executor }: RecordedScenario) {
    this.#executor = executor;
  }

  /** Something of the scenario began and ended. */
  add(startMs: number, endMs: number): void {
    if (startMs < this.#firstMs) this.#firstMs = startMs;
    if (endMs > this.#lastMs) this.#lastMs = endMs;
  }

  /** An iteration, each once. */
  iteration(startMs: number, endMs: number): void {
    this.add(startMs, endMs);
    this.#iterationMs += endMs - startMs;
    const plannedEndMs = this.#firstMs + (this.#executor.plannedDurationMs ?? Number.POSITIVE_INFINITY);
    this.#plannedMs += Math.max(0, Math.min(endMs, plannedEndMs) - startMs);
  }

  /**
   * Start and length of the load; undefined without a sample.
   * @param counts of iterations; `planned` are those that arrived, dropped ones included
   * @param originMs start of the run @param endMs its end: samples of a wrong time are after it
   */
  of(
    counts: { readonly started: number; readonly planned: number },
    originMs: number,
    endMs: number,
  ): { readonly startMs: number; readonly loadMs: number } | undefined {
    // The origin is that of the first sample in the file: one that comes later in it may have begun before.
    const startMs = Math.min(Math.max(this.#firstMs, originMs - MOST_BEFORE_MS), endMs);
    const spanMs = Math.min(this.#lastMs, endMs) - startMs;
    if (!(spanMs >= 0)) return undefined;
    return { startMs: Math.max(0, startMs - originMs), loadMs: this.#loadMs(spanMs, counts) };
  }

  #loadMs(spanMs: number, { started, planned }: { started: number; planned: number }): number {
    const { model, plannedDurationMs } = this.#executor;
    const plannedMs = plannedDurationMs ?? Number.POSITIVE_INFINITY;
    if (model === 'open' && Number.isFinite(plannedMs)) {
      // A rate that ends at or near 0 leaves a long time without arrivals at the end of the plan.
      if (Math.abs(planned - arrivalsOf(this.#executor)) <= ARRIVALS_APART) return plannedMs;
      // The last arrival is up to two gaps before the end of the plan; one that is earlier was the last of a run that ended early.
      const gapMs = started > 1 ? spanMs / (started - 1) : plannedMs;
      return spanMs + 2 * gapMs >= plannedMs ? plannedMs : spanMs;
    }
    if (spanMs <= plannedMs || this.#plannedMs === 0) return spanMs;
    return (plannedMs * this.#iterationMs) / this.#plannedMs;
  }
}

/** Arrivals of the whole plan; NaN where it does not tell them. */
function arrivalsOf(executor: RecordedScenario['executor']): number {
  switch (executor.kind) {
    case 'constant-arrival-rate':
    case 'ramping-arrival-rate':
      // The curve is that of all scenarios that share the schedule.
      return rateCurveOf(executor).total / (executor.turn?.of ?? 1);
    case 'replayed-arrivals':
      return executor.rows;
    default:
      return Number.NaN;
  }
}
