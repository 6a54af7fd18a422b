import type { Duration, ExecutorOptions, LoadShape } from '@jarvis-load/engine';

/*
 * For advice on rate limits only. `durationMs` accepts what `readDuration` of the engine does, so both change together: this entry runs
 * in k6 too, and holds no code of the engine (`bundle.test.ts`).
 */

const UNIT_MS: Readonly<Record<string, number>> = {
  d: 86_400_000,
  h: 3_600_000,
  m: 60_000,
  s: 1000,
  ms: 1,
  us: 1e-3,
  µs: 1e-3,
  μs: 1e-3,
  ns: 1e-6,
};
const PART = /(\d+(?:\.\d*)?|\.\d+)(ns|us|µs|μs|ms|s|m|h|d)/g;
const PLAIN_NUMBER = /^(?:\d+(?:\.\d*)?|\.\d+)$/;

/**
 * Milliseconds of a duration: a number, its digits, or k6's notation such as `1m30s`. For an invalid one any number, as the engine
 * refuses it.
 */
function durationMs(value: Duration): number {
  if (typeof value === 'number') return value;
  const text = value.trim();
  if (PLAIN_NUMBER.test(text)) return Number(text);
  let sum = 0;
  for (const [, amount, unit] of text.matchAll(PART)) sum += Number(amount) * (UNIT_MS[unit as string] ?? 0);
  return sum;
}

/** One linear piece of a plan: its level goes from `from` to `to`, in the unit of the plan. */
export interface Piece {
  readonly fromMs: number;
  readonly toMs: number;
  readonly from: number;
  readonly to: number;
}

/** What an executor plans: users of a closed model, or iterations per second of an open one. */
export interface Plan {
  readonly unit: 'users' | 'iterations-per-second';
  /** In order and without gaps: {@link Course} relies on it. */
  readonly pieces: readonly Piece[];
}

/**
 * The plan of an executor as linear pieces. Executors with a number of iterations are assumed to use their maximum
 * duration.
 */
export function planOf(executor: ExecutorOptions): Plan {
  const startMs = durationMs(executor.startTime ?? 0);
  const flat = (level: number, lengthMs: number): readonly Piece[] => [
    { fromMs: startMs, toMs: startMs + lengthMs, from: level, to: level },
  ];
  switch (executor.kind) {
    case 'constant-vus':
      return { unit: 'users', pieces: flat(executor.vus ?? 1, durationMs(executor.duration)) };
    case 'ramping-vus':
      return { unit: 'users', pieces: ramp(startMs, executor.startVUs ?? 1, executor.stages, 1) };
    case 'constant-arrival-rate': {
      const perSecond = executor.rate / (durationMs(executor.timeUnit ?? '1s') / 1000);
      return { unit: 'iterations-per-second', pieces: flat(perSecond, durationMs(executor.duration)) };
    }
    case 'ramping-arrival-rate': {
      const perSecond = 1000 / durationMs(executor.timeUnit ?? '1s');
      return {
        unit: 'iterations-per-second',
        pieces: ramp(startMs, executor.startRate ?? 0, executor.stages, perSecond),
      };
    }
    case 'replayed-arrivals':
      // Its rate is in a file, which this package does not read.
      return { unit: 'iterations-per-second', pieces: [] };
    case 'shared-iterations':
    case 'per-vu-iterations':
      return { unit: 'users', pieces: flat(executor.vus ?? 1, durationMs(executor.maxDuration ?? '10m')) };
    case 'load-shape':
      return { unit: 'users', pieces: shapePieces(startMs, executor.shape) };
    case 'externally-controlled': {
      // Later levels are set while the run is on: only the first is known.
      const lengthMs = durationMs(executor.duration ?? '10m');
      if (!('rate' in executor)) return { unit: 'users', pieces: flat(executor.vus ?? 1, lengthMs) };
      const perSecond = executor.rate / (durationMs(executor.timeUnit ?? '1s') / 1000);
      return { unit: 'iterations-per-second', pieces: flat(perSecond, lengthMs) };
    }
  }
}

/** Samples a shape once per second, as the engine does, for at most a day, which is also the engine's limit. */
function shapePieces(startMs: number, shape: LoadShape): readonly Piece[] {
  const pieces: Piece[] = [];
  for (let second = 0; second < 86_400; second++) {
    const users = shape(second)?.users;
    if (users === undefined) break;
    const fromMs = startMs + second * 1000;
    pieces.push({ fromMs, toMs: fromMs + 1000, from: users, to: users });
  }
  return pieces;
}

function ramp(
  startMs: number,
  startLevel: number,
  stages: readonly { readonly duration: Duration; readonly target: number }[],
  factor: number,
): readonly Piece[] {
  let fromMs = startMs;
  let level = startLevel * factor;
  return stages.map((stage) => {
    const piece = {
      fromMs,
      toMs: fromMs + durationMs(stage.duration),
      from: level,
      to: stage.target * factor,
    };
    fromMs = piece.toMs;
    level = piece.to;
    return piece;
  });
}

/** The pieces of one plan, with the sum before each, so that a lookup is a binary search. */
export class Course {
  readonly #pieces: readonly Piece[];
  /** Area before each piece: user-seconds, or iterations. */
  readonly #areas: readonly number[];

  constructor(pieces: readonly Piece[]) {
    this.#pieces = pieces.filter(({ fromMs, toMs }) => toMs > fromMs);
    let area = 0;
    this.#areas = this.#pieces.map((piece) => {
      const before = area;
      area += areaOf(piece, piece.toMs);
      return before;
    });
  }

  /** Area before this moment: user-seconds, or iterations. */
  areaUntil(atMs: number): number {
    const index = this.#indexAt(atMs, false);
    return index < 0 ? 0 : this.#areas[index]! + areaOf(this.#pieces[index]!, atMs);
  }

  /** Level right after this moment. */
  levelAfter(atMs: number): number {
    const piece = this.#pieces[this.#indexAt(atMs, false)];
    return piece === undefined || atMs >= piece.toMs ? 0 : levelIn(piece, atMs);
  }

  /** Level right before this moment. */
  levelBefore(atMs: number): number {
    const piece = this.#pieces[this.#indexAt(atMs, true)];
    return piece === undefined || atMs > piece.toMs ? 0 : levelIn(piece, atMs);
  }

  /** The last piece that begins before this moment or, unless `excluded`, at it; -1: none. */
  #indexAt(atMs: number, excluded: boolean): number {
    let [low, high] = [0, this.#pieces.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      const { fromMs } = this.#pieces[middle]!;
      if (fromMs < atMs || (fromMs === atMs && !excluded)) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }
}

function areaOf({ fromMs, toMs, from, to }: Piece, untilMs: number): number {
  const lengthMs = Math.min(untilMs, toMs) - fromMs;
  const last = from + ((to - from) * lengthMs) / (toMs - fromMs);
  return (((from + last) / 2) * lengthMs) / 1000;
}

function levelIn({ fromMs, toMs, from, to }: Piece, atMs: number): number {
  return from + ((to - from) * (atMs - fromMs)) / (toMs - fromMs);
}
