import { describe, expect, it } from 'vitest';
import type { ExecutorOptions } from '../src/model/executor-options.ts';
import type { RunEnd } from '../src/index.ts';
import { mergeRecords, replay, Replay } from '../src/replay/index.ts';
import { partOf } from './fixtures/recorded-part.ts';

const FOUR_SECONDS: ExecutorOptions = { kind: 'constant-vus', vus: 10, duration: '4s' };
const first = { index: 0, of: 2 };
const second = { index: 1, of: 2 };

describe('a run in parts of which a threshold ended one', () => {
  const thresholds = {
    http_req_duration: [{ threshold: 'p(95)<500', abortOnFail: true }],
  };

  it('fails by what that part measured, also where the sum of the parts keeps the limit', async () => {
    // The first part answers some twenty times before its end, the second one thousands of times.
    const slow = await partOf(first, FOUR_SECONDS, {}, { afterMs: 600 }, { thresholds });
    const quick = await partOf(second, FOUR_SECONDS, {}, { afterMs: 1 }, { thresholds });
    expect(slow.result.run.end.kind).toBe('threshold');
    const merged = await mergeRecords('run', [quick.record, slow.record]);
    expect(merged.run.end).toEqual({
      kind: 'threshold',
      reason: expect.stringContaining('part 1') as string,
    });
    const [own] = slow.result.thresholds;
    expect(merged.thresholds[0]).toMatchObject({
      status: 'fail',
      aborted: true,
      measured: own!.measured,
      samples: own!.samples,
      detail: 'measured by part 1, which it ended',
    });
    expect(merged.verdict.status).toBe('fail');
  });
});

it('a threshold that ended no part does not end the merge: the sum of a second may prove what a part could not', async () => {
  const thresholds = { http_req_failed: [{ threshold: 'rate<0.01', abortOnFail: true }] };
  const rate: ExecutorOptions = { kind: 'constant-arrival-rate', rate: 120, duration: '4s', maxVUs: 100 };
  const made = await Promise.all(
    [first, second].map((part) =>
      partOf(part, rate, {}, ({ number }) => ({ afterMs: 10, status: number === 10 ? 500 : 200 }), {
        thresholds,
      }),
    ),
  );
  for (const { result } of made)
    expect(result.thresholds[0]).toMatchObject({ status: 'pass', aborted: false });
  const merged = await mergeRecords(
    'run',
    made.map(({ record }) => record),
  );
  expect(merged.run.end.kind).toBe('completed');
  expect(merged.thresholds[0]).toMatchObject({ status: 'pass', aborted: false, samples: 480 });
  expect(merged.verdict.status).toBe('pass');
});

it('a threshold that ended a run has the same outcome in its record, and in a merge of it alone', async () => {
  // By the end of all requests the share of failed ones is below the limit.
  const thresholds = { http_req_failed: [{ threshold: 'rate<0.5', abortOnFail: true }] };
  const { result, record } = await partOf(
    { index: 0, of: 1 },
    { kind: 'constant-arrival-rate', rate: 50, duration: '4s', gracefulStop: '10s', maxVUs: 400 },
    {},
    ({ number }) => (number % 3 === 0 ? { afterMs: 10, status: 500 } : { afterMs: 3000 }),
    { thresholds },
  );
  const [own] = result.thresholds;
  expect(own).toMatchObject({ status: 'fail', aborted: true });
  expect(result.totals.failureShare).toBeLessThan(0.5);
  expect(replay(record.info, record.snapshots, record.end).thresholds[0]).toEqual(own);
  const merged = await mergeRecords('run', [record]);
  expect(merged.thresholds[0]).toMatchObject({ status: 'fail', aborted: true, measured: own!.measured });
});

describe('the end of a run in parts', () => {
  it.each([
    ['stopped', 'aborted', 'not-valid'],
    ['stopped', 'error', 'not-valid'],
    ['threshold', 'aborted', 'not-valid'],
    ['stopped', 'circuit-breaker', 'fail'],
    ['circuit-breaker', 'error', 'not-valid'],
    ['completed', 'stopped', 'pass'],
  ] as const)('is the worst of them, in either order: %s and %s', async (lesser, worse, verdict) => {
    const records = await Promise.all(
      [lesser, worse].map(async (kind, index) => {
        const { record } = await partOf({ index, of: 2 }, FOUR_SECONDS, {}, undefined, {
          thresholds: { http_reqs: ['count>1'] },
        });
        const end: RunEnd = { ...record.end, end: { kind, reason: `said ${kind}` } };
        return { ...record, end };
      }),
    );
    for (const order of [records, records.toReversed()]) {
      const { run, verdict: judged } = await mergeRecords('run', order);
      expect(run.end).toEqual({ kind: worse, reason: `part 2: said ${worse}` });
      expect(judged.status).toBe(verdict);
    }
  });
});

describe('iterations that a killed process had not started', () => {
  const EXECUTORS = [
    { kind: 'shared-iterations', vus: 4, iterations: 1000 },
    { kind: 'per-vu-iterations', vus: 4, iterations: 250 },
  ] as const satisfies readonly ExecutorOptions[];

  it.each(EXECUTORS)('are dropped: $kind', async (executor) => {
    const { record } = await partOf({ index: 0, of: 1 }, executor, {}, { afterMs: 300 });
    const kept = record.snapshots.slice(0, 2);
    const read = (asked: 'result' | 'resultSoFar') => {
      const run = new Replay(record.info);
      for (const snapshot of kept) run.add(snapshot);
      return run[asked]().iterations;
    };
    expect(read('result')).toEqual({ planned: 1000, completed: 24, failed: 0, interrupted: 4, dropped: 972 });
    expect(read('resultSoFar')).toEqual(read('result'));
  });

  it.each(EXECUTORS)('are dropped where it was a part: $kind', async (executor) => {
    const [killed, other] = [
      await partOf(first, executor, {}, { afterMs: 300 }),
      await partOf(second, executor, {}, { afterMs: 300 }),
    ];
    const { end: _end, ...rest } = killed.record;
    const cut = { ...rest, snapshots: rest.snapshots.slice(0, 2) };
    const alone = new Replay(cut.info);
    for (const snapshot of cut.snapshots) alone.add(snapshot);
    expect(alone.result().iterations).toMatchObject({ planned: 500, completed: 12, dropped: 486 });
    const merged = await mergeRecords('run', [cut, other.record]);
    expect(merged.iterations).toMatchObject({ planned: 1000, completed: 512, interrupted: 2, dropped: 486 });
  });

  it.each(EXECUTORS)('are those of the parts that are there: $kind', async (executor) => {
    const [killed, other] = [
      await partOf({ index: 0, of: 4 }, executor, {}, { afterMs: 300 }),
      await partOf({ index: 3, of: 4 }, executor, {}, { afterMs: 300 }),
    ];
    const { end: _end, ...rest } = killed.record;
    const cut = { ...rest, snapshots: rest.snapshots.slice(0, 2) };
    // Earlier records have it in the words of the command only.
    const early = ({ part, ...info }: typeof cut.info) => ({
      ...info,
      config: { ...info.config, part: `${part!.index + 1}/${part!.of}` },
    });
    for (const parts of [
      [cut, other.record],
      [cut, other.record].map((record) => ({ ...record, info: early(record.info) })),
    ]) {
      const merged = await mergeRecords('run', parts);
      expect(merged.iterations).toMatchObject({ planned: 500, completed: 256, interrupted: 1, dropped: 243 });
      const alone = new Replay(parts[0]!.info);
      for (const snapshot of cut.snapshots) alone.add(snapshot);
      expect(alone.result().iterations).toMatchObject({ planned: 250, completed: 6, dropped: 243 });
    }
  });
});

it('users of a part that ended a second before the others stay in the most users of the run', async () => {
  const made = await Promise.all(
    [0, 1, 2].map((index) =>
      partOf(
        { index, of: 3 },
        { kind: 'per-vu-iterations', vus: 30, iterations: 2 },
        {},
        {
          afterMs: index === 2 ? 1500 : 400,
        },
      ),
    ),
  );
  const merged = await mergeRecords(
    'run',
    made.map(({ record }) => record),
  );
  expect(merged.scenarios[0]!.maxUsers).toBe(30);
  expect(merged.series.points.map(({ users }) => users).at(-1)).toBeLessThanOrEqual(10);
});

describe('changes of the load by the callers of the parts', () => {
  const STEERED: ExecutorOptions = { kind: 'externally-controlled', vus: 1, maxVUs: 60 };
  const steered = (index: number, users: readonly number[], more: { readonly perSecond?: number } = {}) =>
    partOf({ index, of: 2 }, STEERED, {}, undefined, {}, ({ clock, run }) => {
      users.forEach((count, place) => {
        clock.setTimer(1500 + place * 2000, () => run.setUsers('work', count, more));
      });
      clock.setTimer(1500 + users.length * 2000, () => run.stop('enough'));
    });

  const ramp = { perSecond: 100 };

  it('are the last value set where the parts share it', async () => {
    const made = [await steered(0, [25, 10, 12], ramp), await steered(1, [25], ramp)];
    expect(made.map(({ result }) => result.scenarios[0]!.maxUsers)).toEqual([13, 12]);
    const merged = await mergeRecords(
      'run',
      made.map(({ record }) => record),
    );
    expect(merged.steering!.map(({ users, perSecond }) => [users, perSecond])).toEqual([
      [25, 100],
      [10, 100],
      [12, 100],
    ]);
    expect(merged.scenarios[0]!.maxUsers).toBe(25);
  });

  it('are one change of each scenario: the sum of what each worker of a Locust master has set', async () => {
    const made = [await steered(0, [25, 10, 12], ramp), await steered(1, [25], ramp)];
    const merged = await mergeRecords('run', made.map(asWorker));
    // The second part ends at 3.5 s: it counts in that second, and not at 5.5 s.
    expect(merged.steering!.map(({ users, perSecond }) => [users, perSecond])).toEqual([
      [50, 200],
      [35, 200],
      [12, 100],
    ]);
  });

  it('leave the most users as they were where a worker takes over those of one that left', async () => {
    // The first one leaves at 3.5 s; the second one is told at 5.5 s.
    const made = [await steered(0, [30]), await steered(1, [30, 30, 60])];
    expect(made.map(({ result }) => result.scenarios[0]!.maxUsers)).toEqual([15, 30]);
    const merged = await mergeRecords('run', made.map(asWorker));
    expect(merged.scenarios[0]!.maxUsers).toBe(30);
  });
});

/** Without the part that it is of, as the record of a worker is. */
function asWorker({ record }: Awaited<ReturnType<typeof partOf>>) {
  const { part: _part, ...info } = record.info;
  return { ...record, info };
}
