import { describe, expect, it } from 'vitest';
import { formatLatency, formatMeasure } from '../src/format/measure.ts';
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

  it('removes trailing zeros of a limit', () => {
    expect(trimZeros('30.0/s')).toBe('30/s');
    expect(trimZeros('2.50 ms')).toBe('2.5 ms');
  });
});
