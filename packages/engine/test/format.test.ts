import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { formatLatency, formatLimit, formatMeasure, formatMeasured } from '../src/format/measure.ts';
import { formatBytes, formatCount, formatNumber, formatShare, trimZeros } from '../src/format/number.ts';

describe('numbers', () => {
  it.each([
    [0, '0'],
    [0.0042, '0.004'],
    [0.424, '0.42'],
    [4.2, '4.20'],
    [9.996, '10.0'],
    [41.24, '41.2'],
    [99.96, '100'],
    [412.4, '412'],
    [4123.4, '4,123'],
    [null, '–'],
  ])('shows %s as %s', (value, text) => {
    expect(formatNumber(value)).toBe(text);
  });

  it.each([
    [0, '0%'],
    [0.000_04, '<0.01%'],
    [0.0042, '0.42%'],
    [0.01, '1%'],
    [0.157, '15.7%'],
    [0.9995, '99.95%'],
    [0.999_99, '>99.99%'],
    [1, '100%'],
    [14.2, '1,420%'],
    [null, '–'],
  ])('shows the share %s as %s: never rounds to 0% or 100%', (share, text) => {
    expect(formatShare(share)).toBe(text);
  });

  it('groups thousands and names units', () => {
    expect(formatCount(1_234_567)).toBe('1,234,567');
    expect(formatBytes(812)).toBe('812 B');
    expect(formatBytes(999_600)).toBe('1.00 MB');
    expect(formatMeasure(3, 'count')).toBe('3');
    expect(formatMeasure(0.012, 'share')).toBe('1.2%');
    expect(formatMeasure(41.23, 'per second')).toBe('41.2/s');
    expect(formatMeasure(null, 'ms')).toBe('–');
  });

  it('shows latencies in the unit that reads best', () => {
    expect(formatLatency(412.3)).toBe('412 ms');
    expect(formatLatency(1049)).toBe('1,049 ms');
    expect(formatLatency(12_340)).toBe('12.3 s');
  });

  it.each([
    [300, 'ms', '300 ms'],
    [1234.5, 'ms', '1,234.5 ms'],
    [12_500, 'ms', '12.5 s'],
    [0.0025, 'share', '0.25%'],
    [0.07, 'share', '7%'],
    [30, 'per second', '30/s'],
    [0, 'count', '0'],
  ])('shows the limit %s %s exactly: %s', (limit, unit, text) => {
    expect(formatLimit(limit, unit)).toBe(text);
  });

  it.each([
    [500.3, 500, 'ms', '500.3 ms'],
    [499.996, 500, 'ms', '499.996 ms'],
    [500, 500, 'ms', '500 ms'],
    [532.4, 500, 'ms', '532 ms'],
    [500.3, 500.2, 'ms', '500.3 ms'],
    [12_340, 12_300, 'ms', '12.34 s'],
    [0.010_02, 0.01, 'share', '1.002%'],
    [0.999_991, 0.999_99, 'share', '>99.99%'],
    [29.96, 30, 'per second', '29.96/s'],
    [null, 30, 'per second', '–'],
    [1_000_400, 1_000_000, 'bytes', '1,000,400 B'],
    [999_700, 1_000_000, 'bytes', '999,700 B'],
    [2_100_000, 1_000_000, 'bytes', '2.10 MB'],
    [12, 10, 'bytes', '12 B'],
  ])(
    'shows what was measured, %s with the limit %s %s, on its side of it: %s',
    (measured, limit, unit, text) => {
      expect(formatMeasured(measured, limit, unit)).toBe(text);
    },
  );

  it('never shows a value on the other side of its limit', () => {
    const value = fc.double({ min: 0.001, max: 1e6, noNaN: true });
    const near = fc.double({ min: -0.01, max: 0.01, noNaN: true });
    fc.assert(
      fc.property(value, near, fc.constantFrom('ms', 's', 'per second', ''), (limit, share, unit) => {
        const measured = limit * (1 + share);
        const read = (text: string): number =>
          Number.parseFloat(text.replaceAll(',', '')) * (unit === 'ms' && text.endsWith(' s') ? 1000 : 1);
        const shown = read(formatMeasured(measured, limit, unit));
        if (Math.abs(measured / limit - 1) > 1e-9)
          expect(Math.sign(shown - limit)).toBe(Math.sign(measured - limit));
      }),
    );
  });

  it('removes trailing zeros of a limit', () => {
    expect(trimZeros('30.0/s')).toBe('30/s');
    expect(trimZeros('2.50 ms')).toBe('2.5 ms');
  });
});
