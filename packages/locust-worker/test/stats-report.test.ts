import fc from 'fast-check';
import { Histogram } from '@jarvis-load/engine/recorder';
import { describe, expect, it } from 'vitest';
import { responseBucket } from '../src/stats/response-bucket.ts';
import { entryNames } from '../src/stats/second.ts';
import { StatsEntry } from '../src/stats/stats-entry.ts';
import { StatsReport } from '../src/stats/stats-report.ts';
import { madeSecond } from './support/driven-worker.ts';

interface Entry {
  readonly num_requests: number;
  readonly total_response_time: number;
  readonly response_times: ReadonlyMap<number, number>;
  readonly num_reqs_per_sec: ReadonlyMap<number, number>;
  readonly num_fail_per_sec: ReadonlyMap<number, number>;
}

const sumOf = (counts: ReadonlyMap<number, number>): number =>
  [...counts.values()].reduce((sum, count) => sum + count, 0);

describe('response times of a report', () => {
  it.each([
    [0.4, 0],
    [99.4, 99],
    [147, 150],
    [3432, 3400],
    [58_760, 59_000],
  ])('%d ms goes into %d, as in Locust', (ms, bucket) => {
    expect(responseBucket(ms)).toBe(bucket);
  });

  it('are the same numbers as those of the histogram, in buckets within the rounding of Locust', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 60_000_000 }), { minLength: 1, maxLength: 100 }),
        fc.integer({ min: 0, max: 5000 }),
        fc.integer({ min: 1, max: 4000 }),
        (values, startWallMs, length) => {
          const times = new Histogram();
          for (const us of values) times.record(us);
          const entry = new StatsEntry('chat.send', 'POST');
          entry.add({
            requests: values.length,
            failures: 1,
            bytes: 5,
            times: [times.snapshot()],
            startWallMs,
            endWallMs: startWallMs + length,
          });
          const report = entry.report(0) as unknown as Entry;
          expect(report.total_response_time * 1000).toBeCloseTo(
            values.reduce((sum, us) => sum + us, 0),
            3,
          );
          expect(sumOf(report.response_times)).toBe(values.length);
          expect(sumOf(report.num_reqs_per_sec)).toBe(values.length);
          expect(sumOf(report.num_fail_per_sec)).toBe(1);
          const seconds = [...report.num_reqs_per_sec.keys()];
          expect(Math.min(...seconds)).toBeGreaterThanOrEqual(Math.floor(startWallMs / 1000));
          expect(Math.max(...seconds)).toBeLessThanOrEqual(Math.floor((startWallMs + length) / 1000));
          // A bucket of the histogram is 0.1 % wide, so a value at its edge may come into the next of Locust's.
          const exact = new Map<number, number>();
          for (const us of values) exact.set(responseBucket(us / 1000), 1);
          for (const key of report.response_times.keys())
            expect([...exact.keys()].some((each) => Math.abs(each - key) <= Math.max(1, key * 0.11))).toBe(
              true,
            );
        },
      ),
    );
  });
});

describe('a report', () => {
  it('adds up scenarios of one name and errors of one text, and begins anew when taken', () => {
    const report = new StatsReport();
    report.add(madeSecond(20, { startWallMs: 10_000 }));
    report.add(madeSecond(30, { startWallMs: 11_000 }));
    report.add(madeSecond(10, { startWallMs: 11_000, name: 'memory.search' }));
    const taken = report.take({ ChatUser: 4, Memory: 1 }, 99_000) as Record<string, unknown>;
    expect(taken).toMatchObject({
      user_count: 5,
      user_classes_count: { ChatUser: 4, Memory: 1 },
      stats: [
        {
          name: 'chat.send',
          method: 'POST',
          num_requests: 50,
          num_failures: 5,
          start_time: 10,
          last_request_timestamp: 12,
        },
        { name: 'memory.search', num_requests: 10, num_failures: 1 },
      ],
      stats_total: { num_requests: 60, num_failures: 6, total_content_length: 3000, min_response_time: 100 },
    });
    expect(
      Object.values(
        taken['errors'] as Record<string, { occurrences: number; first_seen: number; last_seen: number }>,
      ),
    ).toMatchObject([
      { occurrences: 5, first_seen: 10.01, last_seen: 11.9 },
      { name: 'memory.search', occurrences: 1 },
    ]);
    expect(report.take({}, 99_000)).toMatchObject({ stats: [], errors: {}, stats_total: { start_time: 99 } });
  });

  it('names an operation of several scenarios with its scenario', () => {
    const operation = (scenario: string, name: string) =>
      ({ scenario, operation: name, method: 'GET', route: '/' }) as const;
    const nameOf = entryNames({
      operations: [operation('a', 'health'), operation('b', 'health'), operation('b', 'list')],
    });
    expect(nameOf('a', 'health')).toEqual({ name: 'health (a)', method: 'GET' });
    expect(nameOf('b', 'list')).toEqual({ name: 'list', method: 'GET' });
  });

  it('tells operations apart whose names have spaces', () => {
    const nameOf = entryNames({
      operations: [
        { scenario: 'a', operation: 'b c', method: 'GET', route: '/' },
        { scenario: 'a b', operation: 'c', method: 'POST', route: '/' },
      ],
    });
    expect(nameOf('a', 'b c').method).toBe('GET');
    expect(nameOf('a b', 'c').method).toBe('POST');
  });

  it('counts a stream that its user hung up on as no failure, as the document does', () => {
    const second = madeSecond(9);
    const [operation] = second.operations;
    const outcomes = { ...operation!.outcomes, hung_up: 4 };
    const report = new StatsReport();
    report.add({ ...second, operations: [{ ...operation!, outcomes }] });
    expect(report.take({}, 0)).toMatchObject({ stats_total: { num_requests: 13, num_failures: 0 } });
  });
});
