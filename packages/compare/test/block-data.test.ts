import { describe, expect, it } from 'vitest';
import type { RunResult } from '@jarvis-load/engine/result';
import { blocksOf } from '../src/block-data.ts';
import { simulatedRun } from './support/simulated-run.js';

describe('the blocks of an operation', () => {
  it('count a user who hung up as a request that did not fail', () => {
    const run: RunResult = simulatedRun({
      seed: 1,
      operations: 1,
      seconds: 30,
      rate: 20,
      sigma: 0.3,
      errorShare: 0.2,
    });
    const [of] = run.blocks!.operations;
    const before = blocksOf(run, of!.scenario, of!.operation)!;
    const outcomes = { ...of!.outcomes, hung_up: before.durationsMs.map(() => 5) };
    const left: RunResult = { ...run, blocks: { ...run.blocks!, operations: [{ ...of!, outcomes }] } };
    const after = blocksOf(left, of!.scenario, of!.operation)!;
    expect(Math.max(...before.failed)).toBeGreaterThan(0);
    expect(after.failed).toEqual(before.failed);
    expect(after.requests).toEqual(before.requests.map((count) => count + 5));
  });
});
