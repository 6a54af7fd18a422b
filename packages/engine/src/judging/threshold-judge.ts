/*
 * Watches the thresholds of a run and its scenarios during the run, and judges them at its end. The outcome of a threshold that
 * ended the run is the one of that moment. Only a `fail` ends a run, never `machine-limited`.
 *
 * Must hold:
 * - `watch` gets each interval, also when `mayEnd` is false: windows need it. Before that, the caller gives the interval to
 *   `looks`, and then adds it to `total`.
 * - It is made before the first interval, and before the threads: readers and looks are opened here, and `MetricCatalog` notes
 *   what threads record separately.
 */

import { EngineError } from '../errors.ts';
import type { GoodputLook } from '../machine/goodput-look.ts';
import type { SecondLook } from '../machine/second-look.ts';
import type { LastInterval, SecondLooks } from '../machine/second-looks.ts';
import { builtinMetric } from '../metrics/builtin.ts';
import type { MetricCatalog, MetricReader } from '../metrics/metric-catalog.ts';
import type { Measures } from '../recorder/measures.ts';
import type { ThresholdResult } from '../document/schema.ts';
import type { CompiledRun, CompiledScenario } from '../model/compiled-run.ts';
import type { ThresholdInfo } from '../model/run-info.ts';
import type { ThresholdNow } from '../model/run-snapshot.ts';
import type { Thresholds } from '../model/scenario.ts';
import { excuseThreshold, openLook } from './excuse-threshold.ts';
import { bindThreshold, type BoundThreshold } from '../thresholds/bind.ts';
import { refuseConstant } from '../thresholds/check-limit.ts';
import { evaluateThreshold, type ThresholdOutcome } from '../thresholds/evaluate.ts';
import { parseThresholds } from '../thresholds/parse.ts';
import { formatSelector } from '../thresholds/parse-selector.ts';
import { isPlannedGap } from './planned-gap.ts';
import { WindowedThreshold } from './windowed-threshold.ts';

interface Judged {
  readonly threshold: BoundThreshold;
  readonly scenario: string | null;
  readonly read: MetricReader;
  readonly window: WindowedThreshold | undefined;
  /** The scenarios that can have samples of it: their load is the time of its windows. */
  readonly scenarios: readonly CompiledScenario[];
  /** Its outcome at the moment when it ended the run. */
  atAbort: ThresholdOutcome | undefined;
  /** Copy of its samples corrected for waiting for a processor; only where such waiting can make it fail. */
  readonly look: SecondLook | GoodputLook | undefined;
}

/** Watches the thresholds of a run and its scenarios, and judges them. */
export class ThresholdJudge {
  readonly #judged: readonly Judged[];
  readonly #looks: SecondLooks | undefined;
  /** Time with load of each scenario, by index, as of the last interval. */
  readonly #loadMs: number[];
  #pausedMs = 0;

  /** A scenario's own thresholds see only its samples. @throws EngineError `invalid-threshold` */
  constructor(run: CompiledRun, thresholds: Thresholds, catalog: MetricCatalog, looks?: SecondLooks) {
    const { types } = catalog;
    this.#looks = looks;
    const judged = (list: Thresholds, scenario: string | null): Judged[] =>
      ofScenario(scenario, () => parseThresholds(list)).map((parsed) => {
        if (scenario !== null) {
          refuseUnscoped(parsed.selector.metric, scenario);
          refuseOther(parsed.selector.tags['scenario'], scenario);
        }
        const scoped =
          scenario === null
            ? parsed
            : {
                ...parsed,
                selector: { ...parsed.selector, tags: { scenario, ...parsed.selector.tags } },
              };
        const { threshold, read } = ofScenario(scenario, () => {
          const bound = bindThreshold(scoped, types);
          refuseConstant(bound, builtinMetric(scoped.selector.metric) !== undefined);
          return { threshold: bound, read: catalog.reader(bound.selector) };
        });
        const sources = catalog.scenariosOf(threshold.selector);
        const measured = sources.length === 0 ? run.scenarios : sources;
        return {
          threshold,
          scenario,
          read,
          look: openLook(threshold, read, looks),
          window:
            threshold.windowMs === undefined
              ? undefined
              : new WindowedThreshold(
                  threshold,
                  Math.min(...measured.map(({ executor }) => executor.startTimeMs)),
                ),
          scenarios: measured,
          atAbort: undefined,
        };
      });
    this.#loadMs = run.scenarios.map(() => 0);
    this.#judged = [
      ...run.scenarios.flatMap(({ name, definition }) => judged(definition.thresholds ?? {}, name)),
      ...judged(thresholds, null),
    ];
  }

  /**
   * Takes the next interval; returns the first threshold that fails now and asks for the run to end. Its outcome is
   * kept, whatever is measured while the run ends.
   * @param startMs of the interval, since the start of the run
   * @param pausedMs of the run so far
   * @param mayEnd false if the run is already ending: a threshold must not replace the recorded reason
   */
  watch(
    interval: Measures,
    total: Measures,
    startMs: number,
    endMs: number,
    mayEnd: boolean,
    pausedMs = 0,
  ): string | undefined {
    const last = this.#looks?.last;
    const loaded = total.scenarios.map(({ loadMs }, index) => loadMs - this.#loadMs[index]!);
    total.scenarios.forEach(({ loadMs }, index) => (this.#loadMs[index] = loadMs));
    const isPaused = pausedMs > this.#pausedMs;
    this.#pausedMs = pausedMs;
    let abort: string | undefined;
    for (const judged of this.#judged) {
      const { threshold, window, read, scenarios } = judged;
      const loads = scenarios.map(({ index, executor }) => ({
        executor,
        total: total.scenarios[index]!,
        loadedMs: loaded[index]!,
      }));
      const loadedMs = Math.max(...loads.map((load) => load.loadedMs));
      const isOff = isPaused || isPlannedGap(loads, startMs, endMs);
      const now = window?.push(startMs, endMs, read(interval), waitingIn(last, read), loadedMs, isOff);
      if (!threshold.abortOnFail || !mayEnd || endMs < threshold.delayAbortMs) continue;
      const outcome = window === undefined ? this.#overall(judged, total) : now;
      if (outcome?.status !== 'fail') continue;
      const kept = window === undefined ? outcome : window.outcome();
      // A counter whose scenarios have planned no iteration yet: no data, not a failure.
      if (kept.status !== 'fail') continue;
      judged.atAbort = kept;
      abort ??= `${formatSelector(threshold.selector)}: ${threshold.source}`;
    }
    return abort;
  }

  /** Over the run so far; a failure that waiting for a processor can explain is `machine-limited`. */
  #overall({ threshold, read, look }: Judged, total: Measures): ThresholdOutcome {
    const values = read(total);
    const outcome = evaluateThreshold(threshold, values);
    const detail =
      outcome.status === 'fail'
        ? excuseThreshold(threshold, values, look, this.#looks?.lostShare)
        : undefined;
    return detail === undefined ? outcome : { ...outcome, status: 'machine-limited', detail };
  }

  /** Outcomes that asked for the run to end, by the place of the threshold in `infos`. */
  get aborts(): ReadonlyMap<number, ThresholdOutcome> {
    return new Map(
      this.#judged.flatMap(({ atAbort }, place) =>
        atAbort === undefined ? [] : [[place, atAbort] as const],
      ),
    );
  }

  /** Lets outcomes that ended a part of the run stand, whatever is measured over all of its parts. */
  keep(aborts: ReadonlyMap<number, ThresholdOutcome>): void {
    for (const [place, outcome] of aborts) this.#judged[place]!.atAbort = outcome;
  }

  /** The thresholds, checked. */
  get infos(): ThresholdInfo[] {
    return this.#judged.map(({ threshold, scenario }) => ({
      metric: formatSelector(threshold.selector),
      expression: threshold.source,
      scenario,
      limit: threshold.limit,
      unit: threshold.unit,
      windowMs: threshold.windowMs ?? null,
      abortOnFail: threshold.abortOnFail,
    }));
  }

  /** As they stand. @param total of the run so far */
  standing(total: Measures): ThresholdNow[] {
    return this.#judged.map((judged) => {
      const result = this.#result(judged, total);
      return { ...result, margin: marginOf(judged.threshold, result.measured) };
    });
  }

  /** At the end; optional ones without data are left out. */
  results(total: Measures): ThresholdResult[] {
    return this.#judged.flatMap((judged) => {
      const result = this.#result(judged, total);
      return judged.threshold.optional && result.status === 'no-data' ? [] : result;
    });
  }

  #result(judged: Judged, total: Measures): ThresholdResult {
    const { threshold, scenario, window, atAbort } = judged;
    const outcome = atAbort ?? window?.outcome() ?? this.#overall(judged, total);
    return {
      metric: formatSelector(threshold.selector),
      expression: threshold.source,
      scenario,
      status: outcome.status,
      measured: outcome.measured,
      limit: threshold.limit,
      unit: threshold.unit,
      samples: outcome.samples,
      samplesNeeded: outcome.samplesNeeded,
      lowSamples: outcome.lowSamples,
      aborted: atAbort !== undefined,
      ...(outcome.detail === undefined ? {} : { detail: outcome.detail }),
    };
  }
}

function waitingIn(last: LastInterval | undefined, read: MetricReader) {
  return (
    last && {
      shares: last.shares.map(({ measures, delays }) => ({ values: read(measures), delays })),
      lostMs: last.lostMs,
    }
  );
}

/** How far on the right side of the limit, as a share of its size; negative: missed. Null where it cannot be given. */
function marginOf({ operator, limit }: BoundThreshold, measured: number | null): number | null {
  if (measured === null || limit === 0) return null;
  const size = Math.abs(limit);
  if (operator === '<' || operator === '<=') return (limit - measured) / size;
  return operator === '>' || operator === '>=' ? (measured - limit) / size : null;
}

/** Names the scenario in an error about one of its thresholds; null: those of the run. */
function ofScenario<Value>(scenario: string | null, read: () => Value): Value {
  try {
    return read();
  } catch (cause) {
    if (scenario === null || !(cause instanceof EngineError)) throw cause;
    throw new EngineError(cause.code, `scenario "${scenario}": ${cause.message}`, { cause });
  }
}

/** Rejects scenario thresholds on metrics of the generator, which belong to no scenario. */
function refuseUnscoped(metric: string, scenario: string): void {
  if (builtinMetric(metric)?.tags.includes('scenario') !== false) return;
  throw new EngineError(
    'invalid-threshold',
    `scenario "${scenario}" has a threshold of ${metric}, which is measured over the whole run and not by scenario; ` +
      'expected it among the thresholds of the run.',
  );
}

/** Rejects scenario thresholds on samples of another scenario. */
function refuseOther(named: string | undefined, scenario: string): void {
  if (named === undefined || named === scenario) return;
  throw new EngineError(
    'invalid-threshold',
    `scenario "${scenario}" has a threshold on samples of scenario "${named}"; expected it there, or among the thresholds of the run.`,
  );
}
