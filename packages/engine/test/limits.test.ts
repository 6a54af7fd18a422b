import { expect, it } from 'vitest';
import { compileRun } from '../src/definition/compile.ts';
import { checkLimits } from '../src/definition/limits.ts';
import { resolveRun } from '../src/definition/resolve-options.ts';
import type { RunOptions } from '../src/model/run-options.ts';
import type { ScenarioDefinition } from '../src/model/scenario.ts';

/** More than there are local ports on any machine. */
const USERS = 100_000;
const scenario: ScenarioDefinition = {
  name: 'chat',
  operations: [{ name: 'ask', method: 'GET', route: '/ask' }],
  executor: { kind: 'constant-vus', vus: USERS, duration: '1m' },
  run: () => Promise.resolve(),
};

const check = (options: Partial<RunOptions>, users?: number) => () => {
  const resolved = resolveRun({ baseUrl: 'http://127.0.0.1:1', scenarios: [scenario], ...options });
  checkLimits(compileRun([scenario]), resolved, users === undefined ? undefined : () => users);
};

it.runIf(process.platform === 'linux')(
  'connections are counted for the users of this part of the run',
  () => {
    expect(check({})).toThrow(/^100000 users with a connection each/);
    expect(check({ part: { index: 0, of: 1000 } })).not.toThrow();
    expect(check({ part: { index: 1, of: 2 } }, 1_000_000)).toThrow(/^500000 users with a connection each/);
    expect(check({ connections: 'shared' })).not.toThrow();
  },
);
