import { describe, expect, it } from 'vitest';
import { feeder } from '../src/data/feeder.ts';
import type { ExecutorOptions } from '../src/model/executor-options.ts';
import type { ScenarioDefinition } from '../src/model/scenario.ts';
import { mergeRecords } from '../src/replay/index.ts';
import type { ScriptedAnswer } from '../src/testing/scripted-answer.ts';
import { partOf } from './fixtures/recorded-part.ts';

const BUSY: ExecutorOptions = { kind: 'constant-vus', vus: 4, duration: '4s' };

const parts = (of: number, ...more: [ExecutorOptions, Partial<ScenarioDefinition>?, ScriptedAnswer?]) =>
  Promise.all(Array.from({ length: of }, (_, index) => partOf({ index, of }, ...more)));

describe('iterations of a run in parts', () => {
  it.each([
    { kind: 'per-vu-iterations', vus: 3, iterations: 4, planned: 12 },
    { kind: 'shared-iterations', vus: 3, iterations: 11, planned: 11 },
  ] as const)('are those of the whole: $kind', async ({ planned, ...executor }) => {
    for (const of of [1, 2, 5]) {
      const made = await parts(of, executor);
      expect(made.reduce((sum, { requests }) => sum + requests.length, 0)).toBe(planned);
      for (const { result } of made) expect(result.iterations.dropped).toBe(0);
      const merged = await mergeRecords(
        'run',
        made.map(({ record }) => record),
      );
      expect(merged.iterations).toMatchObject({ planned, completed: planned, dropped: 0 });
    }
  });
});

it('rows and numbers of iterations are handed out once over all parts, those that setup takes included', async () => {
  const given = { rows: [] as string[], ofSetup: [] as string[], numbers: [] as number[] };
  for (const index of [0, 1, 2]) {
    const accounts = feeder.generate(30, (row) => `account-${row}`, { order: 'unique', name: 'accounts' });
    const { result } = await partOf(
      { index, of: 3 },
      { kind: 'shared-iterations', vus: 3, iterations: 24 },
      {
        feeders: [accounts],
        async setup(user) {
          given.ofSetup.push(user.feed(accounts), user.feed(accounts));
        },
        async run(user) {
          given.rows.push(user.feed(accounts));
          given.numbers.push(user.iterationInRun);
          await user.request({ operation: 'work.ask' });
        },
      },
    );
    expect(result.run.end).toEqual({ kind: 'completed' });
  }
  const all = Array.from({ length: 30 }, (_, row) => `account-${row}`);
  expect([...given.rows, ...given.ofSetup].toSorted()).toEqual(all.toSorted());
  expect(given.ofSetup.toSorted()).toEqual(all.slice(0, 6));
  expect(given.numbers.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 24 }, (_, number) => number));
});

it('a part has its part of maxPerSecond also where a scenario has a setup', async () => {
  const operations = [{ name: 'work.ask', method: 'GET', route: '/work', maxPerSecond: 20 }] as const;
  const sent = async (more: Partial<ScenarioDefinition>) => {
    const made = await parts(2, BUSY, { operations, ...more });
    return made.map(({ requests }) => requests.length);
  };
  const without = await sent({});
  for (const count of without) expect(Math.abs(count - 4 * 10)).toBeLessThanOrEqual(4);
  expect(await sent({ setup: () => Promise.resolve() })).toEqual(without);
});

describe('a throughput objective of a run in parts', () => {
  const NINETY: ExecutorOptions = { kind: 'constant-arrival-rate', rate: 90, duration: '4s', maxVUs: 400 };
  const RAMP: ExecutorOptions = {
    kind: 'ramping-arrival-rate',
    startRate: 90,
    stages: [{ duration: '4s', target: 90 }],
    maxVUs: 400,
  };
  const asked = (requestsPerSecondPer100Users: number) => ({
    objectives: [{ operation: 'work.ask', requestsPerSecondPer100Users }],
  });
  const partsOf = (executor: ExecutorOptions, limit: number, afterMs = 10) =>
    Promise.all([0, 1].map((index) => partOf({ index, of: 2 }, executor, {}, { afterMs }, asked(limit))));

  it.each([NINETY, RAMP])(
    'is judged in a part by what it offers, and by the whole in the merge: $kind',
    async (executor) => {
      const made = await partsOf(executor, 50);
      const records = made.map(({ record }) => record);
      const early = records.map(({ info: { part, ...info }, ...rest }) => ({
        ...rest,
        info: { ...info, config: { ...info.config, part: `${part!.index + 1}/${part!.of}` } },
      }));
      for (const { result, record } of made) {
        const alone = await mergeRecords('run', [record]);
        for (const { objectives } of [result, alone]) {
          expect(objectives[0]!.status).toBe('not-measurable');
          expect(objectives[0]!.detail).toMatch(/^this part of the run can reach at most 45/);
        }
      }
      for (const all of [records, early]) {
        expect((await mergeRecords('run', all)).objectives[0]!.status).toBe('pass');
      }
    },
  );

  it('fails in a part, and in the merge, where what they offer would have reached it', async () => {
    const slow: ExecutorOptions = { ...NINETY, maxVUs: 4 };
    const made = await partsOf(slow, 40, 400);
    for (const { result } of made) expect(result.objectives[0]!.status).toBe('fail');
    const merged = await mergeRecords(
      'run',
      made.map(({ record }) => record),
    );
    expect(merged.objectives[0]!.status).toBe('fail');
  });
});

describe('the document of several parts', () => {
  it('has the time of an example on the clock of the run', async () => {
    const [first, second] = await parts(2, BUSY, {}, { afterMs: 10, status: 500 });
    const late = second!.record.snapshots.map((each) => ({ ...each, startWallMs: each.startWallMs + 3000 }));
    const merged = await mergeRecords('run', [
      {
        ...first!.record,
        snapshots: first!.record.snapshots.map((each) => ({ ...each, delta: { ...each.delta, errors: [] } })),
      },
      { ...second!.record, snapshots: late },
    ]);
    const [group] = merged.errors;
    expect(group!.example.atMs).toBe(Date.parse(group!.firstSeen) - Date.parse(merged.run.startedAt));
  });

  it('has rates over the time in which any part made load, also where one began later', async () => {
    const [first, second] = await parts(2, BUSY);
    const late = second!.record.snapshots.map((each) => ({ ...each, startWallMs: each.startWallMs + 3000 }));
    const merged = await mergeRecords('run', [first!.record, { ...second!.record, snapshots: late }]);
    const activeMs = merged.scenarios[0]!.activeMs!;
    const alone = (await mergeRecords('run', [first!.record])).scenarios[0]!;
    expect(activeMs).toBeCloseTo(alone.activeMs! + 3000, -1);
    expect(merged.operations[0]!.requestsPerSecond).toBeCloseTo(
      merged.operations[0]!.requests / (activeMs / 1000),
      1,
    );
  });

  it('does not know the CPU time of parts that were killed', async () => {
    const made = await parts(2, BUSY);
    const killed = made.map(({ record: { end: _end, ...rest } }) => rest);
    const known = { ...made[0]!.record, end: { ...made[0]!.record.end, cpuSeconds: 2 } };
    expect((await mergeRecords('run', killed)).health.cpuSeconds).toBeNull();
    expect((await mergeRecords('run', [known, killed[1]!])).health.cpuSeconds).toBeNull();
    const other = { ...made[1]!.record, end: { ...made[1]!.record.end, cpuSeconds: 3 } };
    expect((await mergeRecords('run', [known, other])).health.cpuSeconds).toBe(5);
  });
});
