import { feeder, runLoad, type RunResult, type ScenarioDefinition } from '@jarvis-load/engine';
import { ScriptedTarget, VirtualClock, type ScriptedAnswer } from '@jarvis-load/engine/testing';
import { describe, expect, it } from 'vitest';
import { judgeStep } from '../src/index.ts';

/** A step of a level in the real engine on a virtual clock, with arrivals in equal distances. */
async function step(
  rate: number,
  duration: string,
  answer: ScriptedAnswer,
  feeders: ScenarioDefinition['feeders'] = [],
): Promise<RunResult> {
  const clock = new VirtualClock();
  return clock.until(
    runLoad({
      baseUrl: 'http://jarvis.test',
      clock,
      transport: new ScriptedTarget(clock, () => answer, { keep: false }),
      circuitBreaker: { failureShare: 0.5, forMs: 5000 },
      objectives: [{ operation: 'work', errorRate: 0.01 }],
      scenarios: [
        {
          name: 'user',
          feeders,
          operations: [{ name: 'work', method: 'GET', route: '/work' }],
          run: async (user) => {
            for (const each of feeders) user.feed(each);
            await user.request({ operation: 'work', path: '/work' });
          },
          executor: { kind: 'constant-arrival-rate', rate, duration, arrivals: 'uniform', maxVUs: 2000 },
        },
      ],
    }),
  );
}

const rows = (count: number) =>
  feeder.generate(count, (index) => index, { name: 'accounts', order: 'unique', atEnd: 'stop' });

describe('a step that ends before its planned time', () => {
  it('has the rates of the time in which its load was made', async () => {
    const result = await step(200, '15s', { status: 500 });
    expect(result.run.end.kind).toBe('circuit-breaker');
    const { figures } = judgeStep(result);
    expect(figures!.offeredPerSecond).toBeCloseTo(200, -1);
    expect(figures!.requestsPerSecond).toBeCloseTo(200, -1);
  });

  it('has no drain in its rates, either', async () => {
    const result = await step(100, '60s', { afterMs: 900 }, [rows(500)]);
    expect(result.run).toMatchObject({ end: { kind: 'stopped' } });
    expect(judgeStep(result).figures!.offeredPerSecond).toBeCloseTo(100, 0);
  });

  it('proves nothing where the scenario stopped it, and says why and what to do', async () => {
    const outcome = judgeStep(await step(100, '60s', { afterMs: 5 }, [rows(500)]));
    expect(outcome).toMatchObject({ status: 'fail', isInvalid: true });
    expect(outcome.reasons).toEqual([
      'the run was stopped after 5 of 60 s (feeder "accounts" has no more rows: all 500 were used), ' +
        "so this level was not measured: give a feeder more rows or atEnd: 'repeat', and let no scenario stop the run",
    ]);
  });

  it('counts where the target failed before the scenario stopped it', async () => {
    const outcome = judgeStep(await step(100, '60s', { status: 500 }, [rows(300)]));
    expect(outcome).toMatchObject({ status: 'fail', broken: { name: 'objective work errors' } });
    expect(outcome).not.toHaveProperty('isInvalid');
  });

  it('is a pass where all but the last of its planned time was measured', async () => {
    const result = await step(100, '60s', { afterMs: 5 }, [rows(5999)]);
    expect(result.run.end.kind).toBe('stopped');
    expect(judgeStep(result)).toMatchObject({ status: 'pass', reasons: [] });
  });
});
