import { describe, expect, it } from 'vitest';
import { formatDuration, formatElapsed, formatTimestamp } from '../src/format/time.ts';

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

  it('shows positions and dates', () => {
    expect(formatElapsed(7_900)).toBe('0:07');
    expect(formatElapsed(3_723_000)).toBe('1:02:03');
    expect(formatTimestamp('2026-11-22T16:05:00.120Z')).toBe('2026-11-22 16:05:00 UTC');
    expect(formatTimestamp('never')).toBe('never');
  });
});
