import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Value } from '@jarvis-load/engine/typebox/value';
import { RunResultSchema } from '@jarvis-load/engine/result';
import { renderText } from '../src/index.ts';
import { healthFacts } from '../src/view/health.ts';
import { overTimeCharts } from '../src/html/sections/over-time.ts';
import { readK6 } from '../src/ingest/index.ts';
import { SignedTrend } from '../src/ingest/signed-trend.ts';
import { declaration, ingest, point, request } from './support/k6-lines.ts';

const GET = {
  method: 'GET',
  name: '/items',
  scenario: 'browse',
  group: '',
  status: '200',
  expected_response: 'true',
};
const iteration = (atMs: number, scenario = 'browse'): string[] => [
  point('iteration_duration', atMs, 10, { scenario }),
  point('iterations', atMs, 1, { scenario }),
];
/** Tags without the given names, as a script's `systemTags` leaves them out. */
function without(tags: Record<string, string>, ...names: string[]): Record<string, string> {
  return Object.fromEntries(Object.entries(tags).filter(([name]) => !names.includes(name)));
}
const load = (tags: Record<string, string>, failed: 0 | 1): string[] =>
  [0, 1, 2].flatMap((second) => [
    ...request(second * 1000 + 500, 20, tags, failed),
    ...iteration(second * 1000 + 500),
  ]);

describe('what the output of k6 does not tell', () => {
  it('is null in the document, and no view makes a value of it', async () => {
    const result = await ingest(load({ ...GET, status: '500', expected_response: 'false' }, 1));
    expect([...Value.Errors(RunResultSchema, result)]).toEqual([]);
    expect(result.scenarios[0]).toMatchObject({
      model: null,
      executor: {},
      plannedDurationMs: null,
      maxUsers: null,
    });
    expect(result.run.plannedDurationMs).toBeNull();
    expect(result.health).toMatchObject({
      generatorLimited: null,
      connectionsOpened: null,
      warmUpRequests: null,
    });
    expect(result.errors[0]!.example).toMatchObject({ user: null, iteration: null });
    expect(result.operations[0]).toMatchObject({ bytesSent: null, bytesReceived: null, meanBodyBytes: null });
    expect(result.totals).toMatchObject({ bytesSent: null, bytesReceived: null });
    expect(result.series.points.map(({ users }) => users)).toEqual([null, null]);
    expect(result.iterations.interrupted).toBeNull();
    expect(result.scenarios[0]!.iterations.interrupted).toBeNull();
    expect([result.totals.retries, result.operations[0]!.retries]).toEqual([null, null]);
    expect(healthFacts(result).map(([name]) => name)).toEqual(['Queue wait, p99']);
    const text = renderText(result, { color: false, width: 100 });
    expect(text).toContain('interrupted not known');
    expect(text).toContain('number of users not known');
    expect(text).not.toMatch(/user 0|is closed|kept up/);
  });

  it.each([
    ['a status that the script expects', { ...GET, status: '404', error_code: '1404' }, 0, 'ok'],
    [
      'a status that it does not',
      { ...GET, status: '404', error_code: '1404', expected_response: 'false' },
      1,
      'client_error',
    ],
    ['a 200 that it does not', { ...GET, expected_response: 'false' }, 1, 'invalid_body'],
    ['no tag status, but passed', without(GET, 'status', 'expected_response'), 0, 'ok'],
    [
      'no tag status, failed with an error code',
      { ...without(GET, 'status', 'expected_response'), error_code: '1503' },
      1,
      'server_error',
    ],
    [
      'no tag status, 429 by its error code',
      { ...without(GET, 'status', 'expected_response'), error_code: '1429' },
      1,
      'rate_limited',
    ],
    [
      'no tag status, failed without a reason',
      without(GET, 'status', 'expected_response'),
      1,
      'invalid_body',
    ],
    [
      'no response',
      { ...GET, status: '0', error_code: '1212', expected_response: 'false' },
      1,
      'connection_error',
    ],
    [
      'no answer in time',
      { ...GET, status: '0', error_code: '1050', expected_response: 'false' },
      1,
      'timeout',
    ],
  ] as const)('%s has the outcome that k6 gave it', async (_, tags, failed, outcome) => {
    const { totals } = await ingest(load(tags, failed));
    expect(totals.outcomes[outcome]).toBe(3);
  });

  it('a request that k6 was told not to judge is judged by its status', async () => {
    const notJudged = (status: string): string[] =>
      request(500, 20, without({ ...GET, status }, 'expected_response'), 0).filter(
        (line) => !line.includes('http_req_failed'),
      );
    expect((await ingest(notJudged('200'))).totals.outcomes.ok).toBe(1);
    expect((await ingest(notJudged('500'))).totals.outcomes.server_error).toBe(1);
    expect((await ingest(notJudged(''))).totals.outcomes.ok).toBe(1);
  });

  it('an absent status is said, and counts as no status', async () => {
    const { notes, operations } = await ingest(load(without(GET, 'status', 'expected_response'), 0));
    expect(notes.find(({ code }) => code === 'k6-no-status')?.level).toBe('warning');
    expect(operations[0]!.statuses).toEqual({});
  });
});

describe('samples that come late', () => {
  it('count in their own second, however late they are', async () => {
    const at = (second: number): string[] => [
      ...request(second * 1000 + 500, 20, GET, 0),
      ...iteration(second * 1000 + 500),
    ];
    const seconds = [0, 1, 2, 3, 20, 21, ...Array.from({ length: 19 }, (_, k) => k + 1)];
    const { series, totals, iterations } = await ingest(seconds.flatMap(at));
    const counts = series.points.map(({ requests }) => requests);
    expect(counts.slice(0, 5)).toEqual([1, 2, 2, 2, 1]);
    expect(Math.max(...counts)).toBe(2);
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(totals.requests);
    expect(totals.requests).toBe(seconds.length);
    expect(iterations.completed).toBe(seconds.length);
    expect(series.byIntendedStart.reduce((sum, { count }) => sum + count, 0)).toBe(seconds.length);
  });
});

describe('thresholds of k6 that too few samples carry', () => {
  const some = (count: number, tags = GET, failed: 0 | 1 = 0): string[] =>
    Array.from({ length: count }, (_, index) => [
      ...request(index * 20 + 30, 20, tags, failed),
      ...iteration(index * 20 + 30),
    ]).flat();
  const thresholds = { http_req_failed: ['rate<0.01'] };
  const judged = async (lines: string[], options: Parameters<typeof ingest>[1]) => {
    const { verdict, thresholds: all } = await ingest(lines, options);
    return [verdict.status, all[0]?.status, ...verdict.reasons.map(({ code }) => code)];
  };

  it('pass where the verdict of k6 is restated and there are 20 of them, and else prove nothing', async () => {
    const restated = { thresholds, thresholdsKnown: true, restated: true };
    expect(await judged(some(40), restated)).toEqual(['pass', 'unproven', 'unproven']);
    expect(await judged(some(19), restated)).toEqual(['not-valid', 'unproven', 'unproven']);
    expect(await judged(some(40), { ...restated, strict: true })).toEqual([
      'not-valid',
      'unproven',
      'unproven',
    ]);
    expect(await judged(some(40), { thresholds, thresholdsKnown: true })).toEqual([
      'not-valid',
      'unproven',
      'unproven',
    ]);
  });

  it('fail where k6 fails them, as its exit code 99 does, whether a summary says so or not', async () => {
    const one = [
      ...some(39),
      ...request(900, 20, { ...GET, status: '500', expected_response: 'false' }, 1),
      ...iteration(900),
    ];
    expect(await judged(one, { thresholds, restated: true })).toEqual(['fail', 'fail', 'threshold']);
    const slow = { http_req_duration: ['p(95)<10'] };
    const summary = { metrics: { http_req_duration: { 'p(95)': 20, thresholds: { 'p(95)<10': true } } } };
    expect(await judged(some(1), { thresholds: slow, summary })).toEqual(['fail', 'fail', 'threshold']);
  });
});

it('a failure that too few samples carry says whether k6 told of it', async () => {
  const slow = [...request(50, 20, GET), ...iteration(50)];
  const thresholds = { http_req_duration: ['p(95)<10'] };
  const detailOf = async (options: Parameters<typeof ingest>[1]) => {
    const [only] = (await ingest(slow, { thresholds, ...options })).thresholds;
    return [only?.status, only?.detail];
  };
  const summary = { metrics: { http_req_duration: { 'p(95)': 20, thresholds: { 'p(95)<10': true } } } };
  expect(await detailOf({ summary })).toEqual(['fail', 'failed in k6, whatever the number of samples']);
  expect(await detailOf({})).toEqual([
    'fail',
    'the few samples miss it, and k6 fails it then, whatever the number of samples',
  ]);
});

describe('a threshold of k6 with abortOnFail', () => {
  const aborting = (expression: string): string => {
    const threshold = { threshold: expression, abortOnFail: true, delayAbortEval: '' };
    const data = { name: 'http_req_duration', type: 'trend', contains: 'time', thresholds: [threshold] };
    return JSON.stringify({ type: 'Metric', data, metric: 'http_req_duration' });
  };

  it('is how the run ended where it failed, unless k6 ended for another reason', async () => {
    const failed = [aborting('max<10'), ...load(GET, 0)];
    const { run, thresholds, verdict } = await ingest(failed);
    expect(run.end).toEqual({
      kind: 'threshold',
      reason: 'http_req_duration: max<10, which has abortOnFail',
    });
    expect(thresholds).toMatchObject([{ status: 'fail', aborted: true }]);
    expect(verdict.status).toBe('fail');
    expect((await ingest(failed, { end: { kind: 'completed' } })).run.end.kind).toBe('threshold');
    expect((await ingest(failed, { end: { kind: 'aborted' } })).run.end.kind).toBe('aborted');
  });

  it('ended nothing where it held, and where it has no abortOnFail', async () => {
    const held = await ingest([aborting('max<1000'), ...load(GET, 0)]);
    const plain = await ingest([
      declaration('http_req_duration', 'trend', 'time', ['max<10']),
      ...load(GET, 0),
    ]);
    for (const { run, thresholds } of [held, plain]) {
      expect(run.end).toEqual({ kind: 'completed' });
      expect(thresholds).toMatchObject([{ aborted: false }]);
    }
  });
});

describe('runs without HTTP', () => {
  const socket = { group: '', scenario: 'chat', url: 'ws://127.0.0.1/' };
  const session = (atMs: number): string[] => [
    point('ws_connecting', atMs, 3, socket),
    ...iteration(atMs, 'chat'),
  ];

  it('are judged by iterations, checks and thresholds', async () => {
    const fine = await ingest([0, 1, 2].flatMap((second) => session(second * 1000)));
    expect(fine.verdict.reasons.map(({ code }) => code)).not.toContain('no-requests');
    expect(renderText(fine, { color: false, width: 100 })).toContain('no HTTP requests');
    const broken = await ingest([
      ...session(0),
      ...[1, 2].map((second) => point('checks', second, 0, { ...socket, check: 'is open' })),
    ]);
    expect(broken.verdict.reasons.map(({ text }) => text)).toContain(
      'scenario chat: none of 2 checks passed',
    );
    const idle = await ingest([point('checks', 0, 1, { ...socket, check: 'is open' })]);
    expect(idle.verdict.status).toBe('not-valid');
  });
});

describe('SignedTrend', () => {
  it('gives the sample of each rank to 1/1024, whatever its sign', () => {
    const value = fc
      .double({ min: -1e6, max: 1e6, noNaN: true })
      .filter((v) => v === 0 || Math.abs(v) > 1e-6);
    fc.assert(
      fc.property(
        fc.array(value, { minLength: 1, maxLength: 60 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (values, p) => {
          const trend = new SignedTrend();
          for (const each of values) trend.record(each);
          const sorted = values.toSorted((a, b) => a - b);
          const sample =
            sorted[Math.min(sorted.length, Math.max(1, Math.ceil(p * sorted.length - 1e-9))) - 1]!;
          expect(Math.abs(trend.quantile(p)! - sample)).toBeLessThanOrEqual(Math.abs(sample) / 1023);
          expect([trend.min! + 0, trend.max! + 0, trend.count]).toEqual([
            sorted[0]! + 0,
            sorted.at(-1)! + 0,
            values.length,
          ]);
        },
      ),
    );
  });
});

describe('a trend without a unit', () => {
  it('is shown over time beside the load; durations of the script have no series', async () => {
    const values = [0, 0.5, 1];
    const result = await ingest([
      declaration('stt_wer', 'trend'),
      declaration('stt_latency', 'trend', 'time'),
      ...values.flatMap((value, second) => [
        ...request(second * 1000 + 500, 20, GET, 0),
        point('stt_wer', second * 1000 + 501, value, { scenario: 'browse' }),
        point('stt_wer', second * 1000 + 502, 0, { scenario: 'browse' }),
        point('stt_latency', second * 1000 + 502, 7, { scenario: 'browse' }),
        ...iteration(second * 1000 + 990),
      ]),
    ]);
    const { points } = result.series;
    expect(points.flatMap(({ trends }) => (trends?.['stt_wer'] ? [trends['stt_wer']] : []))).toEqual(
      values.map((value) => ({ count: 2, mean: value / 2 })),
    );
    expect(points.every(({ trends }) => trends?.['stt_latency'] === undefined)).toBe(true);
    const chart = overTimeCharts(result).at(-1);
    expect(chart?.title).toBe('stt_wer');
    const means = [...(chart?.table ?? '').matchAll(/<td>([^<]*)/g)].map(([, text]) => text);
    expect(means.filter((text) => text !== '–')).toEqual(['0', '0.25', '0.50']);
  });
});

describe('names and lines of k6 that are unlike others', () => {
  const labelsOf = async (...requests: Record<string, string>[]) => {
    const lines = requests.flatMap((tags, at) => request(1000 * at + 500, 20, { ...GET, ...tags }));
    const { operations } = await ingest(lines);
    return operations.map((each) => [each.scenario, each.operation, each.method, each.requests]);
  };

  it('have the method of their own requests, also where another scenario sends the name with another one', async () => {
    const post = { scenario: 'buy', method: 'POST' };
    expect(await labelsOf(post, {}, {})).toEqual([
      ['buy', '/items', 'POST', 1],
      ['browse', '/items', 'GET', 2],
    ]);
  });

  it('are one operation for a method that HTTP does not name', async () => {
    const find = { method: 'PROPFIND' };
    expect(await labelsOf(find, find, {}, find)).toEqual([
      ['browse', '/items', 'PROPFIND', 3],
      ['browse', 'GET /items', 'GET', 1],
    ]);
  });

  it('are counted by metric without a type, however many there are', async () => {
    const names = Array.from({ length: 120 }, (_, index) => `mine_${index}`);
    const lines = [...load(GET, 0), ...[...names, ...names].map((name) => point(name, 2000, 1))];
    const { notes } = await ingest(lines);
    expect(notes.find(({ code }) => code === 'k6-unknown-metrics')?.text).toContain('mine_0 (2 samples)');
  });

  it('are unreadable only where a line is broken, not where files are cut off', async () => {
    const whole = `${load(GET, 0).join('\n')}\n`;
    const notesOf = async (...texts: string[]) => {
      const files = texts.map((text, index) => ({ fileName: `k6-${index}.json`, chunks: chunkOf(text) }));
      const { notes } = (await readK6(files)).result();
      return notes
        .filter(({ code }) => /^k6-(cut|unreadable)/.test(code))
        .map(({ code, text }) => [code, text]);
    };
    const cut = ['k6-cut-off', expect.stringContaining('in the middle of a line')];
    expect(await notesOf(`${whole}{"metric":"http`, `${whole}{"met`)).toEqual([cut]);
    expect(await notesOf(`${whole}{"metric":"http`, `garbage\n${whole}`)).toEqual([
      cut,
      [
        'k6-unreadable-lines',
        '1 line of the output of k6 could not be read, the first of them line 1; they are ignored.',
      ],
    ]);
  });
});

async function* chunkOf(text: string): AsyncGenerator<Uint8Array> {
  yield await Promise.resolve(Buffer.from(text));
}
