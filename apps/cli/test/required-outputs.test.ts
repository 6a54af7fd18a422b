import { describe, expect, it } from 'vitest';
import { runLoad, type Output } from '@jarvis-load/engine';
import { ScriptedTarget, VirtualClock, type ScriptedAnswer } from '@jarvis-load/engine/testing';
import { exitOfRun } from '../src/run/outputs-of-run.ts';

/** A run on a virtual clock with these outputs. */
function runWith(outputs: readonly Output[], answer: ScriptedAnswer = {}, duration = '1s') {
  const clock = new VirtualClock();
  const run = runLoad({
    baseUrl: 'http://jarvis.test',
    clock,
    transport: new ScriptedTarget(clock, () => ({ afterMs: 10, ...answer })),
    outputs,
    scenarios: [
      {
        name: 'chat',
        operations: [{ name: 'ask', method: 'GET', route: '/' }],
        run: async (user) => void (await user.request({ operation: 'ask', path: '/' })),
        executor: { kind: 'constant-vus', vus: 1, duration },
      },
    ],
  });
  return clock.until(run);
}

const failing = (name: string): Output => ({ name, stop: () => Promise.reject(new Error('no room')) });
const working = (name: string): Output => ({ name });

const GONE = { outcome: 'connection_error', code: 'ECONNREFUSED', message: 'refused' } as const;
const [PASS, UNREACHABLE, NOT_VALID] = [0, 3, 98];

describe('--out-required', () => {
  it.each([
    ['an output of --out', [working('journal'), failing('csv')], NOT_VALID],
    ['the second of a kind', [working('csv'), failing('csv 2')], NOT_VALID],
    ['nothing', [working('journal'), working('csv')], PASS],
    ['the journal, which is not asked for by --out', [failing('journal'), working('csv')], PASS],
  ] as const)('when %s has failed', async (_, outputs, exit) => {
    const result = await runWith(outputs);
    const asked = outputs.filter(({ name }) => name !== 'journal');
    expect(exitOfRun(result, { outRequired: true }, asked)).toBe(exit);
    expect(exitOfRun(result, {}, asked)).toBe(PASS);
  });

  it('leaves 3 as it is: that the target is gone comes before what an output missed', async () => {
    const outputs = [failing('csv')];
    const result = await runWith(outputs, { failure: GONE }, '30s');
    expect(result.run.end.kind).toBe('circuit-breaker');
    expect(result.notes.map(({ code }) => code)).toContain('output-failed');
    expect(exitOfRun(result, { outRequired: true }, outputs)).toBe(UNREACHABLE);
  });
});
