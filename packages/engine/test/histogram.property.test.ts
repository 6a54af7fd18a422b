import fc from 'fast-check';
import { build } from 'hdr-histogram-js';
import { describe, expect, it } from 'vitest';
import { Histogram, mergeSnapshots, quantileOfSnapshot } from '../src/recorder/index.ts';
import { bucketIndexOf, highestValueAt, lowestValueAt } from '../src/recorder/bucket-layout.ts';

const HOUR_US = 3_600_000_000;
/** Values of all magnitudes; a uniform distribution would nearly always give more than a minute. */
const valueUs = fc.oneof(
  fc.integer({ min: 0, max: 5000 }),
  fc.integer({ min: 0, max: 10_000_000 }),
  fc.integer({ min: 0, max: HOUR_US }),
  fc.constantFrom(0, 1, 2047, 2048, 2049, 4095, 4096, 2 ** 31 - 1, 2 ** 31, 2 ** 31 + 1, HOUR_US),
);
const values = fc.array(valueUs, { minLength: 1, maxLength: 300 });
const quantile = fc.oneof(
  fc.double({ min: 0, max: 1, noNaN: true }),
  fc.constantFrom(0, 0.07, 0.5, 0.9, 0.95, 0.99, 0.999, 1),
);

function histogramOf(list: readonly number[]): Histogram {
  const histogram = new Histogram();
  for (const value of list) histogram.record(value);
  return histogram;
}

function addInOneWay(histogram: Histogram, way: string, other: Histogram): void {
  if (way === 'add') return histogram.add(other);
  if (way === 'addSnapshot') return histogram.addSnapshot(other.snapshot());
  const unread = new Histogram();
  unread.addSnapshot(other.snapshot());
  histogram.add(unread);
}

/** Everything that a histogram tells. */
function answersOf(histogram: Histogram) {
  const { count, sum, min, max, mean, stdDev, clamped } = histogram;
  const quantiles = [0, 0.3, 0.5, 0.9, 1].map((p) => histogram.quantile(p));
  const above = [0, 1, 2, 300, 1999, 2000].map((limit) => histogram.countAbove(limit));
  return { count, sum, min, max, mean, stdDev, clamped, quantiles, above, snapshot: histogram.snapshot() };
}

describe('buckets', () => {
  it('hold a value between their lowest and highest, and are never wider than a thousandth of it', () => {
    fc.assert(
      fc.property(valueUs, (value) => {
        const index = bucketIndexOf(value);
        const low = lowestValueAt(index);
        const high = highestValueAt(index);
        expect(low).toBeLessThanOrEqual(value);
        expect(high).toBeGreaterThanOrEqual(value);
        expect((high - low) * 1000).toBeLessThanOrEqual(value);
      }),
    );
  });

  it('follow each other without gap or overlap over the whole range', () => {
    const last = bucketIndexOf(HOUR_US);
    const wrong = Array.from({ length: last }, (_, index) => index).filter(
      (index) =>
        lowestValueAt(index + 1) !== highestValueAt(index) + 1 ||
        bucketIndexOf(highestValueAt(index)) !== index,
    );
    expect(wrong).toEqual([]);
  });
});

describe('Histogram', () => {
  it('answers for what it holds now, whatever was added, removed and reset before', () => {
    // Up to 2047 each value has a bucket of its own: minimum and maximum stay exact when values are removed.
    const value = fc.constantFrom(0, 1, 2, 3, 300, 2000);
    const list = fc.array(value, { maxLength: 3 });
    const step = fc.oneof(
      fc.record({ kind: fc.constantFrom('record', 'remove'), value }),
      fc.record({ kind: fc.constantFrom('addSnapshot', 'add', 'add of a snapshot'), list }),
      fc.record({ kind: fc.constantFrom('reset', 'new') }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        let histogram = new Histogram();
        let held: number[] = [];
        for (const each of steps) {
          if ('list' in each) {
            addInOneWay(histogram, each.kind, histogramOf(each.list));
            held.push(...each.list);
          } else if (!('value' in each)) {
            if (each.kind === 'new') histogram = new Histogram();
            else histogram.reset();
            held = [];
          } else if (each.kind === 'record') {
            histogram.record(each.value);
            held.push(each.value);
          } else if (held.includes(each.value)) {
            histogram.remove(each.value);
            held.splice(held.indexOf(each.value), 1);
          }
          expect(answersOf(histogram)).toEqual(answersOf(histogramOf(held)));
        }
      }),
    );
  });

  it('has its minimum in its first bucket and its maximum in the last, whatever was removed', () => {
    // Values above 2047 share a bucket with others.
    const value = fc.oneof(fc.integer({ min: 2040, max: 2060 }), fc.integer({ min: 4990, max: 5010 }));
    fc.assert(
      fc.property(fc.array(value, { minLength: 1, maxLength: 8 }), fc.nat(), (list, salt) => {
        const histogram = histogramOf(list);
        const left = [...list];
        while (left.length > 1) {
          const [removed] = left.splice((salt * 31 + left.length) % left.length, 1);
          histogram.remove(removed!);
          const { indexes, min, max, count } = histogram.snapshot();
          expect(count).toBe(left.length);
          expect([indexes[0], indexes.at(-1)]).toEqual([bucketIndexOf(min), bucketIndexOf(max)]);
          expect(min).toBeLessThanOrEqual(max);
        }
      }),
      { examples: [[[2048, 2049, 5000], 1]] },
    );
  });

  it('gives the sample of rank ceil(p * n) of the sorted values, at most a thousandth above', () => {
    fc.assert(
      fc.property(values, quantile, (list, p) => {
        const sorted = [...list].sort((a, b) => a - b);
        const rank = Math.max(1, Math.ceil(Number((p * list.length).toPrecision(14))));
        const truth = sorted[rank - 1] ?? Number.NaN;
        const measured = histogramOf(list).quantile(p) ?? Number.NaN;
        expect(measured).toBeGreaterThanOrEqual(truth);
        expect(measured).toBeLessThanOrEqual(truth * 1.001);
        expect(measured).toBeLessThanOrEqual(sorted.at(-1) ?? Number.NaN);
      }),
    );
  });

  it('keeps count, sum, minimum and maximum exactly', () => {
    fc.assert(
      fc.property(values, (list) => {
        const histogram = histogramOf(list);
        expect(histogram.count).toBe(list.length);
        expect(histogram.sum).toBe(list.reduce((sum, value) => sum + value, 0));
        expect(histogram.min).toBe(Math.min(...list));
        expect(histogram.max).toBe(Math.max(...list));
        expect(histogram.quantile(1)).toBe(histogram.max);
        expect(histogram.clamped).toBe(0);
      }),
    );
  });

  it('agrees with hdr-histogram-js at every percentile, bucket for bucket', () => {
    fc.assert(
      fc.property(values, (list) => {
        const ours = histogramOf(list);
        const peer = build({
          lowestDiscernibleValue: 1,
          highestTrackableValue: HOUR_US,
          numberOfSignificantValueDigits: 3,
          bitBucketSize: 64,
        });
        for (const value of list) peer.recordValue(value);
        for (const percentile of [10, 25, 50, 66, 75, 80, 90, 95, 98, 99, 99.9, 99.99]) {
          const theirs = peer.getValueAtPercentile(percentile);
          expect(ours.quantile(percentile / 100)).toBe(Math.min(theirs, ours.max ?? 0));
        }
        expect(ours.stdDev).toBeCloseTo(peer.stdDeviation, 3);
      }),
      { numRuns: 60 },
    );
  });

  it('adds up: merged parts, by add or by snapshots, equal the whole', () => {
    fc.assert(
      fc.property(fc.array(fc.array(valueUs, { maxLength: 80 }), { maxLength: 6 }), (parts) => {
        const whole = histogramOf(parts.flat()).snapshot();
        const added = new Histogram();
        for (const part of parts) added.add(histogramOf(part));
        const snapshots = parts.map((part) => structuredClone(histogramOf(part).snapshot()));
        expect(added.snapshot()).toEqual(whole);
        expect(mergeSnapshots(snapshots)).toEqual(whole);
      }),
    );
  });

  it('answers quantiles from a snapshot as from itself', () => {
    fc.assert(
      fc.property(values, quantile, (list, p) => {
        const histogram = histogramOf(list);
        expect(quantileOfSnapshot(histogram.snapshot(), p)).toBe(histogram.quantile(p));
      }),
    );
  });

  it('is empty after a reset', () => {
    fc.assert(
      fc.property(values, values, (before, after) => {
        const histogram = histogramOf(before);
        histogram.reset();
        expect(histogram.snapshot()).toEqual(new Histogram().snapshot());
        for (const value of after) histogram.record(value);
        expect(histogram.snapshot()).toEqual(histogramOf(after).snapshot());
      }),
    );
  });

  it('counts what lies above a value, to the bucket', () => {
    fc.assert(
      fc.property(values, valueUs, (list, limit) => {
        const bucket = bucketIndexOf(limit);
        const all = list.every((value) => value > limit);
        const above = list.filter((value) => all || bucketIndexOf(value) > bucket).length;
        expect(histogramOf(list).countAbove(limit)).toBe(above);
      }),
      { examples: [[[2 ** 31 + 1], 2 ** 31]] },
    );
  });
});
