import { describe, expect, it } from 'vitest';
import type { CapacityStep } from '@jarvis-load/capacity';
import { exitOfSweep } from '../src/capacity/sweep-load.ts';
import { CliError } from '../src/cli-error.ts';
import { moment, sweep } from '../src/options/flag-kinds.ts';
import { LOAD_CONFLICTS } from '../src/options/load-conflicts.ts';

const read = (text: string) => sweep().fromText([text], '--sweep');

describe('--start-at', () => {
  it('is a moment that the calendar has', () => {
    const at = (text: string) => moment().fromText([text], '--start-at');
    expect(at('2028-02-29T09:00:00Z')).toBe(Date.UTC(2028, 1, 29, 9));
    for (const text of ['2026-02-30T09:00:00Z', '2026-04-31T00:00Z', '2026-02-28T24:00:00Z'])
      expect(() => at(text)).toThrow('is no moment in UTC');
  });
});

describe('--sweep', () => {
  it('reads rates and users', () => {
    expect(read('rate=1,2.5, 10')).toEqual({ unit: 'rate', levels: [1, 2.5, 10] });
    expect(read('users=10,20')).toEqual({ unit: 'users', levels: [10, 20] });
    expect(sweep().toConfig?.(read('users=10,20'))).toBe('users=10,20');
  });

  it.each([
    '',
    'rate',
    'rate=',
    'rate=0',
    'rate=1,,2',
    'rate=x',
    'rate=-1',
    'users=1.5',
    'vus=1',
    '1,2',
    'rate=1e99',
    'rate=1,2=5,10',
    'rate=0x10',
    'users=0b11',
    `rate=${Array.from({ length: 51 }, () => 1).join(',')}`,
  ])('refuses "%s", and says what it takes', (text) => {
    expect(() => read(text)).toThrow(CliError);
    try {
      read(text);
    } catch (error) {
      expect((error as CliError).message).toContain('--sweep: ');
      expect((error as CliError).expected).toMatch(/^rate=1,2,5 or users=10,20,50/);
    }
  });

  it('excludes every other way to say how much load', () => {
    const others = LOAD_CONFLICTS.flatMap(([a, b]) => (a === 'sweep' ? [b] : []));
    for (const other of [
      'users',
      'rate',
      'stages',
      'rateStages',
      'profile',
      'iterations',
      'once',
      'baseline',
      'failOnWorse',
    ])
      expect(others).toContain(other);
  });

  const held = { name: 'a', measured: '1', limit: '2' };
  const pass = { status: 'pass', unproven: [], tightest: held } as const;
  it.each([
    ['pass', [pass, { ...pass, unproven: ['b'] }]],
    ['pass', [{ status: 'pass', unproven: [] }]],
    ['not-valid', []],
    ['not-valid', [pass, { status: 'pass', unproven: ['b'] }]],
    ['not-valid', [pass, { ...pass, withoutData: ['b'] }]],
    ['not-valid', [pass, { status: 'fail', unproven: [], isInvalid: true }]],
    ['not-valid', [pass, { status: 'busy', unproven: [] }]],
    [
      'failed',
      [
        { status: 'fail', unproven: [], isInvalid: true },
        { status: 'fail', unproven: [] },
      ],
    ],
  ] as const)('ends with %s, as load would: %#', (exit, steps) => {
    expect(
      exitOfSweep({ rounds: [{ answer: null, steps: steps as unknown as readonly CapacityStep[] }] }),
    ).toBe(exit);
  });
});
