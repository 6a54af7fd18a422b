import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { declaration, ingest, ingestFiles, point, request } from './support/k6-lines.ts';

const THRESHOLDS = ['p(95)<120', 'p(50)<90'];
const DECLARED = [
  declaration('http_req_duration', 'trend', 'time', THRESHOLDS),
  declaration('queue', 'trend'),
  declaration('vus', 'gauge'),
];

interface Asked {
  readonly atMs: number;
  readonly tookMs: number;
  readonly failed: boolean;
}

const asked: fc.Arbitrary<Asked> = fc.record({
  atMs: fc.integer({ min: 0, max: 6000 }),
  tookMs: fc.integer({ min: 1, max: 400 }),
  failed: fc.boolean(),
});

function linesOf(requests: readonly Asked[]): string[] {
  return [...requests]
    .toSorted((a, b) => a.atMs - b.atMs)
    .flatMap(({ atMs, tookMs, failed }) => [
      ...request(1000 + atMs, tookMs, {
        method: 'GET',
        name: 'items',
        scenario: 'browse',
        status: failed ? '500' : '200',
      }),
      point('queue', 1000 + atMs, tookMs, { scenario: 'browse' }),
      point('iterations', 1000 + atMs, 1, { scenario: 'browse' }),
    ]);
}

describe('the files of several runners of k6', () => {
  it('give the counts, quantiles, thresholds and seconds of one file with all their samples', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(asked, { minLength: 1, maxLength: 12 }), { minLength: 2, maxLength: 3 }),
        fc.integer({ min: 200, max: 5000 }),
        async (runners, chunkBytes) => {
          const merged = await ingestFiles(
            runners.map((requests) => [...DECLARED, ...linesOf(requests)]),
            {},
            chunkBytes,
          );
          const whole = await ingest([...DECLARED, ...linesOf(runners.flat())]);
          expect(merged.totals).toEqual(whole.totals);
          expect(merged.iterations).toEqual(whole.iterations);
          expect(merged.operations.map(({ responseTime }) => responseTime)).toEqual(
            whole.operations.map(({ responseTime }) => responseTime),
          );
          expect(merged.thresholds).toEqual(whole.thresholds);
          expect(merged.metrics).toEqual(whole.metrics);
          expect(merged.verdict).toEqual(whole.verdict);
          expect(merged.series.points.map(({ requests }) => requests)).toEqual(
            whole.series.points.map(({ requests }) => requests),
          );
        },
      ),
      { numRuns: 8 },
    );
  });

  it('have the same rates whichever sample comes first', async () => {
    const one: Asked = { atMs: 10, tookMs: 1, failed: false };
    const longer: Asked = { atMs: 10, tookMs: 2, failed: false };
    const [first, second] = await Promise.all(
      [
        [one, longer],
        [longer, one],
      ].map((requests) => ingest([...DECLARED, ...linesOf(requests)])),
    );
    expect(first!.totals).toEqual(second!.totals);
  });

  it('are read in their order where samples have one time', async () => {
    const runners: Asked[][] = [
      [
        { atMs: 8, tookMs: 14, failed: false },
        { atMs: 5492, tookMs: 1, failed: false },
      ],
      [{ atMs: 8, tookMs: 1, failed: false }],
    ];
    const files = runners.map((requests) => [...DECLARED, ...linesOf(requests)]);
    const merged = await ingestFiles(files, {}, 2156);
    const whole = await ingest([...DECLARED, ...linesOf(runners.flat())]);
    expect(merged.series.points.map(({ requests }) => requests)).toEqual(
      whole.series.points.map(({ requests }) => requests),
    );
    expect(merged.run.startedAt).toBe(whole.run.startedAt);
  });

  it('are judged together: a threshold that one runner breaks and the whole keeps is kept', async () => {
    const quick = Array.from({ length: 95 }, (_, k) => ({ atMs: 50 * k, tookMs: 50, failed: false }));
    const slow = Array.from({ length: 4 }, (_, k) => ({ atMs: 1000 * k, tookMs: 300, failed: false }));
    const statusOf = async (...runners: (readonly Asked[])[]) =>
      (await ingestFiles(runners.map((requests) => [...DECLARED, ...linesOf(requests)]))).thresholds.map(
        ({ status }) => status,
      );
    expect(await statusOf(slow)).toEqual(['fail', 'fail']);
    expect(await statusOf(quick, slow)).toEqual(['pass', 'pass']);
  });

  it('add up their users, and those of a runner that has ended are none', async () => {
    const users = (count: number, seconds: number, ofSecondMs: number) =>
      Array.from({ length: seconds }, (_, second) => [
        ...request(1000 * second + 400, 20, {
          method: 'GET',
          name: 'items',
          scenario: 'browse',
          status: '200',
        }),
        point('vus', 1000 * second + ofSecondMs, count),
      ]).flat();
    const { series, metrics } = await ingestFiles([
      [...DECLARED, ...users(10, 6, 500)],
      [...DECLARED, ...users(5, 3, 600)],
    ]);
    // The run begins with the first request, at 380 ms: what ends after 5000 ms is part of the last whole second.
    expect(series.points.map((each) => each.users)).toEqual([15, 15, 15, 10, 10]);
    expect(metrics.find(({ name }) => name === 'vus')?.values).toMatchObject({ max: 15, value: 10 });
  });

  it('of another test are refused, by the threshold that differs', async () => {
    const other = [declaration('http_req_duration', 'trend', 'time', ['p(95)<500'])];
    await expect(
      ingestFiles([
        [...DECLARED, ...linesOf([{ atMs: 0, tookMs: 5, failed: false }])],
        [...other, ...linesOf([{ atMs: 0, tookMs: 5, failed: false }])],
      ]),
    ).rejects.toThrow(/k6-2\.json is of another test: its thresholds on http_req_duration are "p\(95\)<500"/);
  });

  it('of which one is cut off or holds no line of k6 are named', async () => {
    const lines = [...DECLARED, ...linesOf([{ atMs: 0, tookMs: 5, failed: false }])];
    await expect(ingestFiles([lines, ['hello', 'world']])).rejects.toThrow(/k6-2\.json is not output of k6/);
  });
});
