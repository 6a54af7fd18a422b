import type { StreamCounts, StreamExamples, StreamInterval, StreamTime } from '../model/stream-interval.ts';
import { Histogram } from './histogram.ts';
import { pickExamples } from './stream-examples.ts';
import { TrendHistogram } from './trend-histogram.ts';

/*
 * Must hold: both lists have every name of their type (the compiler checks only that they have no other). A name that is
 * missing is not added up, written or read. `recorder/stream-recorder.ts` records each of them.
 */

export const STREAM_COUNTS = [
  'streams',
  'events',
  'parts',
  'tokens',
  'streamsWithUsage',
  'inputTokens',
  'leftWaiting',
  'judged',
  'good',
] as const satisfies readonly (keyof StreamCounts)[];

export const STREAM_TIMES = [
  /** Intended start to the first content. */
  'ttft',
  /** First byte sent to the first content. */
  'ttftSent',
  /** Intended start to the first content that is not reasoning. */
  'ttfo',
  /** Intended start to the last content, of complete responses. */
  'ttlt',
  /** From the first to the last content, per further token, of complete responses. */
  'tpot',
  /** Between two contents, of all streams. */
  'gap',
  /** The longest gap of each stream. */
  'longestGap',
] as const satisfies readonly StreamTime[];

/** Measurements of the streams of one operation, in one interval or the whole run. */
export class StreamMeasures {
  readonly counts: StreamCounts = noCounts();
  readonly times = Object.fromEntries(STREAM_TIMES.map((time) => [time, new Histogram()])) as Record<
    StreamTime,
    Histogram
  >;
  examples: StreamExamples | undefined;
  /** Of one interval alone: `add` leaves it out, as no document has it. Undefined: the server counted no tokens. */
  #usage: Record<'input' | 'output', TrendHistogram> | undefined;

  /** @param tokens of one stream, as the server counted them */
  addUsage(kind: 'input' | 'output', tokens: number): void {
    this.#usageOf(kind).record(tokens);
  }

  addInterval({ counts, times, examples, usage }: StreamInterval): void {
    if (usage !== undefined)
      for (const kind of ['input', 'output'] as const) this.#usageOf(kind).addSnapshot(usage[kind]);
    for (const count of STREAM_COUNTS) this.counts[count] += counts[count];
    for (const time of STREAM_TIMES) this.times[time].addSnapshot(times[time]);
    this.#pick(examples);
  }

  add(other: StreamMeasures): void {
    for (const count of STREAM_COUNTS) this.counts[count] += other.counts[count];
    for (const time of STREAM_TIMES) this.times[time].add(other.times[time]);
    this.#pick(other.examples);
  }

  #usageOf(kind: 'input' | 'output'): TrendHistogram {
    return (this.#usage ??= { input: new TrendHistogram(), output: new TrendHistogram() })[kind];
  }

  #pick(others: StreamExamples | undefined): void {
    if (others === undefined) return;
    const medianMs = (this.times.ttlt.quantile(0.5) ?? Number.NaN) / 1000;
    this.examples = pickExamples(this.examples, others, medianMs);
  }

  /** The same as plain data. */
  interval(): StreamInterval {
    const times = STREAM_TIMES.map((time) => [time, this.times[time].snapshot()] as const);
    return {
      counts: { ...this.counts },
      times: Object.fromEntries(times) as StreamInterval['times'],
      ...(this.#usage === undefined
        ? {}
        : { usage: { input: this.#usage.input.snapshot(), output: this.#usage.output.snapshot() } }),
      ...(this.examples === undefined ? {} : { examples: this.examples }),
    };
  }

  reset(): void {
    Object.assign(this.counts, noCounts());
    for (const time of STREAM_TIMES) this.times[time].reset();
    this.examples = undefined;
    this.#usage = undefined;
  }
}

function noCounts(): StreamCounts {
  return {
    streams: 0,
    events: 0,
    parts: 0,
    tokens: 0,
    streamsWithUsage: 0,
    inputTokens: 0,
    leftWaiting: 0,
    judged: 0,
    good: 0,
  };
}
