import { describe, expect, it } from 'vitest';
import { systemClock } from '../src/clock/clock.ts';
import { compileRun } from '../src/definition/compile.ts';
import type { Operation } from '../src/model/scenario.ts';
import { OUTCOMES, type Outcome } from '../src/outcome.ts';
import { warmUp } from '../src/threads/warm-up.ts';

/** How the requests of a rehearsal for a run with this operation ended, by operation; without interrupted ones. */
async function rehearsed(operation: Operation): Promise<Map<string, Map<Outcome, number>>> {
  const executor = { kind: 'constant-arrival-rate', rate: 1, duration: 1000 } as const;
  const measured = compileRun([
    { name: 'measured', operations: [operation], executor, run: () => Promise.resolve() },
  ]);
  const ended = new Map<string, Map<Outcome, number>>();
  await warmUp(systemClock(), measured, 'precise', (run) => ({
    take: ({ interval }) => {
      for (const { index, response } of interval.operations) {
        const name = run.operations[index]!.operation.name;
        const outcomes = ended.get(name) ?? new Map<Outcome, number>();
        ended.set(name, outcomes);
        response.forEach((times, place) => {
          const outcome = OUTCOMES[place]!;
          if (times !== undefined) outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + times.count);
        });
      }
    },
    end: () => undefined,
  }));
  return ended;
}

describe('the warm-up', () => {
  it('reads streams in each format, to their end, for a run that has streams', async () => {
    const names = ['sse', 'ndjson', 'chunked', 'post', 'get'];
    const ended = new Map<string, Set<Outcome>>();
    // A rehearsal has 1.5 s; on a busy machine a stream may not end in it.
    for (let turn = 0; turn < 6 && !names.every((name) => (ended.get(name)?.size ?? 0) > 0); turn++) {
      const seen = await rehearsed({ name: 'ask', method: 'GET', route: '/ask', stream: 'sse' });
      for (const [name, outcomes] of seen)
        ended.set(name, new Set([...(ended.get(name) ?? []), ...outcomes.keys()]));
    }
    for (const name of names) expect([name, ...(ended.get(name) ?? [])]).toEqual([name, 'ok']);
  });

  it('reads none for a run without streams', async () => {
    let seen = new Map<string, Map<Outcome, number>>();
    // As above: one in which no request ended would show nothing.
    for (let turn = 0; turn < 6 && !seen.has('post'); turn++) {
      seen = await rehearsed({ name: 'ask', method: 'GET', route: '/ask' });
      expect([...seen.keys()].filter((name) => ['sse', 'ndjson', 'chunked'].includes(name))).toEqual([]);
    }
    expect([...(seen.get('post') ?? new Map()).keys()]).toEqual(['ok']);
  });
});
