import { build, HistogramLogReader } from 'hdr-histogram-js';
import { describe, expect, it } from 'vitest';
import { formatLogHeader, formatLogLine, formatPercentiles, Histogram } from '../src/recorder/index.ts';

function histogramOf(values: Iterable<number>): Histogram {
  const histogram = new Histogram();
  for (const value of values) histogram.record(value);
  return histogram;
}

describe('the interval log', () => {
  const start = Date.UTC(2026, 10, 23, 12, 0, 0, 250);

  it('has the head of format 1.3', () => {
    expect(formatLogHeader(start)).toBe(
      [
        '#[Histogram log format version 1.3]',
        '#[StartTime: 1795435200.250 (seconds since epoch), 2026-11-23T12:00:00.250Z]',
        '#[BaseTime: 1795435200.250 (seconds since epoch)]',
        '"StartTimestamp","Interval_Length","Interval_Max","Interval_Compressed_Histogram"',
        '',
      ].join('\n'),
    );
  });

  it('has a line an interval and tag, with the maximum in milliseconds', () => {
    const histogram = histogramOf([1500, 2_769_123]).snapshot();
    const line = formatLogLine({ tag: 'chat.send', startMs: 127, endMs: 1134, histogram });
    expect(line).toMatch(/^Tag=chat\.send,0\.127,1\.007,2769\.123,HISTFAAA[A-Za-z0-9+/]+=*\n$/);
    expect(formatLogLine({ startMs: 0, endMs: 1000, histogram })).toMatch(
      /^0\.000,1\.000,2769\.123,HISTFAAA/,
    );
  });

  it('keeps a tag from breaking the line', () => {
    const histogram = histogramOf([1]).snapshot();
    const line = formatLogLine({ tag: 'a,b c\nTag=x\u0000', startMs: 0, endMs: 1000, histogram });
    expect(line).toMatch(/^Tag=a_b_c_Tag=x_,0\.000,[^\n]+\n$/);
  });

  it("is read by hdr-histogram-js's log reader, tags and times included", () => {
    const text =
      formatLogHeader(start) +
      formatLogLine({
        tag: 'chat.send',
        startMs: 0,
        endMs: 1000,
        histogram: histogramOf([5000]).snapshot(),
      }) +
      formatLogLine({
        tag: 'memory.search',
        startMs: 1000,
        endMs: 2000,
        histogram: histogramOf([7, 9]).snapshot(),
      });
    const reader = new HistogramLogReader(text, 64);
    const [first, second] = [reader.nextIntervalHistogram(), reader.nextIntervalHistogram()];
    expect(first).toMatchObject({ tag: 'chat.send', totalCount: 1, startTimeStampMsec: start });
    expect(second).toMatchObject({ tag: 'memory.search', totalCount: 2, endTimeStampMsec: start + 2000 });
    expect(reader.nextIntervalHistogram()).toBeFalsy();
  });
});

describe('the percentile distribution', () => {
  it('is what HdrHistogram prints, line for line', () => {
    // Values below 2048 have buckets of one value: there is no rounding to differ in.
    const values = Array.from({ length: 5000 }, (_, k) => Math.floor((k * k) / 12_500) + 20);
    const peer = build({
      lowestDiscernibleValue: 1,
      highestTrackableValue: 3_600_000_000,
      numberOfSignificantValueDigits: 3,
      bitBucketSize: 64,
    });
    for (const value of values) peer.recordValue(value);
    const theirs = peer.outputPercentileDistribution(5, 1000).split('\n');
    const ours = formatPercentiles(histogramOf(values).snapshot()).split('\n');
    expect(ours).toEqual(theirs);
  });

  it('ends at the exact maximum', () => {
    const text = formatPercentiles(histogramOf([1000, 2000, 123_456]).snapshot());
    expect(text).toMatch(/ {5}123\.456 1\.000000000000 {10}3\n#\[Mean/);
    expect(text).toMatch(/#\[Max {5}= {6}123\.456, Total count {4}= {12}3\]/);
  });

  it('of nothing is a head and a foot', () => {
    expect(formatPercentiles(new Histogram().snapshot())).toMatchInlineSnapshot(`
      "       Value     Percentile TotalCount 1/(1-Percentile)

      #[Mean    =        0.000, StdDeviation   =        0.000]
      #[Max     =        0.000, Total count    =            0]
      #[Buckets =           22, SubBuckets     =         2048]
      "
    `);
  });
});
