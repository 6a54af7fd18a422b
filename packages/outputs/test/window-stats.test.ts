import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Histogram } from '@jarvis-load/engine/recorder';
import { windowStats } from '../src/metrics/window.ts';

const times = fc.array(fc.oneof(fc.nat(5000), fc.nat(3_600_000_000), fc.constant(0), fc.constant(250_000)), {
  maxLength: 30,
});

describe('the statistics of a window', () => {
  it('are those of one histogram with the values of all its seconds', () => {
    fc.assert(
      fc.property(fc.array(times, { maxLength: 6 }), (seconds) => {
        const all = new Histogram();
        const snapshots = seconds.map((values) => {
          const histogram = new Histogram();
          for (const value of values) {
            histogram.record(value);
            all.record(value);
          }
          return histogram.snapshot();
        });
        const stats = windowStats(snapshots);
        if (all.count === 0) {
          expect(stats).toBeUndefined();
          return;
        }
        const inSeconds = (us: number | undefined): number => (us ?? Number.NaN) / 1e6;
        expect(stats).toEqual({
          min: inSeconds(all.min),
          max: inSeconds(all.max),
          avg: inSeconds(all.mean),
          med: inSeconds(all.quantile(0.5)),
          p90: inSeconds(all.quantile(0.9)),
          p95: inSeconds(all.quantile(0.95)),
          p99: inSeconds(all.quantile(0.99)),
          count: all.count,
          sum: inSeconds(all.sum),
        });
      }),
    );
  });

  it('are not known without a value', () => {
    expect(windowStats([])).toBeUndefined();
    expect(windowStats([undefined, new Histogram().snapshot()])).toBeUndefined();
  });
});
