import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Value } from '@jarvis-load/engine/typebox/value';
import { RunResultSchema } from '@jarvis-load/engine/result';
import { declaration, ingest, point, request } from './support/k6-lines.ts';

const GET = { method: 'GET', name: 'http://x/items', scenario: 'browse', status: '200', group: '' };

describe("somebody else's k6 script", () => {
  const lines = [
    ...request(100, 50, { ...GET, scenario: '', group: '::setup' }),
    ...[0, 1, 2, 3].flatMap((second) => [
      ...request(1000 * second + 400, 100 + second, GET),
      ...request(1000 * second + 600, 200, { ...GET, method: 'POST', status: '503', error_code: '1503' }),
      point('vus', 1000 * second + 900, 2),
      point('checks', 1000 * second + 450, 1, { check: 'is fine', group: '::cart', scenario: 'browse' }),
      point('iteration_duration', 1000 * second + 700, 500, { scenario: 'browse' }),
      point('iterations', 1000 * second + 700, 1, { scenario: 'browse' }),
    ]),
    ...request(3800, 10_000, { ...GET, status: '0', error_code: '1050', error: 'request timeout' }),
    point('dropped_iterations', 3900, 3, { scenario: 'browse' }),
    point('data_received', 3950, 4321, { scenario: 'browse' }),
  ];

  it('becomes a valid document: operations by name and method, setup apart', async () => {
    const result = await ingest(lines);
    expect([...Value.Errors(RunResultSchema, result)]).toEqual([]);
    expect(
      result.operations.map(({ operation, requests, outcomes }) => [operation, requests, outcomes.ok]),
    ).toEqual([
      ['http://x/items', 5, 4],
      ['POST http://x/items', 4, 0],
    ]);
    expect(result.totals.outcomes).toMatchObject({ ok: 4, server_error: 4, timeout: 1 });
    expect(result.totals.bytesReceived).toBe(4321);
    // Nine requests of the run and one of setup.
    expect(result.metrics.find(({ name }) => name === 'http_reqs')?.values['count']).toBe(10);
    expect(result.checks).toEqual([{ scenario: 'browse', name: 'cart::is fine', passes: 4, fails: 0 }]);
    expect(result.iterations).toEqual({
      planned: 7,
      completed: 4,
      failed: 0,
      dropped: 3,
      interrupted: null,
    });
  });

  it('has response times that count the wait for a connection, and service times that do not', async () => {
    const { operations } = await ingest(lines);
    expect(operations[1]!.serviceTime.maxMs).toBe(200);
    expect(operations[1]!.responseTime.maxMs).toBe(202);
    expect(operations[1]!.phases.connecting.maxMs).toBe(1);
  });

  it('has a series whose bins add up to the totals', async () => {
    const { series, totals } = await ingest(lines);
    expect(series.points.reduce((sum, { requests }) => sum + requests, 0)).toBe(totals.requests);
    expect(series.points.map(({ users }) => users)).toEqual([2, 2, 2, 2]);
    expect(series.points.at(-1)?.cumulative).toMatchObject({ requests: totals.requests, failed: 5 });
  });

  it('has errors in groups, with the words of k6', async () => {
    const { errors } = await ingest(lines);
    expect(errors.map(({ outcome, code, count, message }) => [outcome, code, count, message])).toEqual([
      ['server_error', 'http_503', 4, 'HTTP 503'],
      ['timeout', 'k6_1050', 1, 'request timeout'],
    ]);
  });

  it('reads the same, however the stream is cut into chunks', async () => {
    const whole = await ingest(lines, {}, 1e9);
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 700 }), async (bytes) => {
        expect(await ingest(lines, {}, bytes)).toEqual(whole);
      }),
      { numRuns: 15 },
    );
  });

  it('reads lines in another layout than that of k6, and tags that are no texts', async () => {
    const odd = [
      '{ "type": "Point", "data": {"tags": null, "value": 7, "time": "2026-11-22T19:00:01+01:00"}, "metric": "iterations" }',
      '{"metric":"iterations","type":"Point","data":{"time":"2026-11-22T18:00:01.5Z","value":1e0,"tags":{"scenario":"a"},"metadata":{"vu":"1"}}}',
    ];
    const result = await ingest(odd);
    expect(result.notes.map(({ code }) => code)).not.toContain('k6-unreadable-lines');
    expect(result.metrics.find(({ name }) => name === 'iterations')?.values['count']).toBe(8);
  });

  it('with an id in each URL keeps its memory: the rest is one operation, and a note says so', async () => {
    const many = Array.from({ length: 500 }, (_, id) =>
      request(id, 10, { ...GET, name: `http://x/items/${id}` }),
    ).flat();
    const result = await ingest(many);
    expect(result.operations.length).toBeLessThanOrEqual(202);
    expect(result.totals.requests).toBe(500);
    expect(result.notes.map(({ code }) => code)).toContain('k6-many-operations');
  });
});

describe('thresholds of a k6 run', () => {
  const lines = [
    declaration('http_req_duration', 'trend', 'time', ['p(50)<99', 'max<1s']),
    declaration('empty', 'counter'),
    ...request(500, 100, GET),
    ...request(600, 200, GET),
  ];

  it('are judged over the samples, also without a summary', async () => {
    const { thresholds } = await ingest(lines);
    expect(thresholds.map(({ expression, status, measured }) => [expression, status, measured])).toEqual([
      ['p(50)<99', 'fail', 100],
      ['max<1s', 'pass', 200],
    ]);
  });

  it('over nothing have no data, whatever k6 says', async () => {
    const summary = {
      metrics: { never: { thresholds: { 'rate<0.1': false }, value: 0, passes: 0, fails: 0 } },
    };
    const { thresholds, verdict } = await ingest(lines, { summary });
    expect(thresholds.at(-1)).toMatchObject({ metric: 'never', status: 'no-data', measured: null });
    expect(verdict.status).toBe('not-valid');
  });

  it('of k6 stand where its interpolation decides otherwise, and the document says so', async () => {
    const summary = { metrics: { http_req_duration: { thresholds: { 'p(50)<99': { ok: true } } } } };
    const { thresholds } = await ingest(lines, { summary });
    expect(thresholds[0]).toMatchObject({ status: 'pass', measured: 100 });
    expect(thresholds[0]!.detail).toMatch(/k6 says passed; its percentiles interpolate/);
  });

  it('on a selection see its samples only', async () => {
    const { thresholds } = await ingest([...lines, ...request(700, 900, { ...GET, name: 'other' })], {
      thresholds: { 'http_req_duration{name:other}': ['avg>800'], 'http_reqs{name:other}': ['count==1'] },
    });
    expect(thresholds.slice(0, 2)).toMatchObject([
      { metric: 'http_req_duration{name:other}', status: 'pass', measured: 900 },
      { metric: 'http_reqs{name:other}', status: 'pass', measured: 1 },
    ]);
  });

  it('that cannot be read are named, and judge nothing', async () => {
    const { thresholds, notes } = await ingest(lines, { thresholds: { http_reqs: ['count is many'] } });
    expect(thresholds).toHaveLength(2);
    expect(notes.find(({ code }) => code === 'k6-unreadable-thresholds')?.text).toMatch(/count is many/);
  });
});

describe('a script of ours tells what k6 does not know', () => {
  const tags = { name: 'chat.send', scenario: 'chat' };
  it('a body that fails its predicate is not ok, and its time does not count as that of a good answer', async () => {
    const sent = { ...tags, method: 'POST', status: '200', group: '' };
    const result = await ingest([
      ...request(500, 30, sent),
      point('jarvis_outcomes', 501, 1, { ...tags, outcome: 'ok' }),
      point('response_time', 501, 32, { ...tags, outcome: 'ok' }),
      ...request(600, 700, sent),
      ...request(610, 40, sent),
      point('jarvis_outcomes', 611, 1, { ...tags, outcome: 'ok' }),
      point('response_time', 611, 42, { ...tags, outcome: 'ok' }),
      point('response_time', 612, 702, {
        ...tags,
        outcome: 'invalid_body',
        code: 'body',
        reason: 'no `message`',
      }),
      // k6 counted this request, but the run ended before the script received its answer.
      ...request(700, 50, sent),
    ]);
    const [row] = result.operations;
    expect(row!.outcomes).toMatchObject({ ok: 3, invalid_body: 1 });
    expect(row!.responseTimeOk.maxMs).toBe(52);
    expect(row!.responseTime.maxMs).toBe(702);
    expect(result.errors).toMatchObject([{ outcome: 'invalid_body', code: 'body', message: 'no `message`' }]);
  });
});

it('a run of k6 without requests is no pass on its samples alone: thresholds without a sample are not in them', async () => {
  const lines = [
    ...Array.from({ length: 40 }, (_, at) => point('iterations', at * 100, 1, { scenario: 'default' })),
    declaration('sold', 'counter', 'default', ['count<100']),
    point('sold', 900, 5),
  ];
  const alone = await ingest(lines);
  expect(alone.thresholds).toMatchObject([{ metric: 'sold', status: 'pass' }]);
  expect(alone.verdict).toMatchObject({ status: 'not-valid', reasons: [{ code: 'k6-outcome-unknown' }] });
  expect(alone.notes.find(({ code }) => code === 'k6-outcome-unknown')?.text).toBe(
    'A threshold on a metric without a sample leaves nothing in k6.json. Pass --summary=<file of k6 run --summary-export>, or --k6-exit=<exit code of k6>.',
  );
  expect((await ingest(lines, { exitCode: 0 })).verdict.status).toBe('pass');
});

it.each<[string, string[] | undefined, string, Record<string, string[]>?]>([
  ['which another program wrote', [], 'pass'],
  ['of k6 itself', ['http_req_duration{expected_response:true}'], 'not-valid'],
  ['whose first lines are missing', undefined, 'not-valid'],
  [
    'of k6 itself, with a threshold on its own selection',
    ['http_req_duration{expected_response:true}'],
    'not-valid',
    { 'http_req_duration{expected_response:true}': ['p(95)<500'] },
  ],
])('samples alone %s, with a 404 that the script expected: %j, %s', async (_, kept, status, thresholds) => {
  const tags = { ...GET, scenario: 'default', status: '404', error_code: '1404', expected_response: 'true' };
  const result = await ingest(
    [
      ...(kept === undefined
        ? []
        : [
            declaration('http_req_duration', 'trend', 'time', [], kept),
            declaration('http_req_failed', 'rate', 'default', ['rate<0.01']),
          ]),
      ...Array.from({ length: 40 }, (__, at) => [
        ...request(100 * at + 50, 20, tags, 0),
        point('iterations', 100 * at + 60, 1, { scenario: 'default' }),
      ]).flat(),
    ],
    { restated: true, ...(thresholds === undefined ? {} : { thresholds }) },
  );
  expect(result.verdict.status).toBe(status);
  expect(result.totals.outcomes.ok).toBe(40);
});
