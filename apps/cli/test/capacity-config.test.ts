import { describe, expect, it } from 'vitest';
import { unusedLoadNote } from '../src/capacity/unused-load-note.ts';
import { CAPACITY_FLAGS } from '../src/options/capacity-flags.ts';
import { resolveSettings } from '../src/options/resolve-settings.ts';

describe('capacity with the config file of load', () => {
  const values = { arrivalsFile: 'trace.csv', duration: '30s', users: 50, maxVus: 200, arrivals: 'poisson' };

  it('takes no load from it: a rate is searched, and a trace has one', () => {
    const sources = { commandLine: {}, environment: {}, configFile: values, configFileName: 'x.json' };
    expect(resolveSettings(CAPACITY_FLAGS, sources)).toEqual({ maxVus: 200, arrivals: 'poisson' });
  });

  it('says which of its keys are not used', () => {
    expect(unusedLoadNote({ name: 'x.json', values })).toBe(
      'note: x.json: users, arrivalsFile, duration: not used, a search sets the load of its steps itself',
    );
    expect(
      unusedLoadNote({ name: 'x.json', values: { target: 'mock', arrivals: 'poisson' } }),
    ).toBeUndefined();
  });
});
