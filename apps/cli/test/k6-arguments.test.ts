import { describe, expect, it } from 'vitest';
import { findK6 } from '@jarvis-load/k6-scenarios';
import { checkK6Arguments, replacesLoad } from '../src/k6/check-arguments.ts';
import { endOfK6, exitNameOfK6 } from '../src/k6/exit-of-k6.ts';
import { worstExit } from '../src/k6/worst-exit.ts';

const CEILINGS = { maxUsers: 5, maxRate: 10, maxDurationMs: 60_000 };

describe('arguments for k6', () => {
  it.each([['--vus=50'], ['-u50'], ['-u', '50'], ['--stage', '1m:99'], ['-i=9'], ['--duration', '9h']])(
    'that replace the load are refused on a target with ceilings: %s',
    (...args) => {
      expect(replacesLoad(args)).toBe(true);
      expect(() => checkK6Arguments(args, undefined)).not.toThrow();
      expect(() => checkK6Arguments(args, CEILINGS)).toThrow(/replaces the load of the test/);
    },
  );

  it.each([
    ['--out', 'influxdb=http://localhost:8086/k6'],
    ['-e', 'MY_OWN=1'],
    ['--tag', 'a=b'],
    ['--http-debug'],
  ])('that do no harm pass: %s', (...args) => {
    expect(() => checkK6Arguments(args, CEILINGS)).not.toThrow();
    expect(replacesLoad(args)).toBe(false);
  });
});

describe('exit codes of k6', () => {
  it.each([
    [0, 'pass', 'completed'],
    [99, 'failed', 'completed'],
    [100, 'unreachable', 'error'],
    [104, 'usage', 'error'],
    [105, 'not-valid', 'aborted'],
    [107, 'internal', 'error'],
    [108, 'not-valid', 'aborted'],
    [255, 'usage', 'error'],
    [42, 'internal', 'error'],
  ])('%d is %s, and the run is %s', (code, name, end) => {
    expect(exitNameOfK6({ exitCode: code, abort: undefined })).toBe(name);
    expect(endOfK6({ exitCode: code, abort: undefined }, undefined).kind).toBe(end);
  });

  it('108 with our marker is what the marker says', () => {
    const abort = { code: 'unreachable', text: 'nothing listens there' } as const;
    expect(exitNameOfK6({ exitCode: 108, abort })).toBe('unreachable');
    expect(endOfK6({ exitCode: 108, abort }, undefined)).toEqual({
      kind: 'setup-failed',
      reason: 'nothing listens there',
    });
  });

  it('of several tests the worst counts', () => {
    expect(worstExit([0, 0])).toBe(0);
    expect(worstExit([0, 99, 98])).toBe(98);
    expect(worstExit([99, 3, 2])).toBe(3);
  });
});

describe('a machine without k6', () => {
  it('says how to get it', () => {
    expect(() => findK6(['/nowhere'], { PATH: '/nowhere' })).toThrow(
      /k6 is neither on the PATH nor in \.peers\/bin.*npm run setup:peers/,
    );
  });
});
