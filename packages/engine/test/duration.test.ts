import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatDuration, parseDuration, readDuration } from '../src/duration.ts';

describe('parseDuration', () => {
  it.each([
    ['1m30s', 90_000],
    ['500ms', 500],
    ['1.5s', 1500],
    ['2h', 7_200_000],
    ['1h2m3s4ms', 3_723_004],
    ['1d12h', 129_600_000],
    ['250us', 0.25],
    ['250µs', 0.25],
    ['100ns', 0.0001],
    ['.5s', 500],
    ['0s', 0],
    ['0', 0],
    ['300', 300],
    [' 10s ', 10_000],
    [1500, 1500],
    [0.5, 0.5],
    ['1.1s', 1100],
  ])('reads %j as %d ms', (text, ms) => {
    expect(parseDuration(text)).toBe(ms);
  });

  it.each([
    '',
    ' ',
    's',
    '10 s',
    '1m 30s',
    '-5s',
    '5x',
    '1h30',
    '1..5s',
    '10S',
    '1e3',
    'Infinity',
    -1,
    Number.NaN,
    Infinity,
  ])('refuses %j and says what was expected', (text) => {
    expect(() => parseDuration(text, 'stages[0].duration')).toThrow(
      /^stages\[0\]\.duration is .*; expected milliseconds as a number, or text such as '1m30s'/,
    );
  });

  it.each([undefined, null, true, {}, ['5s']])('does not take %j for a duration', (value) => {
    expect(readDuration(value)).toBeUndefined();
  });
});

describe('formatDuration', () => {
  it.each([
    [0, '0s'],
    [90_000, '1m30s'],
    [1500, '1.5s'],
    [61_500, '1m1.5s'],
    [500, '500ms'],
    [2.25, '2.25ms'],
    [0.25, '250us'],
    [3_600_000, '1h'],
    [90_061_000, '1d1h1m1s'],
    [3_600_000.5, '1h500us'],
  ])('writes %d ms as %s', (ms, text) => {
    expect(formatDuration(ms)).toBe(text);
  });

  it('writes what is read back to the same nanosecond', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 400_000_000_000_000 }), (ns) => {
        const ms = ns / 1e6;
        expect(parseDuration(formatDuration(ms))).toBe(ms);
      }),
    );
  });
});
