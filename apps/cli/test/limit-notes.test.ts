import { runLoad, type LimitAdviser, type RunResult, type ScenarioDefinition } from '@jarvis-load/engine';
import { ScriptedTarget, VirtualClock } from '@jarvis-load/engine/testing';
import { describeLimitHit } from '@jarvis-load/jarvis';
import { describe, expect, it } from 'vitest';
import { limitHitNotes } from '../src/run/limit-notes.ts';

const ADVISER: LimitAdviser = {
  exceeded: () => [],
  hit: (operation, limits) => describeLimitHit(operation, limits),
};

interface Part {
  readonly startTime?: string;
  readonly duration: string;
}

/** Scenarios of ten requests a second each, of which every other one is refused; the last answers come late. */
async function run(parts: readonly Part[], slowFromMs = Number.POSITIVE_INFINITY): Promise<RunResult> {
  const clock = new VirtualClock();
  const scenarios = parts.map(({ startTime = '0s', duration }, index): ScenarioDefinition => ({
    name: `s${index}`,
    operations: [{ name: 'chat.send', method: 'POST', route: '/api/chat' }],
    run: async (user) => void (await user.request({ operation: 'chat.send', path: '/api/chat' })),
    executor: {
      kind: 'constant-arrival-rate',
      rate: 10,
      startTime,
      duration,
      arrivals: 'uniform',
      maxVUs: 500,
    },
  }));
  const target = new ScriptedTarget(clock, ({ number, atMs }) => ({
    status: number % 2 === 0 ? 429 : 200,
    afterMs: atMs >= slowFromMs ? 25_000 : 1,
  }));
  return clock.until(runLoad({ baseUrl: 'http://jarvis.test', clock, transport: target, scenarios }));
}

describe('the note on a limit that was hit', () => {
  it.each<[string, readonly Part[], number | undefined, string]>([
    ['without the drain', [{ duration: '60s' }], 59_000, '600 per minute; 300'],
    [
      'without the time before a late start',
      [{ startTime: '5m', duration: '1m' }],
      undefined,
      '600 per minute; 300',
    ],
    [
      'over both of two scenarios at once',
      [{ duration: '60s' }, { duration: '60s' }],
      undefined,
      '1200 per minute; 600',
    ],
    [
      'over both of two scenarios one after the other',
      [{ duration: '60s' }, { startTime: '60s', duration: '60s' }],
      undefined,
      '600 per minute; 300',
    ],
  ])('has the rates of the time in which the requests were made: %s', async (_, parts, slowFromMs, said) => {
    const result = await run(parts, slowFromMs);
    const notes = limitHitNotes(ADVISER, result, []);
    expect(notes.map(({ code }) => code)).toEqual(['rate-limit-hit']);
    expect(notes[0]!.text).toContain(`The run asked for ${said} per minute got through.`);
  });

  it('is missing where nothing was refused', async () => {
    const result = await run([{ duration: '10s' }]);
    const operations = result.operations.map((row) => ({
      ...row,
      outcomes: { ...row.outcomes, rate_limited: 0 },
    }));
    expect(limitHitNotes(ADVISER, { ...result, operations }, [])).toEqual([]);
  });
});
