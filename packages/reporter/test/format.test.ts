import { describe, expect, it } from 'vitest';
import { formatMeasure } from '../src/format/measure.ts';
import { formatBytes, formatCount, formatNumber, formatShare } from '../src/format/number.ts';
import { formatDuration, formatElapsed, formatLatency, formatTimestamp } from '../src/format/time.ts';

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
  ])('shows the share %s as %s: something is never nothing, nearly all never all', (share, text) => {
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
});

describe('time', () => {
  it.each([
    [850, '850 ms'],
    [2400, '2.4 s'],
    [30_000, '30 s'],
    [30_450, '30 s'],
    [59_960, '1 min'],
    [72_000, '1 min 12 s'],
    [3_600_000, '1 h 00 min'],
  ])('shows %s ms as %s', (ms, text) => {
    expect(formatDuration(ms)).toBe(text);
  });

  it('shows latencies, positions and dates', () => {
    expect(formatLatency(412.3)).toBe('412 ms');
    expect(formatLatency(12_340)).toBe('12.3 s');
    expect(formatElapsed(7_900)).toBe('0:07');
    expect(formatElapsed(3_723_000)).toBe('1:02:03');
    expect(formatTimestamp('2026-11-22T16:05:00.120Z')).toBe('2026-11-22 16:05:00 UTC');
    expect(formatTimestamp('never')).toBe('never');
  });
});
