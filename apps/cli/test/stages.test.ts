import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { CliError } from '../src/cli-error.ts';
import { formatDuration, parseDurationMs } from '../src/options/duration.ts';
import { formatStages, parseStages } from '../src/options/stages.ts';

describe('parseDurationMs', () => {
  it.each([
    ['90s', 90_000],
    ['1m30s', 90_000],
    ['500ms', 500],
    ['2h', 7_200_000],
    ['0.5s', 500],
    ['300', 300_000],
    [' 5m ', 300_000],
  ])('reads %s', (text, expected) => {
    expect(parseDurationMs(text)).toBe(expected);
  });

  it.each(['', 's', '5x', '5 s', '-1s', '1e3', '1m-30s', 'NaN', 'Infinity'])('refuses "%s"', (text) => {
    expect(parseDurationMs(text)).toBeUndefined();
  });

  it('reads back what formatDuration writes', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1e9 }), (ms) => {
        expect(parseDurationMs(formatDuration(ms))).toBe(ms);
      }),
    );
  });
});

const USERS = { integer: true, max: 1e6 };

describe('parseStages', () => {
  it('reads steps of duration and target', () => {
    expect(parseStages('30s:10, 1m:50,0s:0', '--stages', USERS)).toEqual([
      { durationMs: 30_000, target: 10 },
      { durationMs: 60_000, target: 50 },
      { durationMs: 0, target: 0 },
    ]);
  });

  it.each([
    ['', 'is malformed'],
    ['30s', 'is malformed'],
    ['30s:10,', 'is malformed'],
    ['30s:10:4', 'is malformed'],
    ['x:10', 'has no valid duration ("x")'],
    ['30s:-5', 'has no valid target ("-5")'],
    ['30s:many', 'has no valid target ("many")'],
    ['30s:1.5', 'needs a whole number of users'],
    ['0s:10', 'lasts no time at all'],
    ['30s:0x10', 'has no valid target ("0x10")'],
    ['30s:1000001', 'asks for more than 1000000'],
    ['13d:1,12d:1', 'lasts longer than'],
    ['30s:0', 'asks for no load at all'],
  ])('refuses "%s": %s', (text, why) => {
    const read = () => parseStages(text, '--stages', USERS);
    expect(read).toThrow(CliError);
    expect(read).toThrow(why);
    expect(read).toThrow('--stages');
  });

  it('allows fractions where the stages are rates', () => {
    expect(parseStages('1s:0.5', '--rate-stages', { integer: false, max: 1e6 })).toEqual([
      { durationMs: 1000, target: 0.5 },
    ]);
  });

  it('reads back what formatStages writes', () => {
    const stage = fc.record({
      durationMs: fc.integer({ min: 1, max: 1e7 }),
      target: fc.integer({ min: 1, max: 1e6 }),
    });
    fc.assert(
      fc.property(fc.array(stage, { minLength: 1 }), (stages) => {
        expect(parseStages(formatStages(stages, formatDuration), 'x', USERS)).toEqual(stages);
      }),
    );
  });
});
