import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, expect, it } from 'vitest';
import { runLoad, type RunResult } from '@jarvis-load/engine';
import { decodeHistogram, Histogram } from '@jarvis-load/engine/recorder';
import { ScriptedTarget, VirtualClock } from '@jarvis-load/engine/testing';
import { IntervalLog, LOG_NAME } from '../src/results/interval-log.ts';
import { renderViews } from '../src/results/select-views.ts';

const folder = mkdtempSync(join(tmpdir(), 'hdr-numbers-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const NAMES = ['first', 'second'];

/** The interval log that `report` makes from a document has its blocks: times, counts, and quantiles within a bucket. */
function expectBlocksOf({ run, blocks, operations }: RunResult, log: string): void {
  expect(log).toContain(
    `#[BaseTime: ${(Date.parse(run.startedAt) / 1000).toFixed(3)} (seconds since epoch)]`,
  );
  const lines = log
    .split('\n')
    .filter((line) => line.startsWith('Tag='))
    .map((line) => line.split(','));
  expect(new Set(lines.map(([tag]) => tag))).toEqual(new Set(NAMES.map((name) => `Tag=ask/${name}`)));
  const starts = blocks!.durationsMs.map((_, index) =>
    blocks!.durationsMs.slice(0, index).reduce((sum, durationMs) => sum + durationMs, 0),
  );
  for (const { operation, responseTimeOk } of operations) {
    const { bucketWidth, histograms } = blocks!.operations.find((each) => each.operation === operation)!;
    const own = lines.filter(([tag]) => tag === `Tag=ask/${operation}`);
    const filled = starts.flatMap((startMs, index) =>
      histograms[index] === null ? [] : [{ startMs, durationMs: blocks!.durationsMs[index]! }],
    );
    expect(own.map(([, start, length]) => [start, length])).toEqual(
      filled.map(({ startMs, durationMs }) => [(startMs / 1000).toFixed(3), (durationMs / 1000).toFixed(3)]),
    );
    const sum = new Histogram();
    for (const [, , , max, encoded] of own) {
      const interval = decodeHistogram(encoded!);
      expect(max).toBe((interval.max / 1000).toFixed(3));
      sum.addSnapshot(interval);
    }
    expect(sum.count).toBe(responseTimeOk.count);
    for (const [p, value] of [
      [0.5, responseTimeOk.percentiles.p50],
      [0.95, responseTimeOk.percentiles.p95],
      [1, responseTimeOk.maxMs],
    ] as const)
      expect(Math.abs(sum.quantile(p)! / 1000 - value!)).toBeLessThanOrEqual(value! * bucketWidth + 0.001);
  }
}

it('every figure of .hgrm and .hlog files is that of the document, to the digit shown', async () => {
  const latencies = fc.array(
    fc.oneof(fc.integer({ min: 0, max: 3 }), fc.double({ min: 0, max: 4000, noNaN: true })),
    {
      minLength: 1,
      maxLength: 60,
    },
  );
  let number = 0;
  await fc.assert(
    fc.asyncProperty(latencies, async (afterMs) => {
      const log = new IntervalLog(join(folder, String(number++)));
      const clock = new VirtualClock();
      const run = runLoad({
        baseUrl: 'http://jarvis.test',
        clock,
        transport: new ScriptedTarget(clock, (request) => ({
          afterMs: afterMs[request.number % afterMs.length]!,
        })),
        seed: 1,
        outputs: [log],
        scenarios: [
          {
            name: 'ask',
            operations: NAMES.map((name) => ({ name, method: 'GET', route: `/${name}` })),
            run: async (user) => {
              for (const name of NAMES) await user.request({ operation: name, path: `/${name}` });
            },
            executor: { kind: 'constant-arrival-rate', rate: 20, duration: '5s', maxVUs: 200 },
          },
        ],
      });
      const result = await clock.until(run);
      const files = new Map(
        [...renderViews(result, ['hgrm', 'hlog'], { kept: true })].map(({ fileName, content }) => [
          fileName,
          content,
        ]),
      );
      expectBlocksOf(result, files.get(LOG_NAME)!);
      for (const { operation, responseTime } of result.operations) {
        const { count, maxMs, meanMs, percentiles } = responseTime;
        const text = files.get(`ask.${operation}.hgrm`)!;
        const lines = text.split('\n').map((line) => line.trim().split(/\s+/));
        // Where a bucket reaches more, the steps below that are left out, as HdrHistogram does.
        const valueAt = (share: number) => lines.slice(2).find(([, at]) => Number(at) >= share)?.[0];
        const shown = (value: number | null) => value!.toFixed(3);
        const { p50, p90, p95 } = percentiles;
        expect([0.5, 0.9, 0.95, 1].map(valueAt)).toEqual([p50, p90, p95, maxMs].map(shown));
        const told = (name: string) => new RegExp(`${name} *= *([\\d.]+)`).exec(text)?.[1];
        expect(['Total count', 'Max', 'Mean'].map(told)).toEqual([
          String(count),
          shown(maxMs),
          shown(meanMs),
        ]);
        const sum = new Histogram();
        for (const line of readFileSync(log.path, 'utf8').split('\n')) {
          const [tag, , , , encoded] = line.split(',');
          if (tag === `Tag=ask/${operation}`) sum.addSnapshot(decodeHistogram(encoded!));
        }
        expect(sum.count).toBe(count);
        for (const [p, value] of [
          [0.5, p50],
          [0.95, p95],
          [0.999, percentiles['p99.9']],
        ] as const) {
          expect(Math.abs((sum.quantile(p) ?? 0) / 1000 - value!)).toBeLessThanOrEqual(value! / 1024 + 0.001);
        }
      }
    }),
    { numRuns: 8 },
  );
});
