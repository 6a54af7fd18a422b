import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { resolveExecutor } from '../src/executors/resolve-executor.ts';
import { runLoad, type Output, type RunEnd, type RunInfo } from '../src/index.ts';
import type { SnapshotRecord } from '../src/model/run-snapshot.ts';
import { planArrivals, splitSchedule, type ArrivalSchedule } from '../src/plan/arrivals.ts';
import {
  mergeRecords,
  parseRunEnd,
  parseRunInfo,
  parseSnapshot,
  replay,
  serializeRunEnd,
  serializeRunInfo,
  serializeSnapshot,
  type PartRecord,
} from '../src/replay/index.ts';
import { ScriptedTarget, VirtualClock } from '../src/testing/index.ts';

/** With its snapshots in memory. */
type ListedRecord = PartRecord & { readonly snapshots: readonly SnapshotRecord[] };

interface Recorded {
  readonly record: ListedRecord;
  /** Moments at which requests arrived. */
  readonly arrivals: readonly number[];
  readonly result: Awaited<ReturnType<typeof runLoad>>;
}

/** A run, or a part of one, on a virtual clock. The answer depends on the moment alone, so that all parts see the same target. */
async function record(options: {
  readonly part?: { readonly index: number; readonly of: number };
  readonly arrivals?: 'poisson' | 'uniform';
  readonly seed?: number;
  readonly rate?: number;
  readonly objectiveMs?: number;
  /** Added to each answer. */
  readonly slowerMs?: number;
}): Promise<Recorded> {
  const { part, arrivals = 'poisson', seed = 1, rate = 40, objectiveMs = 400, slowerMs = 0 } = options;
  const clock = new VirtualClock();
  const target = new ScriptedTarget(clock, ({ atMs }) => ({
    afterMs: slowerMs + 20 + (Math.round(atMs * 1000) % 977) / 3,
    status: Math.round(atMs * 1000) % 53 === 0 ? 500 : 200,
  }));
  const texts: { info?: string; snapshots: string[]; end?: string } = { snapshots: [] };
  const output: Output = {
    name: 'record',
    start: (info: RunInfo) => void (texts.info = serializeRunInfo(info)),
    interval: (snapshot) => void texts.snapshots.push(serializeSnapshot(snapshot)),
    stop: (_result, end: RunEnd | undefined) => void (texts.end = serializeRunEnd(end!)),
  };
  const result = await clock.until(
    runLoad({
      baseUrl: 'http://jarvis.test',
      clock,
      transport: target,
      seed,
      runId: 'run',
      outputs: [output],
      ...(part === undefined ? {} : { part }),
      objectives: [{ operation: 'work', p95Ms: objectiveMs, errorRate: 0.5 }],
      thresholds: { http_reqs: ['count>=1'], response_time: [`p(90)<${objectiveMs} over 2s`] },
      scenarios: [
        {
          name: 'user',
          operations: [{ name: 'work', method: 'GET', route: '/work' }],
          run: async (user) => void (await user.request({ operation: 'work', path: '/work' })),
          executor: { kind: 'constant-arrival-rate', rate, duration: '4s', arrivals, maxVUs: 1000 },
        },
      ],
    }),
  );
  return {
    record: {
      name: part === undefined ? 'whole' : `part ${part.index + 1}/${part.of}`,
      info: parseRunInfo(texts.info!),
      snapshots: texts.snapshots.map(parseSnapshot),
      end: parseRunEnd(texts.end!),
    },
    arrivals: target.requests.map(({ atMs }) => atMs),
    result,
  };
}

const parts = (of: number, more: Parameters<typeof record>[0] = {}): Promise<Recorded[]> =>
  Promise.all(Array.from({ length: of }, (_, index) => record({ ...more, part: { index, of } })));

describe('the parts of a run', () => {
  it('plan together the arrivals of the whole, to the microsecond, whatever their threads', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(1, 2, 5),
        fc.constantFrom(1, 3),
        fc.integer({ min: 0, max: 2 ** 31 }),
        fc.constantFrom('poisson' as const, 'uniform' as const),
        (of, threads, seed, arrivals) => {
          const executor = resolveExecutor(
            { kind: 'constant-arrival-rate', rate: 300, duration: '2s', arrivals },
            'user',
          );
          if (executor.kind !== 'constant-arrival-rate') throw new TypeError('another executor');
          const all = (schedule: ArrivalSchedule): number[] => {
            const times: number[] = [];
            for (let at = schedule.next(); at !== undefined; at = schedule.next()) times.push(at);
            return times;
          };
          const places = Array.from({ length: of * threads }, (_, place) => place);
          const together = places.flatMap((place) =>
            all(splitSchedule(planArrivals(executor, seed, 0), place, places.length)),
          );
          expect(together.toSorted((x, y) => x - y)).toEqual(all(planArrivals(executor, seed, 0)));
        },
      ),
      { numRuns: 40 },
    );
  });

  it('send together what the whole sends, each within the resolution of timers', async () => {
    for (const of of [1, 2, 5]) {
      const whole = (await record({})).arrivals.toSorted((a, b) => a - b);
      const together = (await parts(of)).flatMap((part) => part.arrivals).toSorted((a, b) => a - b);
      expect(together).toHaveLength(whole.length);
      together.forEach((ms, index) => expect(Math.abs(ms - whole[index]!)).toBeLessThan(5));
    }
  });

  it('give one document with the counts, quantiles and verdict of the whole', async () => {
    const whole = await record({ arrivals: 'uniform' });
    const merged = await mergeRecords(
      'run',
      (await parts(5, { arrivals: 'uniform' })).map((part) => part.record),
    );
    expect(merged.totals.requests).toBe(whole.result.totals.requests);
    expect(merged.totals).toEqual(whole.result.totals);
    expect(merged.operations).toEqual(whole.result.operations);
    expect(merged.iterations).toEqual(whole.result.iterations);
    expect(merged.objectives).toEqual(whole.result.objectives);
    expect(merged.thresholds).toEqual(whole.result.thresholds);
    expect(merged.verdict).toEqual(whole.result.verdict);
    expect(merged.series.points.map(({ requests, inFlight }) => [requests, inFlight])).toEqual(
      whole.result.series.points.map(({ requests, inFlight }) => [requests, inFlight]),
    );
  });

  it('are judged on the sums: a promise that each part keeps or misses is judged once', async () => {
    const merged = await mergeRecords(
      'run',
      (await parts(2, { objectiveMs: 100 })).map((part) => part.record),
    );
    expect(merged.verdict.status).toBe('fail');
    expect(merged.objectives.filter(({ status }) => status === 'fail')).toHaveLength(1);
  });

  it('of which one was killed make an interrupted run that is not valid', async () => {
    const [a, b] = await parts(2);
    const { end: _end, ...killed } = b!.record;
    const merged = await mergeRecords('run', [
      a!.record,
      { ...killed, snapshots: killed.snapshots.slice(0, 2) },
    ]);
    expect(merged.run.end).toEqual({ kind: 'interrupted', reason: 'part 2/2 has no end: it was killed' });
    expect(merged.verdict.status).toBe('not-valid');
    const alone = replay(a!.record.info, a!.record.snapshots, a!.record.end);
    const usersAfter = ({ series }: typeof merged) => series.points.slice(2).map(({ users }) => users);
    expect(usersAfter(merged)).toEqual(usersAfter(alone));
  });

  describe('on machines of which one was busy', () => {
    /** A part on a real machine, whose threads waited so long for a processor in each second. */
    const onMachine = ({ record: { info, snapshots, ...rest } }: Recorded, waitMs: number): ListedRecord => ({
      ...rest,
      info: { ...info, judging: { ...info.judging, realTime: true } },
      snapshots: snapshots.map((snapshot) => ({ ...snapshot, machine: waited(waitMs, snapshot) })),
    });
    const waited = (waitMs: number, { startMs, endMs, index }: SnapshotRecord) => ({
      second: {
        durationMs: endMs - startMs,
        runMs: 200,
        waitMs,
        longestWaitMs: waitMs,
        throttledMs: null,
        stolenMs: null,
        stealShare: null,
        pressureShare: null,
      },
      processes: [{ name: 'generator', runMs: 200 * (index + 1), waitMs: waitMs * (index + 1) }],
    });
    const judged = async (...records: PartRecord[]) => {
      const { verdict, objectives, thresholds, health } = await mergeRecords('run', records);
      return {
        verdict,
        health,
        latency: objectives.find(({ aspect }) => aspect === 'p95')!.status,
        window: thresholds.find(({ metric }) => metric === 'response_time')!.status,
      };
    };
    let quick: Recorded;
    let slow: Recorded;
    beforeAll(async () => {
      quick = await record({ part: { index: 0, of: 2 } });
      slow = await record({ part: { index: 1, of: 2 }, slowerMs: 300 });
    });

    it('are judged as one machine is: a latency that failed there is machine-limited, and the machine is named', async () => {
      const { verdict, latency, window, health } = await judged(onMachine(quick, 1), onMachine(slow, 400));
      expect([latency, window]).toEqual(['machine-limited', 'machine-limited']);
      expect(verdict.status).toBe('not-valid');
      const reason = verdict.reasons.find(({ code }) => code === 'machine-limited');
      expect(reason?.text).toMatch(/the machine of part 2\/2 was short of processor time in \d of \d s/);
      expect(reason?.text).not.toContain('part 1/2');
      expect(health.machine).toBeNull();
      expect(health.machines?.map(({ part, machine }) => [part, machine!.loudSeconds > 0])).toEqual([
        ['part 1/2', false],
        ['part 2/2', true],
      ]);
    });

    it('show in each second the waiting of the machine that waited most', async () => {
      const { series } = await mergeRecords('run', [onMachine(quick, 1), onMachine(slow, 400)]);
      const [first] = series.points;
      expect(first!.waitShare).toBeCloseTo(400 / 600);
    });

    it('are not excused by waiting on the machine that was quick', async () => {
      const { verdict, latency, window } = await judged(onMachine(quick, 400), onMachine(slow, 1));
      expect([latency, window, verdict.status]).toEqual(['fail', 'fail', 'fail']);
    });

    it('are judged as the run itself, when there is one part', async () => {
      const part = onMachine(slow, 400);
      const alone = replay(part.info, part.snapshots, part.end);
      const merged = await mergeRecords('run', [part]);
      expect(merged.objectives).toEqual(alone.objectives);
      expect(merged.thresholds).toEqual(alone.thresholds);
      expect(merged.verdict.status).toBe(alone.verdict.status);
      expect(merged.health.machines?.[0]?.machine).toEqual(alone.health.machine);
    });
  });

  it('of different runs are refused, unless each was given its users by another program', async () => {
    const [a] = await parts(2);
    const [, b] = await parts(2, { seed: 2 });
    await expect(mergeRecords('run', [a!.record, b!.record])).rejects.toThrow(
      /its seed is not that of part 1\/2/,
    );
    const { run, totals } = await mergeRecords('run', [a!.record, b!.record], { ownSeeds: true });
    expect(run.seed).toBeNull();
    expect(totals.requests).toBe(a!.result.totals.requests + b!.result.totals.requests);
  });
});
