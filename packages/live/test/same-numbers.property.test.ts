import {
  formatCount,
  formatLatency,
  formatMeasured,
  formatNumber,
  formatShare,
} from '@jarvis-load/engine/result';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { count, durationText, latency, measuredInUnit, number, share } from '../src/page/format.ts';

it('the page writes every number as the report does, to the digit', () => {
  const value = fc.oneof(
    fc.double({ min: 0, max: 1e6, noNaN: true }),
    fc.double({ min: 0, max: 1, noNaN: true }),
    fc.constantFrom(0, 0.00004, 0.0995, 0.42, 9.995, 9.996, 20, 99.95, 9999.6, 10_000, 0.9999, 1),
  );
  fc.assert(
    fc.property(value, (given) => {
      expect(number(given)).toBe(formatNumber(given));
      expect(latency(given)).toBe(formatLatency(given));
      expect(share(given)).toBe(formatShare(given));
      expect(count(Math.round(given))).toBe(formatCount(Math.round(given)));
      for (const unit of ['ms', 's', 'share', 'bytes', 'per second', 'count', ''])
        expect(measuredInUnit(given, 1, unit)).toBe(formatMeasured(given, 1, unit));
    }),
  );
  expect([number(null), latency(undefined), share(Number.NaN)]).toEqual(['–', '–', '–']);
});

it('durations of the form have no digits that nobody wrote', () => {
  expect([61_100, 30_000, 90_500, 3_600_000, 100].map(durationText)).toEqual([
    '1m1.1s',
    '30s',
    '1m30.5s',
    '1h',
    '0.1s',
  ]);
});
