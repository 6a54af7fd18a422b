import { describe, expect, it } from 'vitest';
import { CliError } from '../src/cli-error.ts';
import { sweep } from '../src/options/flag-kinds.ts';
import { LOAD_CONFLICTS } from '../src/options/load-conflicts.ts';

const read = (text: string) => sweep().fromText([text], '--sweep');

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
    for (const other of ['users', 'rate', 'stages', 'rateStages', 'profile', 'iterations', 'once'])
      expect(others).toContain(other);
  });
});
