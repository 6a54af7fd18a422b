import { describe, expect, it } from 'vitest';
import { operationCharts } from '../src/html/sections/operation-charts.ts';
import { headline } from '../src/view/headline.ts';
import { asking, virtualLoad } from './fixtures/virtual-load.ts';
import { codes, textOf, told } from './support/told.ts';

const steady = { kind: 'constant-vus', vus: 10, duration: '30s' } as const;

describe('when a limit was left', () => {
  it('tells when thresholds alone were left: of all requests, of an operation, of errors', async () => {
    const asked = (thresholds: Record<string, string[]>) =>
      virtualLoad(
        { scenarios: [asking('journey', steady, ['search', 'store,it'])], thresholds },
        ({ atMs, path, number }) => ({
          afterMs: atMs < 12_000 || path === '/search' ? 50 : 400,
          status: path === '/search' && atMs > 20_000 && number % 4 === 0 ? 503 : 200,
        }),
      );
    const whole = await asked({ http_req_duration: ['p(95)<200'] });
    expect(codes(told(whole))).toEqual(['left-limit', 'outcome', 'time-spent', 'generator']);
    expect(textOf(told(whole), 'left-limit')).toMatch(
      /^All requests missed http_req_duration p95 from 0:12 on, at 10 users: http_req_duration p95 4\d\d ms \(limit 200 ms\)\.$/,
    );
    expect(headline(whole)).toBe(
      'The one promise was missed: all requests http_req_duration p95, since 0:12 at 10 users',
    );
    const one = await asked({ "http_req_duration{operation:'store,it'}": ['p(95)<200', 'p(99)<300'] });
    expect(textOf(told(one), 'left-limit')).toMatch(
      /^store,it missed http_req_duration p95 and http_req_duration p99 from 0:12 on, at 10 users: /,
    );
    expect(textOf(told(one), 'time-spent')).toContain('The time of store,it was spent in the target');
    const failed = await asked({ 'http_req_failed{operation:search}': ['rate<1%'] });
    expect(textOf(told(failed), 'left-limit')).toMatch(
      /^search missed http_req_failed from 0:20 on, at 10 users: http_req_failed [\d.]+% \(limit 1%\)\.$/,
    );
    // The figures are those of what is dated.
    const partly = await asked({
      http_req_duration: ['p(95)<200'],
      'http_req_duration{status:503}': ['p(95)<20'],
    });
    expect(textOf(told(partly), 'left-limit')).toMatch(
      /^All requests missed http_req_duration p95 from 0:12 on, at 10 users: http_req_duration p95 4\d\d ms \(limit 200 ms\)\.$/,
    );
    // What the series does not show is not dated: a lower bound, a statistic that it lacks, some of the requests.
    for (const [metric, expression] of [
      ['http_req_duration', 'p(95)>5000'],
      ['http_req_duration{status:503}', 'p(95)<20'],
      ['http_req_duration{operation:search}', 'min<20'],
    ] as const) {
      expect(codes(told(await asked({ [metric]: [expression] })))).not.toContain('left-limit');
    }
  });

  it.each([
    ['http_req_duration', 'avg<80', /^All requests missed http_req_duration avg from 0:12 on/],
    ['http_req_duration', 'max<200', /^All requests missed http_req_duration max from 0:12 on/],
    ['http_req_duration{operation:store}', 'avg<80', /^store missed http_req_duration avg from 0:12 on/],
    ['http_req_duration{operation:store}', 'p(90)<200', /^store missed http_req_duration p90 from 0:12 on/],
  ])('dates %s %s', async (metric, expression, said) => {
    const result = await virtualLoad(
      { scenarios: [asking('journey', steady, ['search', 'store'])], thresholds: { [metric]: [expression] } },
      ({ atMs, path }) => ({ afterMs: atMs < 12_000 ? 50 : path === '/search' ? 350 : 450 }),
    );
    expect(textOf(told(result), 'left-limit')).toMatch(said);
  });

  it('dates a maximum that one answer exceeded', async () => {
    const result = await virtualLoad(
      {
        scenarios: [asking('journey', steady, ['search'])],
        thresholds: { 'http_req_duration{operation:search}': ['max<500'] },
      },
      ({ atMs, number }) => ({ afterMs: atMs >= 15_000 && number % 1000 === 0 ? 700 : 50 }),
    );
    expect(textOf(told(result), 'left-limit')).toMatch(
      /^search missed http_req_duration max from 0:(1[5-9]|2\d) /,
    );
  });

  it('does not date service times by response times that waited', async () => {
    const result = await virtualLoad(
      {
        scenarios: [
          asking('chat', { kind: 'constant-arrival-rate', rate: 30, duration: '20s', maxVUs: 10_000 }),
        ],
        thresholds: { http_req_duration: ['p(95)<90'], response_time: ['p(95)<300'] },
        connections: 'shared',
        maxConnections: 2,
      },
      () => ({ afterMs: 100 }),
    );
    expect(textOf(told(result), 'left-limit')).toMatch(
      /^All requests missed response_time p95 from the start on: /,
    );
  });

  it('dates a latency that fast refusals hide, by the answers that its objective judges', async () => {
    const result = await virtualLoad(
      {
        scenarios: [asking('chat', steady)],
        objectives: [{ operation: 'chat', p50Ms: 200 }],
      },
      ({ atMs, number }) =>
        atMs < 3000 ? { afterMs: 100 } : number % 5 < 3 ? { status: 429, afterMs: 20 } : { afterMs: 600 },
    );
    const [own] = result.series.points.slice(15).map(({ operations }) => operations['chat']!);
    expect(own!.p50Ms).toBeLessThan(30);
    expect(own!.ok!.p50Ms).toBeGreaterThan(590);
    expect(textOf(told(result), 'left-limit')).toMatch(
      /^chat missed p50 from 0:0[34] on, at 10 users: p50 [56]\d\d ms \(limit 200 ms\)\.$/,
    );
    const { shown } = operationCharts(result);
    expect(shown[0]!.charts[0]!.caption).toBe('Response times of good answers, when they completed.');
    // A document of an earlier version has the quantiles of all outcomes alone, and says so.
    const points = result.series.points.map(({ operations: { chat }, ...point }) => {
      const { ok: _, ...all } = chat!;
      return { ...point, operations: { chat: all } };
    });
    const older = operationCharts({ ...result, series: { ...result.series, points } });
    expect(older.shown[0]!.charts[0]!.caption).toMatch(/^Response times of all outcomes; /);
  });
});
