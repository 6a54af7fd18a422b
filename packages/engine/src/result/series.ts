import type { MachineSecond } from '../model/run-snapshot.ts';
import { waitingShare } from '../machine/waiting-share.ts';
import { OUTCOMES } from '../outcome.ts';
import { Histogram } from '../recorder/histogram.ts';
import { mergeSnapshots } from '../recorder/histogram-snapshot.ts';
import { quantileOfSnapshot } from '../recorder/snapshot-quantile.ts';
import { latencyRows } from '../recorder/latency-rows.ts';
import { LATENCY_ROWS_PER_DECADE } from '../document/document-format.ts';
import type { HistogramSnapshot } from '../model/histogram-snapshot.ts';
import type { Measures, TrendSum } from '../recorder/measures.ts';
import { mergeOutcomes } from '../recorder/operation-measures.ts';
import { documentOutcomes } from './operation-stats.ts';
import { known } from './known.ts';
import { mergeStreamBins, seriesStreams, streamBin, type StreamBin } from './stream-bin.ts';
import { percentilesOf } from './latency-stats.ts';
import type { IntendedPoint, SeriesPoint } from '../document/schema.ts';

/*
 * Must hold:
 * - `add` gets each interval once, in order of time, after `total` has taken it; `addLate` what ended in a second that is closed.
 * - Bins and the blocks of `blocks.ts` join and widen by the same rules (last fraction, `GRAIN_MS`): both change together.
 */

/** Most points of a series: charts cannot show more, and it bounds the size of the document. */
const MAX_POINTS = 300;
const FIRST_BIN_MS = 1000;
const GRAIN_MS = 10;
const OUTCOME_COUNT = OUTCOMES.length;
const OK = OUTCOMES.indexOf('ok');
const HUNG_UP = OUTCOMES.indexOf('hung_up');
const RATE_LIMITED = OUTCOMES.indexOf('rate_limited');

interface OperationBin {
  requests: number;
  failed: number;
  rateLimited: number;
  times: HistogramSnapshot[];
  /** Of answers with outcome ok; undefined: all have it. */
  okTimes: HistogramSnapshot[] | undefined;
  streams: StreamBin | undefined;
}

interface Bin {
  readonly startMs: number;
  endMs: number;
  users: number;
  targetUsers: number;
  inFlight: number;
  iterations: number;
  dropped: number;
  readonly outcomes: Float64Array;
  bytesReceived: number;
  /** Processor time of our threads and their waiting for it; null: not measured. */
  runMs: number | null;
  waitMs: number | null;
  times: HistogramSnapshot[];
  readonly operations: Map<string, OperationBin>;
  readonly trends: Map<string, TrendSum>;
  cumulative: SeriesPoint['cumulative'];
}

/**
 * Data of the charts: bins of 1 s; when there are too many, neighbours are merged to 2 s, 4 s and so on during the run.
 * Merging histograms is exact, so wide bins are as exact as narrow ones.
 */
export class SeriesRecorder {
  #binMs = FIRST_BIN_MS;
  #bins: Bin[] = [];
  readonly #intended = new Map<number, HistogramSnapshot[]>();
  /** Response times of everything added so far. */
  readonly overall = new Histogram();

  /**
   * @param total everything up to the end of this interval
   * @param machine what the machine did in it; `undefined`: not measured
   */
  add(
    interval: Measures,
    total: Measures,
    startMs: number,
    endMs: number,
    intended: readonly (readonly [second: number, times: HistogramSnapshot])[],
    machine?: Pick<MachineSecond, 'runMs' | 'waitMs'>,
  ): void {
    const bin = this.#toBin(interval, startMs, endMs);
    bin.runMs = machine?.runMs ?? null;
    bin.waitMs = machine?.waitMs ?? null;
    for (const snapshot of bin.times) this.overall.addSnapshot(snapshot);
    bin.cumulative = this.#cumulative(total);
    const last = this.#bins.at(-1);
    // Merge the last fraction of a second into the previous bin: on its own, its few requests would look like a high
    // rate.
    const fraction = endMs - startMs < FIRST_BIN_MS / 2;
    if (last !== undefined && (fraction || this.#binOf(startMs) === this.#binOf(last.startMs))) {
      merge(last, bin);
    } else {
      this.#bins.push(bin);
    }
    this.#addIntended(intended);
    while (this.#bins.length > MAX_POINTS || this.#intended.size > MAX_POINTS) this.#widen();
  }

  /** Adds requests that ended in an already closed second; leaves users and cumulative values unchanged. */
  addLate(
    interval: Measures,
    startMs: number,
    intended: readonly (readonly [second: number, times: HistogramSnapshot])[],
  ): void {
    const bin = this.#toBin(interval, startMs, startMs + FIRST_BIN_MS);
    for (const snapshot of bin.times) this.overall.addSnapshot(snapshot);
    const mine = this.#bins.findLast((each) => each.startMs <= startMs) ?? this.#bins[0];
    if (mine !== undefined) addCounts(mine, bin);
    this.#addIntended(intended);
    while (this.#intended.size > MAX_POINTS) this.#widen();
  }

  result(): { binMs: number; points: SeriesPoint[]; byIntendedStart: IntendedPoint[] } {
    return {
      binMs: this.#binMs,
      points: this.#bins.map(toPoint),
      byIntendedStart: [...this.#intended]
        .sort(([a], [b]) => a - b)
        .map(([key, times]) => toIntendedPoint(key * this.#binMs, mergeSnapshots(times))),
    };
  }

  #addIntended(intended: readonly (readonly [second: number, times: HistogramSnapshot])[]): void {
    for (const [second, times] of intended) {
      const key = Math.floor((second * FIRST_BIN_MS) / this.#binMs);
      this.#intended.set(key, [mergeSnapshots([...(this.#intended.get(key) ?? []), times])]);
    }
  }

  #cumulative(total: Measures): SeriesPoint['cumulative'] {
    const { overall } = this;
    let requests = 0;
    let failed = 0;
    let bytes = 0;
    for (const operation of total.operations) {
      requests += operation.requests;
      failed += operation.failed;
      bytes += operation.bytesReceived;
    }
    return {
      requests,
      failed,
      medianMs: ms(overall.quantile(0.5)),
      meanMs: ms(overall.mean),
      minMs: ms(overall.min),
      maxMs: ms(overall.max),
      meanBodyBytes: requests === 0 ? null : known(bytes / requests),
    };
  }

  #toBin(interval: Measures, startMs: number, endMs: number): Bin {
    const outcomes = new Float64Array(OUTCOME_COUNT);
    const operations = new Map<string, OperationBin>();
    let bytesReceived = 0;
    const all: HistogramSnapshot[] = [];
    for (const { index, operation } of interval.run.operations) {
      const measures = interval.operations[index]!;
      const { requests } = measures;
      const streams = streamBin(measures.streams);
      if (requests === 0 && streams === undefined) continue;
      measures.outcomes.forEach((count, outcome) => (outcomes[outcome]! += count));
      bytesReceived += measures.bytesReceived;
      const times = mergeOutcomes(measures.response).snapshot();
      all.push(times);
      const ok = measures.response[OK];
      const own: OperationBin = {
        requests,
        failed: measures.failed,
        rateLimited: measures.outcomes[RATE_LIMITED]!,
        times: [times],
        okTimes: (ok?.count ?? 0) === times.count ? undefined : ok === undefined ? [] : [ok.snapshot()],
        streams,
      };
      // Several scenarios may have the operation.
      const bin = operations.get(operation.name);
      if (bin === undefined) operations.set(operation.name, own);
      else addOperation(bin, own);
    }
    const sum = (read: (scenario: Measures['scenarios'][number]) => number): number =>
      interval.scenarios.reduce((total, scenario) => total + read(scenario), 0);
    return {
      startMs,
      endMs,
      users: sum(({ users }) => users),
      targetUsers: sum(({ targetUsers }) => targetUsers),
      inFlight: sum(({ inFlight }) => inFlight),
      iterations: sum(({ counts }) => counts.completed),
      dropped: sum(({ counts }) => counts.dropped),
      outcomes,
      bytesReceived,
      runMs: null,
      waitMs: null,
      times: all.length === 0 ? [] : [mergeSnapshots(all)],
      operations,
      trends: new Map([...interval.trendSums].map(([name, sums]) => [name, { ...sums }])),
      cumulative: {
        requests: 0,
        failed: 0,
        medianMs: null,
        meanMs: null,
        minMs: null,
        maxMs: null,
        meanBodyBytes: null,
      },
    };
  }

  /** Index of the bin; intervals start at whole seconds, within the resolution of timers. */
  #binOf(startMs: number): number {
    return Math.floor((startMs + GRAIN_MS) / this.#binMs);
  }

  #widen(): void {
    this.#binMs *= 2;
    const wide: Bin[] = [];
    for (const bin of this.#bins) {
      const last = wide.at(-1);
      if (last !== undefined && this.#binOf(bin.startMs) === this.#binOf(last.startMs)) {
        merge(last, bin);
      } else {
        wide.push(bin);
      }
    }
    this.#bins = wide;
    const intended = [...this.#intended];
    this.#intended.clear();
    for (const [key, times] of intended) {
      const half = Math.floor(key / 2);
      this.#intended.set(half, [mergeSnapshots([...(this.#intended.get(half) ?? []), ...times])]);
    }
  }
}

function merge(into: Bin, bin: Bin): void {
  into.endMs = bin.endMs;
  into.users = bin.users;
  into.targetUsers = bin.targetUsers;
  into.inFlight = bin.inFlight;
  into.cumulative = bin.cumulative;
  addCounts(into, bin);
}

function addCounts(into: Bin, bin: Bin): void {
  into.iterations += bin.iterations;
  into.dropped += bin.dropped;
  bin.outcomes.forEach((count, outcome) => (into.outcomes[outcome]! += count));
  into.bytesReceived += bin.bytesReceived;
  into.runMs = addKnown(into.runMs, bin.runMs);
  into.waitMs = addKnown(into.waitMs, bin.waitMs);
  for (const [name, { count, sum }] of bin.trends) {
    const mine = into.trends.get(name) ?? { count: 0, sum: 0 };
    into.trends.set(name, { count: mine.count + count, sum: mine.sum + sum });
  }
  if (bin.times.length > 0) into.times = [mergeSnapshots([...into.times, ...bin.times])];
  for (const [name, operation] of bin.operations) {
    const mine = into.operations.get(name);
    if (mine === undefined) {
      into.operations.set(name, operation);
      continue;
    }
    addOperation(mine, operation);
  }
}

function addOperation(into: OperationBin, bin: OperationBin): void {
  into.requests += bin.requests;
  into.failed += bin.failed;
  into.rateLimited += bin.rateLimited;
  if (into.okTimes !== undefined || bin.okTimes !== undefined)
    into.okTimes = [mergeSnapshots([...(into.okTimes ?? into.times), ...(bin.okTimes ?? bin.times)])];
  into.times = [mergeSnapshots([...into.times, ...bin.times])];
  into.streams = mergeStreamBins(into.streams, bin.streams);
}

function addKnown(a: number | null, b: number | null): number | null {
  return a === null || b === null ? (a ?? b) : a + b;
}

function toPoint(bin: Bin): SeriesPoint {
  const histogram = new Histogram();
  for (const times of bin.times) histogram.addSnapshot(times);
  const requests = bin.outcomes.reduce((sum, count) => sum + count, 0);
  return {
    atMs: bin.startMs,
    durationMs: bin.endMs - bin.startMs,
    users: known(bin.users),
    targetUsers: known(bin.targetUsers),
    inFlight: known(bin.inFlight),
    iterations: bin.iterations,
    dropped: bin.dropped,
    requests,
    failed: requests - bin.outcomes[OK]! - bin.outcomes[HUNG_UP]!,
    outcomes: documentOutcomes(bin.outcomes),
    bytesReceived: known(bin.bytesReceived),
    waitShare: waitingShare(bin),
    responseTime: {
      percentiles: percentilesOf(histogram),
      meanMs: meanMs(histogram.mean),
      maxMs: ms(histogram.max),
    },
    latencyRows: rowsOf(histogram),
    cumulative: bin.cumulative,
    trends: Object.fromEntries(
      [...bin.trends].map(([name, { count, sum }]) => [name, { count, mean: sum / count }]),
    ),
    operations: Object.fromEntries(
      [...bin.operations].map(([name, { requests: count, failed, rateLimited, times, okTimes, streams }]) => [
        name,
        {
          requests: count,
          failed,
          rateLimited,
          ...statisticsOf(times),
          ...(okTimes === undefined ? {} : { ok: statisticsOf(okTimes) }),
          ...(streams === undefined ? {} : { streams: seriesStreams(streams) }),
        },
      ]),
    ),
  };
}

function statisticsOf(times: readonly HistogramSnapshot[]) {
  const snapshot = mergeSnapshots(times);
  const { count, sum, max } = snapshot;
  return {
    ...quantilesOf(snapshot),
    p90Ms: ms(quantileOfSnapshot(snapshot, 0.9)),
    meanMs: meanMs(count === 0 ? undefined : sum / count),
    maxMs: ms(count === 0 ? undefined : max),
  };
}

function quantilesOf(snapshot: HistogramSnapshot) {
  return {
    p50Ms: ms(quantileOfSnapshot(snapshot, 0.5)),
    p95Ms: ms(quantileOfSnapshot(snapshot, 0.95)),
    p99Ms: ms(quantileOfSnapshot(snapshot, 0.99)),
  };
}

function rowsOf(histogram: Histogram): { first: number; counts: number[] } {
  const { first, counts } = latencyRows(histogram.snapshot(), LATENCY_ROWS_PER_DECADE);
  return { first, counts: [...counts] };
}

function toIntendedPoint(atMs: number, times: HistogramSnapshot): IntendedPoint {
  return {
    atMs,
    count: times.count,
    ...quantilesOf(times),
    maxMs: times.count === 0 ? null : times.max / 1000,
  };
}

/** To a microsecond: more digits would only lengthen the document. */
function meanMs(us: number | undefined): number | null {
  return us === undefined ? null : Math.round(us) / 1000;
}

function ms(us: number | undefined): number | null {
  return us === undefined ? null : us / 1000;
}
