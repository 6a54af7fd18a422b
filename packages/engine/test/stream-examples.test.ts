import { describe, expect, it } from 'vitest';
import type { StreamSample } from '../src/model/stream.ts';
import { Histogram } from '../src/recorder/histogram.ts';
import { pickExamples, StreamExampleRecorder } from '../src/recorder/stream-examples.ts';

/** A stream whose parts arrive at these times after an intended start at 1,000 ms. */
function sample(arrivalsMs: readonly number[]): StreamSample {
  return {
    stamps: Float64Array.from(arrivalsMs, (ms) => 1000 + ms),
    parts: arrivalsMs.length,
    firstOutputMs: Number.NaN,
    events: arrivalsMs.length,
    partTokens: arrivalsMs.length,
    usageTokens: Number.NaN,
    inputTokens: Number.NaN,
    endMs: Number.NaN,
  };
}

class Thread {
  readonly #recorder = new StreamExampleRecorder();
  #ttlt = new Histogram();

  end(...ttltsMs: readonly number[]): this {
    for (const ms of ttltsMs) {
      this.#ttlt.record(ms * 1000);
      this.#recorder.offer(0, 1000, 1001, sample([ms / 2, ms]));
    }
    return this;
  }

  flush() {
    const examples = this.#recorder.flush(this.#ttlt);
    this.#ttlt = new Histogram();
    return examples;
  }
}

describe('examples of streams', () => {
  it('are the slowest stream, and the one nearest to the median of the run so far', () => {
    const thread = new Thread();
    const first = thread.end(500, 100, 300, 200, 400).flush();
    expect(first?.slowest?.ttltMs).toBe(500);
    const second = thread.end(150, 310, 900).flush();
    expect(second?.slowest?.ttltMs).toBe(900);
    expect(second?.median?.ttltMs).toBe(310);
  });

  it('are handed over only when they are better than before, so that a record of a long run stays small', () => {
    const thread = new Thread();
    thread.end(100, 200, 300).flush();
    expect(thread.end(200).flush()?.median?.ttltMs).toBe(200);
    for (let second = 0; second < 5; second++) expect(thread.end(200, 180, 220).flush()).toBeUndefined();
  });

  it('keep at most 2,000 arrivals and the time of the last one', () => {
    const recorder = new StreamExampleRecorder();
    const arrivals = Array.from({ length: 2500 }, (_, part) => part + 0.123_456);
    recorder.offer(12.5, 1000, 1003, sample(arrivals));
    const slowest = recorder.flush(new Histogram())?.slowest;
    expect(slowest).toMatchObject({ startMs: 12.5, sentMs: 3, parts: 2500, tokens: 2500, ttltMs: 2499.123 });
    expect(slowest?.arrivalsMs).toHaveLength(2000);
    expect(slowest?.arrivalsMs.slice(0, 2)).toEqual([0.123, 1.123]);
  });

  it('of several threads are the better ones of each', () => {
    const a = new Thread().end(100, 500).flush();
    const b = new Thread().end(290, 400).flush();
    const both = pickExamples(a, b, 300);
    expect(both?.slowest?.ttltMs).toBe(500);
    expect(both?.median?.ttltMs).toBe(290);
    expect(pickExamples(undefined, b, 300)).toBe(b);
    const parts = pickExamples({ slowest: a!.slowest! }, { median: b!.median! }, 300);
    expect(parts).toEqual({ slowest: a!.slowest, median: b!.median });
  });
});
