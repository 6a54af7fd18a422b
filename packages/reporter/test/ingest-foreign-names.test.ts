import type { RunResult } from '@jarvis-load/engine/result';
import { describe, expect, it } from 'vitest';
import { familyOf } from '../src/findings/promise-course.ts';
import { latencyLimits } from '../src/html/sections/latency-limits.ts';
import { renderMarkdown, renderText } from '../src/index.ts';
import { promisesOf } from '../src/view/promise.ts';
import { sortedMetrics } from '../src/view/sorted-metrics.ts';
import { declaration, ingest, point, request } from './support/k6-lines.ts';

const GET = {
  method: 'GET',
  name: '/items',
  scenario: 'chat',
  group: '',
  status: '200',
  expected_response: 'true',
};
const iteration = (atMs: number, scenario: string): string[] => [
  point('iteration_duration', atMs, 10, { scenario }),
  point('iterations', atMs, 1, { scenario }),
];

describe('metrics and scenarios of somebody else with names like ours', () => {
  const tags = { scenario: 'chat', name: '/items', outcome: 'timeout', code: 'x' };
  const known = [
    {
      name: 'chat',
      description: 'ours',
      operations: [{ name: '/items', method: 'POST' as const, route: '/ours' }],
    },
  ];
  const lines = [
    ...request(500, 20, GET, 0),
    point('response_time', 501, 22, tags),
    ...iteration(500, 'chat'),
  ];

  it('mean what their script means by them', async () => {
    const result = await ingest([declaration('response_time', 'trend'), ...lines], { scenarios: known });
    expect(result.totals.outcomes).toMatchObject({ ok: 1, timeout: 0 });
    expect(result.scenarios[0]!.description).toBeUndefined();
    expect(result.operations[0]!.method).toBe('GET');
  });

  it('mean what ours do, where the script counts its iterations as ours do', async () => {
    const started = point('jarvis_started_iterations', 400, 1, { scenario: 'chat' });
    const result = await ingest([started, ...lines], { scenarios: known });
    expect(result.totals.outcomes).toMatchObject({ ok: 0, timeout: 1 });
    expect(result.scenarios[0]!.description).toBe('ours');
  });

  describe.each([
    ['of somebody else', [], ['pacer_lag', 'queue_wait', 'response_time']],
    [
      'of ours',
      [point('jarvis_started_iterations', 400, 1, { scenario: 'chat' })],
      ['pacer_lag', 'queue_wait'],
    ],
  ])('in a script %s', (_, first, names) => {
    const read = (): Promise<RunResult> =>
      ingest([
        ...first,
        declaration('response_time', 'trend', 'time', ['p(95)<30']),
        declaration('queue_wait', 'trend', 'time'),
        declaration('pacer_lag', 'trend', 'time'),
        ...lines,
        point('queue_wait', 502, 7, tags),
        point('pacer_lag', 502, 8, tags),
      ]);

    it('are among the metrics of the scenarios in every view', async () => {
      const result = await read();
      const own = sortedMetrics(result).own.map(({ name }) => name);
      expect(own.filter((name) => !name.startsWith('jarvis_')).toSorted()).toEqual(names);
      const text = renderText(result, { color: false, width: 100 });
      const markdown = renderMarkdown(result);
      for (const name of names) {
        expect(text).toMatch(new RegExp(`^ *${name} .*ms`, 'm'));
        expect(markdown).toContain(`${name.replace('_', '\\_')}: `);
      }
    });

    it('have a limit in the chart of HTTP where they are times of HTTP', async () => {
      const result = await read();
      const isOfHttp = !names.includes('response_time');
      expect(latencyLimits(result, 30).shown).toHaveLength(isOfHttp ? 1 : 0);
      const promise = promisesOf(result).find(({ kind }) => kind === 'threshold')!;
      expect(familyOf(result, promise)).toBe(isOfHttp ? 'latency' : undefined);
    });
  });
});
