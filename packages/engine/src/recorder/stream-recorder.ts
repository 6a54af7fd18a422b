import { OUTCOMES } from '../outcome.ts';
import type { GoodStream, StreamSample } from '../model/stream.ts';
import type { StreamInterval } from '../model/stream-interval.ts';
import type { Histogram } from './histogram.ts';
import { StreamExampleRecorder } from './stream-examples.ts';
import { StreamMeasures } from './stream-measures.ts';

const OK = OUTCOMES.indexOf('ok');
const HUNG_UP = OUTCOMES.indexOf('hung_up');
const INTERRUPTED = -1;

/** What is recorded of streams besides their times and counts. */
export interface StreamRules {
  /** Whether a stream meets its objectives; undefined: there are none. */
  readonly good: GoodStream | undefined;
  /** Whether single streams are kept as examples. */
  readonly examples: boolean;
}

/**
 * Records the streams of one operation in one thread between two hand-overs. Of a stream that was left or failed only what came before
 * is measured: no time to the last content, no time per token.
 */
export class StreamRecorder {
  readonly #measures = new StreamMeasures();
  readonly #examples: StreamExampleRecorder | undefined;
  readonly #good: GoodStream | undefined;

  constructor({ good, examples }: StreamRules) {
    this.#good = good;
    this.#examples = examples ? new StreamExampleRecorder() : undefined;
  }

  /**
   * Records a stream at its end.
   * @param outcome by index; -1: interrupted
   * @param startMs intended start, since the start of the run
   * @param intendedMs clock time of the intended start
   * @param sentMs clock time of the first byte sent
   */
  record(outcome: number, startMs: number, intendedMs: number, sentMs: number, sample: StreamSample): void {
    const { parts, stamps, events, partTokens, usageTokens } = sample;
    const measures = this.#measures;
    const { counts, times } = measures;
    counts.streams++;
    counts.events += events;
    counts.parts += parts;
    const usage = !Number.isNaN(usageTokens);
    const tokens = usage ? usageTokens : partTokens;
    counts.tokens += tokens;
    if (usage) {
      counts.streamsWithUsage++;
      measures.addUsage('output', usageTokens);
    }
    if (!Number.isNaN(sample.inputTokens)) {
      counts.inputTokens += sample.inputTokens;
      measures.addUsage('input', sample.inputTokens);
    }
    this.#judge(outcome, intendedMs, sentMs, sample);
    if (parts === 0) {
      if (outcome === INTERRUPTED || outcome === HUNG_UP) counts.leftWaiting++;
      return;
    }
    const first = stamps[0]!;
    const last = stamps[parts - 1]!;
    // Of a turn that waits for the server, messages may have come before it began.
    add(times.ttft, Math.max(0, first - intendedMs));
    add(times.ttftSent, Math.max(0, first - sentMs));
    if (!Number.isNaN(sample.firstOutputMs)) add(times.ttfo, Math.max(0, sample.firstOutputMs - intendedMs));
    let longestMs = 0;
    let before = first;
    for (let part = 1; part < parts; part++) {
      const stamp = stamps[part]!;
      const gapMs = stamp - before;
      add(times.gap, gapMs);
      if (gapMs > longestMs) longestMs = gapMs;
      before = stamp;
    }
    if (parts > 1) add(times.longestGap, longestMs);
    // The whole answer is measured only of those that came whole.
    if (outcome !== OK) return;
    add(times.ttlt, Math.max(0, last - intendedMs));
    this.#examples?.offer(startMs, intendedMs, sentMs, sample);
    // With one token there is no time between tokens.
    if (tokens > 1 && parts > 1) add(times.tpot, (last - first) / (tokens - 1));
  }

  #judge(outcome: number, intendedMs: number, sentMs: number, sample: StreamSample): void {
    if (this.#good === undefined) return;
    const { counts } = this.#measures;
    if (outcome === INTERRUPTED) {
      // It cannot be called good, but it may be too late for that already.
      if (!this.#good(sample, intendedMs, sentMs, 'interrupted')) counts.judged++;
      return;
    }
    counts.judged++;
    const isAnswered = outcome === OK || outcome === HUNG_UP;
    if (isAnswered && this.#good(sample, intendedMs, sentMs, outcome === OK ? 'whole' : 'left'))
      counts.good++;
  }

  /** Returns the new measurements and resets; `undefined` if there are none. */
  flush(): StreamInterval | undefined {
    const { counts, times } = this.#measures;
    if (counts.streams === 0) return undefined;
    this.#measures.examples = this.#examples?.flush(times.ttlt);
    const interval = this.#measures.interval();
    this.#measures.reset();
    return interval;
  }
}

function add(histogram: Histogram, ms: number): void {
  histogram.record(ms * 1000);
}
