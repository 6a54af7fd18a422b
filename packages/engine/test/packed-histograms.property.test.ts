import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EngineError } from '../src/errors.ts';
import { deriveRandom } from '../src/random.ts';
import { Histogram } from '../src/recorder/index.ts';
import { HistogramPacker, unpackHistograms } from '../src/recorder/packed-histograms.ts';

const HOUR_US = 3_600_000_000;
const value = fc.oneof(
  fc.integer({ min: 0, max: 3000 }),
  fc.integer({ min: 0, max: HOUR_US }),
  fc.constantFrom(0, 1, 2047, 2048, 2049, HOUR_US, HOUR_US + 5, -1, Number.NaN),
);
const histograms = fc.array(fc.array(value, { maxLength: 60 }), { maxLength: 20 });

function snapshotsOf(lists: readonly (readonly number[])[]) {
  return lists.map((values) => {
    const histogram = new Histogram();
    for (const each of values) histogram.record(each);
    return histogram.snapshot();
  });
}

function pack(snapshots: ReturnType<typeof snapshotsOf>): Uint8Array {
  const packer = new HistogramPacker();
  expect(snapshots.map((each) => packer.add(each))).toEqual(snapshots.map((_, place) => place));
  return packer.bytes;
}

describe('packed histograms', () => {
  it('come back as they were, empty and clamped ones too', () => {
    fc.assert(
      fc.property(histograms, (lists) => {
        const snapshots = snapshotsOf(lists);
        expect(unpackHistograms(pack(snapshots))).toEqual(snapshots);
      }),
    );
  });

  it('keep counts and sums of a long run', () => {
    const [snapshot] = snapshotsOf([[5, 3000, 70_000]]);
    const long = { ...snapshot!, counts: Float64Array.of(2 ** 40, 3, 2 ** 33), count: 2 ** 40 + 3 + 2 ** 33 };
    const sum = 5 * 2 ** 40 + 3 * 3000 + 70_000 * 2 ** 33;
    expect(unpackHistograms(pack([{ ...long, sum }]))).toEqual([{ ...long, sum }]);
  });

  it('that are equal to the one before take a bit', () => {
    const [one, other] = snapshotsOf([[5, 3000, 70_000], [5]]);
    expect(pack(Array.from({ length: 9 }, () => one!)).length).toBe(pack([one!]).length + 1);
    expect(unpackHistograms(pack([one!, one!, other!, one!]))).toEqual([one, one, other, one]);
  });

  it('of random response times take hardly more than their entropy', () => {
    const random = deriveRandom(7, 1);
    const values = Array.from({ length: 400 }, () => Math.floor(-1000 * Math.log(1 - random())));
    // Of one value ln(1000) + 1 nats; their order, which a histogram does not tell, is log(400!).
    const order = values.reduce((sum, _, k) => sum + Math.log(k + 1), 0);
    const bits = (values.length * (Math.log(1000) + 1) - order) / Math.LN2;
    expect(8 * pack(snapshotsOf([values])).length).toBeLessThan(1.12 * bits);
  });

  it('that are damaged give other histograms or an EngineError', () => {
    fc.assert(
      fc.property(histograms, fc.nat(), fc.nat(255), (lists, place, byte) => {
        const bytes = Uint8Array.from(pack(snapshotsOf(lists)));
        if (bytes.length > 0) bytes[place % bytes.length] = byte;
        try {
          unpackHistograms(bytes);
        } catch (error) {
          expect(error).toBeInstanceOf(EngineError);
        }
      }),
    );
    expect(() => unpackHistograms(Uint8Array.of())).toThrow(/cut off/);
    expect(() => unpackHistograms(Uint8Array.of(1))).toThrow(/cut off/);
    expect(() => unpackHistograms(Uint8Array.of(1, 128))).toThrow(/none before it/);
    const [one] = snapshotsOf([[5000, 5001]]);
    expect(() => unpackHistograms(pack([{ ...one!, min: 5001, max: 5000 }]))).toThrow(/minimum is above/);
  });
});
