import { Value } from '@jarvis-load/engine/typebox/value';
import { describe, expect, it } from 'vitest';
import type { IntervalEvent, RunEvent } from '../src/model/events.ts';
import { OUTCOMES } from '../src/outcome.ts';
import { decodeHistogram, Histogram, mergeSnapshots, quantileOfSnapshot } from '../src/recorder/index.ts';
import {
  PERCENTILES,
  RunResultSchema,
  type LatencyStats,
  type OperationStats,
  type RunResult,
} from '../src/result/index.ts';
import type { ScriptedRequest } from '../src/testing/scripted-target.ts';
import { asking, virtualLoad } from './fixtures/virtual-load.ts';

const intervalsOf = (events: readonly RunEvent[]): IntervalEvent[] =>
  events.filter((event) => event.type === 'interval');

/** Responses of many durations and kinds, determined by the number of the request. */
function mixed({ number, path }: ScriptedRequest) {
  const afterMs = 3 + ((number * 7919) % 400) + (path === '/voice' ? 250.5 : 0);
  if (number % 17 === 3) return { afterMs, status: 503 };
  if (number % 23 === 5) return { afterMs, status: 429 };
  if (number % 29 === 7) {
    return {
      afterMs,
      failure: { outcome: 'connection_error', code: 'ECONNRESET', message: 'reset' } as const,
    };
  }
  return { afterMs, body: { text: 'x'.repeat(number % 50) } };
}

async function mixedRun() {
  const load = virtualLoad(
    {
      scenarios: [
        asking('chat', { kind: 'constant-vus', vus: 8, duration: '20s' }),
        asking('voice', {
          kind: 'constant-arrival-rate',
          rate: 15,
          duration: '18500ms',
          maxVUs: 6,
          startTime: '2s',
        }),
        asking(
          'memory',
          {
            kind: 'ramping-vus',
            startVUs: 0,
            stages: [{ duration: '10s', target: 5 }],
            gracefulStop: '50ms',
          },
          { wait: { kind: 'between', min: 0.05, max: 0.4 } },
        ),
      ],
    },
    mixed,
  );
  return { ...load, document: await load.result() };
}

const sum = (list: readonly number[]): number => list.reduce((total, value) => total + value, 0);

/** The histogram of a document, and the exact totals given beside it. */
function decoded({ histogram, minMs, maxMs, sumMs }: LatencyStats) {
  const us = (ms: number): number => Math.round(ms * 1000);
  return decodeHistogram(histogram!, { min: us(minMs!), max: us(maxMs!), sum: us(sumMs) });
}

describe('the intervals of a run', () => {
  it('add up to its totals, to the last request', async () => {
    const { document, events, target } = await mixedRun();
    const intervals = intervalsOf(events);
    expect(intervals.length).toBeGreaterThan(20);
    expect(document.totals.requests + document.totals.interrupted).toBe(target.requests.length);
    expect(document.totals.requests).toBeGreaterThan(900);
    expect(sum(intervals.map(({ requests }) => requests))).toBe(document.totals.requests);
    expect(sum(intervals.map(({ failed }) => failed))).toBe(document.totals.failed);
    expect(sum(intervals.map(({ iterations }) => iterations))).toBe(document.iterations.completed);
    expect(sum(intervals.map(({ dropped }) => dropped))).toBe(document.iterations.dropped);
    for (const outcome of OUTCOMES) {
      expect(sum(intervals.map(({ outcomes }) => outcomes[outcome]))).toBe(
        document.totals.outcomes[outcome] ?? 0,
      );
    }
    for (const { scenario, operation, requests, outcomes } of document.operations) {
      const mine = intervals.flatMap((interval) =>
        interval.operations.filter((one) => one.scenario === scenario && one.operation === operation),
      );
      expect(sum(mine.map((one) => one.requests))).toBe(requests);
      for (const outcome of OUTCOMES) {
        expect(sum(mine.map((one) => one.outcomes[outcome]))).toBe(outcomes[outcome] ?? 0);
      }
    }
  });

  it('follow one another without a gap, and carry the run so far', async () => {
    const { document, events } = await mixedRun();
    let endMs = 0;
    let requests = 0;
    for (const [index, interval] of intervalsOf(events).entries()) {
      requests += interval.requests;
      expect(interval).toMatchObject({ index, startMs: endMs, total: { requests } });
      expect(interval.operations.reduce((count, one) => count + one.requests, 0)).toBe(interval.requests);
      endMs = interval.endMs;
    }
    expect(endMs).toBe(document.run.durationMs);
    const last = intervalsOf(events).at(-1)!;
    expect(last.total.response).toEqual({
      p50Ms: document.totals.responseTime.percentiles.p50,
      p95Ms: document.totals.responseTime.percentiles.p95,
      p99Ms: document.totals.responseTime.percentiles.p99,
    });
  });

  it('add up in the series of the document too', async () => {
    const { document } = await mixedRun();
    const { points, byIntendedStart } = document.series;
    expect(sum(points.map((point) => point.requests))).toBe(document.totals.requests);
    expect(sum(points.map((point) => point.failed))).toBe(document.totals.failed);
    expect(sum(points.map((point) => point.dropped))).toBe(document.iterations.dropped);
    expect(sum(points.map((point) => point.iterations))).toBe(document.iterations.completed);
    expect(sum(points.map((point) => point.bytesReceived ?? 0))).toBe(document.totals.bytesReceived);
    expect(sum(byIntendedStart.map(({ count }) => count))).toBe(document.totals.requests);
    expect(points.at(-1)!.cumulative).toMatchObject({
      requests: document.totals.requests,
      failed: document.totals.failed,
      medianMs: document.totals.responseTime.percentiles.p50,
      minMs: document.totals.responseTime.minMs,
      maxMs: document.totals.responseTime.maxMs,
    });
  });
});

describe('the series by intended start', () => {
  it('shows a stall in the second in which it began, where the series by completion shows it at its end', async () => {
    const load = virtualLoad(
      {
        scenarios: [asking('chat', { kind: 'constant-arrival-rate', rate: 10, duration: '8s', maxVUs: 100 })],
      },
      // Requests that arrive between 3 s and 5 s are held until the end of that stall.
      ({ atMs }) => ({ afterMs: atMs >= 3000 && atMs < 5000 ? 5010 - atMs : 10 }),
    );
    const { points, byIntendedStart } = (await load.result()).series;
    expect(byIntendedStart.map(({ atMs, count, maxMs }) => [atMs, count, maxMs])).toEqual(
      [10, 10, 10, 2010, 1010, 10, 10, 10].map((maxMs, second) => [second * 1000, 10, maxMs]),
    );
    expect(points.map(({ requests }) => requests)).toEqual([10, 10, 10, 0, 0, 30, 10, 10]);
    expect(points[5]!.responseTime.maxMs).toBe(2010);
  });
});

describe('the percentiles of a run', () => {
  it('equal those of the histograms that the document carries', async () => {
    const { document } = await mixedRun();
    for (const stats of [document.totals, ...document.operations]) {
      for (const times of [stats.responseTime, stats.responseTimeOk, stats.serviceTime]) {
        const snapshot = decoded(times);
        expect(snapshot.count).toBe(times.count);
        for (const p of PERCENTILES) {
          expect(quantileOfSnapshot(snapshot, p / 100)! / 1000).toBeCloseTo(times.percentiles[`p${p}`]!, 9);
        }
      }
    }
  });

  it('of each operation are those of its intervals, merged', async () => {
    const { document, events } = await mixedRun();
    for (const { scenario, operation, responseTime } of document.operations) {
      const snapshots = intervalsOf(events).flatMap(({ operations }) =>
        operations
          .filter((one) => one.scenario === scenario && one.operation === operation)
          .map((one) => one.responseTime),
      );
      const merged = mergeSnapshots(snapshots);
      expect(snapshots.length).toBeGreaterThan(5);
      expect(merged).toMatchObject({
        count: responseTime.count,
        min: Math.round(responseTime.minMs! * 1000),
        max: Math.round(responseTime.maxMs! * 1000),
      });
      for (const p of PERCENTILES) {
        expect(quantileOfSnapshot(merged, p / 100)! / 1000).toBe(responseTime.percentiles[`p${p}`]);
      }
    }
  });

  it('of all operations are those of their histograms merged', async () => {
    const { document } = await mixedRun();
    const merged = mergeSnapshots(document.operations.map(({ responseTime }) => decoded(responseTime)));
    expect(merged.count).toBe(document.totals.requests);
    for (const p of PERCENTILES) {
      expect(quantileOfSnapshot(merged, p / 100)! / 1000).toBeCloseTo(
        document.totals.responseTime.percentiles[`p${p}`]!,
        9,
      );
    }
  });

  it('are those of what the target itself would have noted', async () => {
    const afterMs = ({ number }: ScriptedRequest) => 5 + ((number * 37) % 200);
    const load = virtualLoad(
      {
        scenarios: [
          asking('chat', { kind: 'constant-arrival-rate', rate: 50, duration: '10s', maxVUs: 100 }),
        ],
      },
      (request) => ({ afterMs: afterMs(request) }),
    );
    const { totals } = await load.result();
    const exact = new Histogram();
    for (const request of load.target.requests) exact.record(Math.round(afterMs(request) * 1000));
    expect(totals.responseTime).toMatchObject({
      count: 500,
      minMs: exact.min! / 1000,
      maxMs: exact.max! / 1000,
      sumMs: exact.sum / 1000,
    });
    for (const p of PERCENTILES) {
      expect(totals.responseTime.percentiles[`p${p}`]).toBe(exact.quantile(p / 100)! / 1000);
    }
  });
});

describe('the document of a run', () => {
  it('fits its published schema, also when nothing happened', async () => {
    const { document } = await mixedRun();
    const nothing = await virtualLoad({
      scenarios: [
        asking(
          'chat',
          { kind: 'constant-vus', duration: '1s' },
          { setup: () => Promise.reject(new Error('no')) },
        ),
      ],
    }).result();
    for (const each of [document, nothing]) {
      expect([...Value.Errors(RunResultSchema, each)]).toEqual([]);
      expect(Value.Check(RunResultSchema, JSON.parse(JSON.stringify(each)))).toBe(true);
    }
  });

  it('says who ran what when, and how', async () => {
    const load = virtualLoad({
      scenarios: [
        asking(
          'chat',
          { kind: 'constant-vus', vus: 2, duration: '3s', tags: { team: 'a' } },
          {
            description: 'talks',
            tags: { kind: 'journey', team: 'b' },
          },
        ),
      ],
      seed: 77,
      tags: { branch: 'main' },
      describe: {
        target: { name: 'local', dialect: 'core' },
        config: { profile: 'own' },
        notes: [{ level: 'info', code: 'own', text: 'a note of the caller' }],
      },
    });
    const document = await load.result();
    expect(document).toMatchObject({
      generator: {
        name: 'jarvis-load',
        engine: 'native',
        version: expect.stringMatching(/^\d+\.\d+\.\d+$/) as string,
      },
      run: {
        id: 'test-run',
        startedAt: '2026-01-01T00:00:00.000Z',
        seed: 77,
        plannedDurationMs: 3000,
        tags: { branch: 'main' },
        end: { kind: 'completed' },
      },
      target: { name: 'local', url: 'http://jarvis.test', dialect: 'core' },
      config: { profile: 'own' },
      scenarios: [
        {
          name: 'chat',
          description: 'talks',
          model: 'closed',
          maxUsers: 2,
          executor: { kind: 'constant-vus', vus: 2, durationMs: 3000 },
          tags: { kind: 'journey', team: 'a' },
        },
      ],
    });
    expect(document.notes).toContainEqual({ level: 'info', code: 'own', text: 'a note of the caller' });
    expect(load.run.id).toBe('test-run');
  });

  it('gives no id twice, and ids that sort by time', () => {
    const ids = Array.from({ length: 3 }, () => {
      const { run } = virtualLoad({
        scenarios: [asking('chat', { kind: 'per-vu-iterations' })],
        runId: undefined as unknown as string,
      });
      return run.id;
    });
    expect(new Set(ids).size).toBe(3);
    for (const id of ids) expect(id).toMatch(/^\d{8}-\d{6}-[0-9a-f]{4}$/);
  });

  it('counts everything of every operation', async () => {
    const { document } = await mixedRun();
    for (const stats of [document.totals, ...document.operations]) checkCounts(stats);
    checkConservation(document);
    expect(document.operations).toHaveLength(3);
  });

  it('is the same for the same seed, but for the machine it ran on', async () => {
    const strip = ({ health: _health, environment: _environment, ...rest }: RunResult) => rest;
    const [first, second] = [await mixedRun(), await mixedRun()];
    expect(strip(first.document)).toEqual(strip(second.document));
  });
});

function checkCounts(stats: OperationStats): void {
  const { requests, failed, outcomes, statuses, responseTime, serviceTime, responseTimeOk } = stats;
  expect(sum(Object.values(outcomes))).toBe(requests);
  expect(requests - outcomes.ok).toBe(failed);
  expect(sum(Object.values(statuses))).toBe(requests);
  expect(statuses['0'] ?? 0).toBe(outcomes.connection_error);
  expect(responseTime.count).toBe(requests);
  expect(serviceTime.count).toBe(requests);
  expect(responseTimeOk.count).toBe(outcomes.ok);
  expect(stats.failureShare).toBeCloseTo(failed / requests, 12);
  expect(stats.rateLimitedShare).toBeCloseTo(outcomes.rate_limited / requests, 12);
}

function checkConservation(document: RunResult): void {
  const each = document.scenarios.map(({ iterations }) => iterations);
  for (const { planned, completed, failed, dropped, interrupted } of [document.iterations, ...each]) {
    expect(completed + failed + dropped + interrupted!).toBe(planned);
  }
  expect(sum(each.map(({ planned }) => planned))).toBe(document.iterations.planned);
  expect(sum(document.operations.map(({ requests }) => requests))).toBe(document.totals.requests);
}
