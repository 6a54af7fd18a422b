import { compareRuns } from '@jarvis-load/compare';
import type { ObjectiveResult, RunResult, ThresholdResult } from '@jarvis-load/engine/result';
import { describe, expect, it } from 'vitest';
import { simulatedRun } from '../../compare/test/support/simulated-run.js';
import { Arrows } from '../src/comparison/arrow.ts';
import { operationsTable } from '../src/html/sections/operations-table.ts';
import { percentilesTable } from '../src/html/sections/percentiles-table.ts';
import { promisesTables } from '../src/html/sections/promises-table.ts';

const simulated = (seed: number, factors: Record<number, number> = {}): RunResult =>
  simulatedRun({ seed, operations: 2, seconds: 30, rate: 20, sigma: 0.3, errorShare: 0.02, factors });
const slow = simulated(2, { 1: 1.6 });
const comparison = compareRuns([simulated(1)], [slow]);
const arrows = new Arrows(comparison);

const judged = { measured: 20, samples: 600, samplesNeeded: 20, lowSamples: false, limit: 30 } as const;
const objective = (operation: string, aspect: ObjectiveResult['aspect']): ObjectiveResult => ({
  ...judged,
  operation,
  method: 'GET',
  route: '/',
  aspect,
  margin: 0.3,
  status: 'pass',
});
const threshold = (metric: string, expression: string): ThresholdResult => ({
  ...judged,
  metric,
  expression,
  scenario: null,
  status: 'pass',
  unit: 'ms',
  aborted: false,
});

/** Text of the arrow beside each promise that was kept. */
function besidePromises(parts: Partial<RunResult>): (string | undefined)[] {
  const { kept } = promisesTables({ ...slow, ...parts }, arrows);
  return kept.rows.map(({ cells }) => cells[3]!.arrow?.text);
}

describe('arrows', () => {
  it('stand beside the percentiles of response times that are compared', () => {
    const { columns, rows } = percentilesTable(slow, arrows);
    const withArrow = rows.map(({ cells }) =>
      columns.flatMap(({ title }, index) => (cells[index]!.arrow === undefined ? [] : [title])),
    );
    const compared = ['p50 ms', 'p95 ms', 'p99 ms', 'p99.9 ms', 'Max ms'];
    // Response and service time of each operation, then of all.
    expect(withArrow).toEqual([compared, [], compared, [], compared, []]);
    expect(rows[2]!.cells[3]!.arrow!.text).toMatch(/^▲ \+[56]\d% worse$/);
  });

  it('judge the mean, say of p99.9 that too few answers tell it, and never judge the maximum', () => {
    const { columns, rows } = operationsTable(slow, arrows);
    const cells = columns.map(({ title }, index) => [title, rows[1]!.cells[index]!.arrow] as const);
    const of = new Map(cells);
    expect(of.get('Mean ms')).toMatchObject({
      text: expect.stringMatching(/^▲ \+[56]\d% worse$/),
      tone: 'fail',
    });
    expect(of.get('p99.9 ms')).toMatchObject({
      text: expect.stringMatching(/% cannot tell$/),
      tone: 'muted',
    });
    expect(of.get('Max ms')).toMatchObject({ text: expect.stringMatching(/% not judged$/), tone: 'muted' });
    expect(cells.filter(([, arrow]) => arrow !== undefined)).toHaveLength(8);
  });

  it('stand beside promises on figures that are compared', () => {
    const objectives = (['p50', 'p95', 'p99', 'errorRate', 'requestsPerSecond'] as const).map((aspect) =>
      objective('operation-2', aspect),
    );
    const of = (metric: 'p50' | 'p95' | 'p99' | 'errors' | 'throughput') =>
      arrows.of('simulated', 'operation-2', metric)!.text;
    expect(besidePromises({ objectives })).toEqual([
      of('p50'),
      of('p95'),
      of('p99'),
      of('errors'),
      of('throughput'),
    ]);
    expect(
      besidePromises({
        thresholds: [
          threshold('response_time{operation:operation-2}', 'p(95)<30'),
          threshold('response_time', 'med<30'),
          threshold('http_req_failed', 'rate<0.3'),
          threshold('response_time', 'avg<30'),
          threshold('response_time{operation:operation-2}', 'max<30'),
          // These are not compared.
          threshold('service_time', 'p(95)<30'),
          threshold('response_time', 'p(95)<30 over 5s'),
        ],
      }),
    ).toEqual([
      of('p95'),
      arrows.of('*', '*', 'p50')!.text,
      arrows.of('*', '*', 'errors')!.text,
      arrows.of('*', '*', 'mean')!.text,
      arrows.of('simulated', 'operation-2', 'max')!.text,
      undefined,
      undefined,
    ]);
  });

  it('stand nowhere without a baseline', () => {
    const { kept } = promisesTables({ ...slow, objectives: [objective('operation-2', 'p95')] });
    expect(kept.rows[0]!.cells[3]).not.toHaveProperty('arrow');
  });
});
