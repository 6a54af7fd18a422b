import { describe, expect, it } from 'vitest';
import { runLoad, type Output } from '@jarvis-load/engine';
import { ScriptedTarget, VirtualClock } from '@jarvis-load/engine/testing';
import { missesRequiredOutput } from '../src/run/outputs-of-run.ts';

/** A run on a virtual clock with these outputs. */
function runWith(outputs: readonly Output[]) {
  const clock = new VirtualClock();
  const run = runLoad({
    baseUrl: 'http://jarvis.test',
    clock,
    transport: new ScriptedTarget(clock, () => ({ afterMs: 10 })),
    outputs,
    scenarios: [
      {
        name: 'chat',
        operations: [{ name: 'ask', method: 'GET', route: '/' }],
        run: async (user) => void (await user.request({ operation: 'ask', path: '/' })),
        executor: { kind: 'constant-vus', vus: 1, duration: '1s' },
      },
    ],
  });
  return clock.until(run);
}

const failing = (name: string): Output => ({ name, stop: () => Promise.reject(new Error('no room')) });
const working = (name: string): Output => ({ name });

describe('--out-required', () => {
  it.each([
    ['an output of --out', [working('journal'), failing('csv')], true],
    ['the second of a kind', [working('csv'), failing('csv 2')], true],
    ['nothing', [working('journal'), working('csv')], false],
    ['the journal, which is not asked for by --out', [failing('journal'), working('csv')], false],
  ] as const)('when %s has failed', async (_, outputs, missed) => {
    const result = await runWith(outputs);
    const asked = outputs.filter(({ name }) => name !== 'journal');
    expect(missesRequiredOutput(result, { outRequired: true }, asked)).toBe(missed);
    expect(missesRequiredOutput(result, {}, asked)).toBe(false);
  });
});
