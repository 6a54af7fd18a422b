import { deflateSync, inflateSync } from 'node:zlib';
import fc from 'fast-check';
import { decodeFromCompressedBase64 } from 'hdr-histogram-js';
import { describe, expect, it } from 'vitest';
import { EngineError } from '../src/errors.ts';
import { decodeHistogram, encodeHistogram, Histogram } from '../src/recorder/index.ts';
import { encodeUncompressed } from '../src/recorder/hdr-encoding.ts';
import { readZigZag, writeZigZag } from '../src/recorder/zigzag.ts';

function histogramOf(...values: number[]): Histogram {
  const histogram = new Histogram();
  for (const value of values) histogram.record(value);
  return histogram;
}

function wrap(inner: Buffer): string {
  const zlib = deflateSync(inner);
  const outer = Buffer.alloc(8);
  outer.writeUInt32BE(0x1c849314, 0);
  outer.writeInt32BE(zlib.length, 4);
  return Buffer.concat([outer, zlib]).toString('base64');
}

const valueUs = fc.oneof(
  fc.integer({ min: 0, max: 5000 }),
  fc.integer({ min: 0, max: 10_000_000 }),
  fc.integer({ min: 0, max: 3_600_000_000 }),
);

describe('encodeHistogram', () => {
  it('writes the published layout, byte for byte', () => {
    // 1 once, then 2 missing, 3 twice, 4 and 5 missing, 6 three hundred times.
    const histogram = histogramOf(1, 3, 3, ...Array.from({ length: 300 }, () => 6));
    expect(
      encodeUncompressed(histogram.snapshot())
        .toString('hex')
        .match(/.{1,8}/g),
    ).toEqual([
      '1c849313', // V2, ZigZag LEB128
      '00000007', // bytes of counts
      '00000000', // normalizing index offset
      '00000003', // significant digits
      '00000000', // lowest discernible value
      '00000001',
      '00000000', // highest trackable value: 3 600 000 000
      'd693a400',
      '3ff00000', // ratio 1.0, a double
      '00000000',
      '00020004', // 0: none (0), 1: once (2), 2: none (0), 3: twice (4)
      '03d804', //   4, 5: none (-2), 6: 300 times (600 in two bytes)
    ]);
  });

  it('wraps it in a cookie, a length and a zlib stream', () => {
    const histogram = histogramOf(5, 70_000);
    const bytes = Buffer.from(encodeHistogram(histogram.snapshot()), 'base64');
    expect(bytes.readUInt32BE(0)).toBe(0x1c849314);
    expect(bytes.readInt32BE(4)).toBe(bytes.length - 8);
    expect(inflateSync(bytes.subarray(8))).toEqual(encodeUncompressed(histogram.snapshot()));
    expect(encodeHistogram(histogram.snapshot())).toMatch(/^HISTFAAA/);
  });

  it('is read by hdr-histogram-js to the same counts and percentiles', () => {
    fc.assert(
      fc.property(fc.array(valueUs, { minLength: 1, maxLength: 200 }), (values) => {
        const ours = histogramOf(...values);
        const peer = decodeFromCompressedBase64(encodeHistogram(ours.snapshot()), 64);
        expect(peer.totalCount).toBe(ours.count);
        for (const percentile of [1, 25, 50, 75, 90, 95, 99, 99.9]) {
          expect(ours.quantile(percentile / 100)).toBe(
            Math.min(peer.getValueAtPercentile(percentile), ours.max ?? 0),
          );
        }
      }),
      { numRuns: 50 },
    );
  });
});

describe('decodeHistogram', () => {
  it('reads back every bucket, and with the exact totals everything', () => {
    fc.assert(
      fc.property(fc.array(valueUs, { maxLength: 200 }), (values) => {
        const snapshot = histogramOf(...values).snapshot();
        expect(decodeHistogram(encodeHistogram(snapshot), snapshot)).toEqual(snapshot);
      }),
    );
  });

  it('reads totals off the buckets where they are not given', () => {
    fc.assert(
      fc.property(fc.array(valueUs, { minLength: 1, maxLength: 200 }), (values) => {
        const truth = histogramOf(...values).snapshot();
        const decoded = decodeHistogram(encodeHistogram(truth));
        expect(decoded.count).toBe(truth.count);
        expect(Math.abs(decoded.sum - truth.sum)).toBeLessThanOrEqual(truth.sum / 1000);
        expect(decoded.min).toBeLessThanOrEqual(truth.min);
        expect(decoded.max).toBeGreaterThanOrEqual(truth.max);
        expect(decoded.max).toBeLessThanOrEqual(Math.min(truth.max * 1.001, 3_600_000_000));
      }),
    );
  });

  it('merges after a round trip as before', () => {
    const [a, b] = [histogramOf(1, 5, 900_000), histogramOf(5, 80)];
    const merged = new Histogram();
    for (const part of [a, b])
      merged.addSnapshot(decodeHistogram(encodeHistogram(part.snapshot()), part.snapshot()));
    a.add(b);
    expect(merged.snapshot()).toEqual(a.snapshot());
  });

  it('refuses a minimum or maximum that the buckets do not have', () => {
    const text = encodeHistogram(histogramOf(5, 900_000));
    expect(() => decodeHistogram(text, { sum: 9, min: 5, max: 800_000 })).toThrow(
      'does not have the minimum 5 us',
    );
    expect(() => decodeHistogram(text, { sum: 9, min: 6, max: 900_000 })).toThrow(EngineError);
    expect(decodeHistogram(text, { sum: 9, min: 0.005 * 1000, max: 900_000 })).toMatchObject({
      min: 5,
      sum: 9,
    });
  });

  it('keeps counts beyond 32 bits', () => {
    const count = 2 ** 52 + 1;
    const huge = {
      indexes: Uint32Array.of(9),
      counts: Float64Array.of(count),
      count,
      sum: 0,
      min: 9,
      max: 9,
      clamped: 0,
    };
    expect(decodeHistogram(encodeHistogram(huge), huge)).toEqual(huge);
  });

  const good = encodeUncompressed(histogramOf(5).snapshot());
  const patched = (offset: number, ...bytes: number[]): string => {
    const copy = Buffer.from(good);
    copy.set(bytes, offset);
    return wrap(copy);
  };
  it.each([
    ['nothing', '', 'does not start with the mark'],
    ['other text', 'hello world, this is text', 'does not start with the mark'],
    ['a cut text', encodeHistogram(histogramOf(5).snapshot()).slice(0, 40), 'it is cut off'],
    ['another normalizing offset', patched(11, 1), 'normalizing index offset is 1 instead of 0'],
    ['two digits', patched(15, 2), 'number of significant digits is 2 instead of 3'],
    ['another lowest value', patched(23, 2), 'lowest discernible value is 2 instead of 1'],
    ['an integer ratio', patched(32, 0, 0, 0, 0, 0, 0, 0, 1), 'conversion ratio is 5e-324 instead of 1'],
    ['a wrong length', patched(7, 9), 'length of the counts is 9 instead of 2'],
    ['half a count', patched(41, 0x80), 'a count is cut off or too large'],
    ['a run of zeros beyond an hour', wrap(bomb()), 'values above one hour'],
    ['a deflate bomb', wrap(Buffer.alloc(50_000_000)), 'cannot be inflated'],
  ])('refuses %s', (_what, text, message) => {
    expect(() => decodeHistogram(text)).toThrow(EngineError);
    expect(() => decodeHistogram(text)).toThrow(message);
  });

  function bomb(): Buffer {
    const counts: number[] = [];
    writeZigZag(-1e15, counts);
    const header = Buffer.from(good.subarray(0, 40));
    header.writeInt32BE(counts.length, 4);
    return Buffer.concat([header, Uint8Array.from(counts)]);
  }
});

describe('ZigZag LEB128', () => {
  it.each([
    [0, [0]],
    [-1, [1]],
    [1, [2]],
    [63, [126]],
    [64, [128, 1]],
    [-64, [127]],
    [2 ** 31, [0x80, 0x80, 0x80, 0x80, 0x10]],
  ])('writes %d as %j', (value, bytes) => {
    const written: number[] = [];
    writeZigZag(value, written);
    expect(written).toEqual(bytes);
  });

  it('reads back any count, and runs of zeros of any length', () => {
    fc.assert(
      fc.property(
        fc.maxSafeInteger().filter((n) => n >= -(2 ** 52)),
        (value) => {
          const bytes: number[] = [];
          writeZigZag(value, bytes);
          expect(readZigZag(Uint8Array.from(bytes), 0)).toEqual({ value, next: bytes.length });
        },
      ),
    );
  });
});
