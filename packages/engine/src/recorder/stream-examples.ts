import type { StreamSample } from '../model/stream.ts';
import type { StreamExample, StreamExamples } from '../model/stream-interval.ts';
import { Histogram } from './histogram.ts';

/** Most arrivals that an example keeps: further parts are counted. */
const MOST_ARRIVALS = 2000;

/**
 * Picks the example streams of one operation in one thread: the slowest complete one, and one near the median. Hands over
 * only what is slower, or nearer to the median of the run so far, than what it handed over before.
 */
export class StreamExampleRecorder {
  readonly #ttlt = new Histogram();
  /** Of the run up to the last hand-over. */
  #medianMs = Number.NaN;
  #nearestMs = Number.NaN;
  #slowestMs = Number.NEGATIVE_INFINITY;
  #median: StreamExample | undefined;
  #slowest: StreamExample | undefined;

  /**
   * Takes a complete stream with content.
   * @param startMs intended start, since the start of the run
   * @param intendedMs clock time of the intended start
   * @param sentMs clock time of the first byte sent
   */
  offer(startMs: number, intendedMs: number, sentMs: number, sample: StreamSample): void {
    const ttltMs = sample.stamps[sample.parts - 1]! - intendedMs;
    const slower = ttltMs > this.#slowestMs;
    const nearer =
      Number.isNaN(this.#nearestMs) ||
      Math.abs(ttltMs - this.#medianMs) < Math.abs(this.#nearestMs - this.#medianMs);
    if (!slower && !nearer) return;
    const example = exampleOf(startMs, intendedMs, sentMs, sample);
    if (slower) {
      this.#slowestMs = ttltMs;
      this.#slowest = example;
    }
    if (nearer) {
      this.#nearestMs = ttltMs;
      this.#median = example;
    }
  }

  /** Returns what is new, and resets. @param ttlt of the streams since the last time */
  flush(ttlt: Histogram): StreamExamples | undefined {
    const median = this.#median;
    const slowest = this.#slowest;
    this.#ttlt.add(ttlt);
    this.#medianMs = (this.#ttlt.quantile(0.5) ?? Number.NaN) / 1000;
    this.#median = undefined;
    this.#slowest = undefined;
    if (median === undefined && slowest === undefined) return undefined;
    return {
      ...(median === undefined ? {} : { median }),
      ...(slowest === undefined ? {} : { slowest }),
    };
  }
}

/** The examples of both. @param medianMs of the times to the last content, to choose by; NaN: there are none */
export function pickExamples(
  a: StreamExamples | undefined,
  b: StreamExamples | undefined,
  medianMs: number,
): StreamExamples | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  const median = pick(a.median, b.median, ({ ttltMs }) => -Math.abs(ttltMs - medianMs));
  const slowest = pick(a.slowest, b.slowest, ({ ttltMs }) => ttltMs);
  return {
    ...(median === undefined ? {} : { median }),
    ...(slowest === undefined ? {} : { slowest }),
  };
}

function pick(
  a: StreamExample | undefined,
  b: StreamExample | undefined,
  rank: (example: StreamExample) => number,
): StreamExample | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return rank(b) > rank(a) ? b : a;
}

function exampleOf(startMs: number, intendedMs: number, sentMs: number, sample: StreamSample): StreamExample {
  const { parts, stamps, usageTokens, partTokens, traceId } = sample;
  const kept = Math.min(parts, MOST_ARRIVALS);
  return {
    startMs: micros(startMs),
    sentMs: micros(sentMs - intendedMs),
    ttltMs: micros(Math.max(0, stamps[parts - 1]! - intendedMs)),
    parts,
    tokens: Number.isNaN(usageTokens) ? partTokens : usageTokens,
    arrivalsMs: Array.from(stamps.subarray(0, kept), (atMs) => micros(Math.max(0, atMs - intendedMs))),
    ...(traceId === undefined ? {} : { traceId }),
  };
}

/** At the resolution of a microsecond, so that the text of a number is short. */
function micros(ms: number): number {
  return Math.round(ms * 1000) / 1000;
}
