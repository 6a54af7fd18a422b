import { expect, it } from 'vitest';
import { planOf } from '../src/limits/users-over-time.ts';

it.each([
  [1500, 1500],
  ['90000', 90_000],
  ['.5', 0.5],
  ['1m30s', 90_000],
  ['1.5s', 1500],
  ['.5s', 500],
  ['1.s', 1000],
  [' 2s ', 2000],
  ['500ms', 500],
  ['250us', 0.25],
  ['250µs', 0.25],
  ['250μs', 0.25],
  ['500ns', 0.0005],
  ['1d2h', 26 * 3_600_000],
])('a plan has the length of every duration that the engine takes: %j', (duration, ms) => {
  const { pieces } = planOf({ kind: 'constant-vus', vus: 3, duration });
  expect(pieces).toHaveLength(1);
  expect(pieces[0]!.toMs).toBeCloseTo(ms, 6);
  const rate = planOf({
    kind: 'constant-arrival-rate',
    rate: 6,
    timeUnit: duration,
    duration: '1s',
    maxVUs: 1,
  });
  expect(rate.pieces[0]!.from).toBeCloseTo(6000 / ms, 6);
});
