import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import type { RunResult } from '@jarvis-load/engine/result';
import { beforeAll, describe, expect, it } from 'vitest';
import { isK6Summary, readK6, resultOfSummary } from '../src/ingest/index.ts';
import { whatHappened } from '../src/findings/what-happened.ts';
import { renderAll, renderText } from '../src/index.ts';
import { renderK6Summary } from '../src/k6/render-k6-summary.ts';

const FOLDER = new URL('fixtures/k6/', import.meta.url);
/** What k6 1.8.1 wrote of `script.js.txt`: samples and export of one run, the machine-readable summary of another. */
const read = (name: string): Buffer => readFileSync(new URL(name, FOLDER));
const json = (name: string): unknown => JSON.parse(read(name).toString());

async function* chunksOf(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  // Uneven pieces: lines are cut anywhere.
  for (let from = 0; from < bytes.length; from += 1013)
    yield await Promise.resolve(bytes.subarray(from, from + 1013));
}

const ofSamples = async (bytes: Uint8Array, fileName: string, options = {}): Promise<RunResult> =>
  (await readK6([{ fileName, chunks: chunksOf(bytes) }])).result({
    restated: true,
    environment: null,
    ...options,
  });
const alone = (summary: unknown, options = {}): RunResult =>
  resultOfSummary(summary, {
    fileName: 'summary.json',
    endedMs: Date.parse('2026-11-29T03:00:00Z'),
    ...options,
  });

const counts = ({ totals, iterations, checks, operations }: RunResult) => ({
  requests: totals.requests,
  failed: totals.failed,
  completed: iterations.completed,
  checks: checks.map(({ name, passes, fails }) => `${name}: ${passes}, ${fails}`).toSorted(),
  statuses: operations.map(({ operation, statuses }) => [operation, statuses]),
});

let samples: RunResult;
beforeAll(async () => {
  samples = await ofSamples(gunzipSync(read('out.json.gz')), 'out.json');
});

describe('k6 --out csv alone', () => {
  it('is the same run as --out json: counts, checks, tags and response times', async () => {
    const csv = await ofSamples(gunzipSync(read('out.csv.gz')), 'out.csv');
    expect(counts(csv)).toEqual(counts(samples));
    expect(counts(csv)).toMatchObject({ requests: 60, failed: 6, completed: 30 });
    expect(
      csv.operations.map(({ operation, responseTime }) => [operation, responseTime.percentiles]),
    ).toEqual(samples.operations.map(({ operation, responseTime }) => [operation, responseTime.percentiles]));
    const valuesOf = ({ metrics }: RunResult, name: string) =>
      metrics.find((metric) => metric.name === name)?.values;
    expect(valuesOf(csv, 'http_req_waiting')?.['p(95)']).toBe(
      valuesOf(samples, 'http_req_waiting')?.['p(95)'],
    );
  });

  it('has rows for groups and tags of the script, as --out json has, with the durations that k6 recorded', async () => {
    const csv = await ofSamples(gunzipSync(read('out.csv.gz')), 'out.csv');
    const rows = ({ tags = [] }: RunResult) =>
      tags.map(({ tag, value, requests, failed, groupDuration }) => [
        `${tag}:${value}`,
        requests,
        failed,
        groupDuration?.count,
      ]);
    expect(rows(samples)).toEqual([
      ['note:one, "two"', 30, 0, undefined],
      ['group:::pay', 30, 6, 30],
    ]);
    expect(rows(csv)).toEqual(rows(samples));
    const ofK6 = samples.metrics.find(({ name }) => name === 'group_duration')!.values;
    const { groupDuration } = samples.tags!.find(({ tag }) => tag === 'group')!;
    expect(Math.abs(groupDuration!.maxMs! - ofK6['max']!)).toBeLessThan(0.001 * ofK6['max']! + 0.001);
  });

  it('does not know types and thresholds: both are named, and the run is not valid without the outcome', async () => {
    const csv = await ofSamples(gunzipSync(read('out.csv.gz')), 'out.csv');
    expect(csv.verdict).toMatchObject({ status: 'not-valid', reasons: [{ code: 'k6-outcome-unknown' }] });
    const said = csv.notes.map(({ text }) => text).join('\n');
    expect(said).toMatch(/carts \(30 samples\).*words|words.*carts \(30 samples\)/);
    expect(said).toContain('K6_CSV_TIME_FORMAT');
    const told = await ofSamples(gunzipSync(read('out.csv.gz')), 'out.csv', { summary: json('export.json') });
    expect(told.verdict.status).toBe('fail');
    expect((await ofSamples(gunzipSync(read('out.csv.gz')), 'out.csv', { exitCode: 0 })).verdict.status).toBe(
      'pass',
    );
  });

  it.each([10, 5000])(
    'loses only the line of a quote that is never closed, before %i others',
    async (others) => {
      const head = 'metric_name,timestamp,metric_value,check,extra_tags,metadata';
      const row = 'checks,1795921223,1,all of it,,';
      const lines = [
        head,
        'checks,1795921223,1,"never closed,,',
        ...Array.from({ length: others }, () => row),
      ];
      const result = await ofSamples(Buffer.from(`${lines.join('\n')}\n`), 'x.csv');
      expect(result.checks[0]!.passes).toBe(others);
      expect(result.notes.map(({ text }) => text).join('\n')).toMatch(/1 line/);
    },
  );

  it.each([
    ['unix_milli', '1795921223123', 1_795_921_223_123],
    ['unix_micro', '1795921223123456', 1_795_921_223_123.456],
    ['unix_nano', '1795921223123456000', 1_795_921_223_123.456],
    ['rfc3339', '2026-11-29T03:00:23Z', Date.parse('2026-11-29T03:00:23Z')],
  ])('reads times as %s, and quoted line breaks', async (_, time, expected) => {
    const head =
      'metric_name,timestamp,metric_value,check,error,error_code,expected_response,group,method,name,proto,scenario,service,status,subproto,tls_version,url,extra_tags,metadata';
    const row = `checks,${time},1,"all\nof, ""it""",,,,,,,,default,,,,,,,`;
    const result = await ofSamples(Buffer.from(`${head}\r\n${row}\r\n`), 'x.csv');
    expect(result.checks).toEqual([{ scenario: 'default', name: 'all\nof, "it"', passes: 1, fails: 0 }]);
    expect(Date.parse(result.run.startedAt)).toBeCloseTo(expected, -1);
    expect(result.notes.some(({ text }) => text.includes('K6_CSV_TIME_FORMAT'))).toBe(false);
  });
});

describe('a summary beside samples', () => {
  type Metrics = Record<string, Record<string, number>>;
  const { metrics } = json('export.json') as { readonly metrics: Metrics };
  const changed = (name: string, values: Record<string, number>) => ({
    metrics: { ...metrics, [name]: { ...metrics[name], ...values } },
  });
  const cut = (bytes: Buffer): Buffer => bytes.subarray(0, Math.floor(bytes.length / 2));
  const reading = (name: string, edit = (bytes: Buffer): Buffer => bytes) =>
    readK6([{ fileName: name, chunks: chunksOf(edit(gunzipSync(read(`${name}.gz`)))) }]);

  it.each(['out.json', 'out.csv'])(
    'is of another run than %s where a count or a longest time differs',
    async (name) => {
      const { otherRun } = await reading(name);
      expect(otherRun({ metrics })).toBeUndefined();
      expect(otherRun(changed('http_reqs', { count: 59 }))).toBe('http_reqs is 59 there, 60 in the samples');
      expect(otherRun(changed('iterations', { count: 31 }))).toBe(
        'iterations is 31 there, 30 in the samples',
      );
      expect(otherRun(changed('http_req_duration', { max: 60 }))).toMatch(
        /^the longest http_req_duration is 60 ms/,
      );
      expect(otherRun({ metrics: {} })).toBeUndefined();
      expect(otherRun('no summary')).toBeUndefined();
    },
  );

  it('is of the same run where samples are missing behind a cut, and of another where there are too many', async () => {
    const { otherRun } = await reading('out.json', cut);
    expect(otherRun({ metrics })).toBeUndefined();
    expect(otherRun(changed('http_reqs', { count: 3 }))).toMatch(/^http_reqs is 3 there/);
  });
});

describe('a k6 summary alone', () => {
  it('of --summary-export has the totals, checks and thresholds of the run', () => {
    const result = alone(json('export.json'));
    expect({ ...counts(result), statuses: undefined }).toEqual({ ...counts(samples), statuses: undefined });
    const values = (json('export.json') as { metrics: Record<string, Record<string, number>> }).metrics;
    expect(result.totals.responseTime).toMatchObject({
      meanMs: values['http_req_duration']?.['avg'],
      percentiles: {
        p50: values['http_req_duration']?.['med'],
        p95: values['http_req_duration']?.['p(95)'],
        p99: null,
      },
    });
    expect(result.totals.responseTimeOk.percentiles.p95).toBe(
      values['http_req_duration{expected_response:true}']?.['p(95)'],
    );
    expect(
      Object.fromEntries(result.thresholds.map((each) => [`${each.metric} ${each.expression}`, each.status])),
    ).toEqual({
      'http_req_duration avg<1': 'fail',
      'http_req_duration p(95)<2000': 'pass',
      'http_req_duration{name:item} max<5000': 'pass',
      'http_req_failed rate<0.5': 'pass',
      'words med>1': 'pass',
    });
    expect(result.verdict.status).toBe('fail');
    expect(result.metrics.find(({ name }) => name === 'words')).toMatchObject({
      kind: 'trend',
      values: { med: 4 },
    });
  });

  it('in the machine-readable form has no outcome of thresholds: not valid without the exit code of k6', () => {
    const summary = json('machine-readable.json');
    const result = alone(summary);
    expect(result.verdict).toMatchObject({ status: 'not-valid', reasons: [{ code: 'k6-outcome-unknown' }] });
    expect(result.totals).toMatchObject({ requests: 60, failed: 6 });
    expect(result.run.endedAt).toBe('2026-11-29T03:00:24.645Z');
    expect(alone(summary, { exitCode: 0 }).verdict.status).toBe('pass');
    expect(alone(summary, { exitCode: 99 }).verdict.status).toBe('fail');
  });

  it('names what it does not tell, and has no course of time', () => {
    const result = alone(json('export.json'));
    const note = result.notes.find(({ code }) => code === 'k6-summary-alone')?.text;
    expect(note).toMatch(/the course of the run, single operations.*why requests failed, when it ran/);
    expect(result.series.points).toEqual([]);
    expect(whatHappened(result)).toEqual([]);
    for (const { content } of renderAll(result)) expect(content).not.toMatch(/\bNaN\b|undefined/);
  });

  it('with zeros of a trend without samples has no data, which is no pass', () => {
    const zeros = {
      avg: 0,
      min: 0,
      med: 0,
      max: 0,
      'p(90)': 0,
      'p(95)': 0,
      thresholds: { 'p(95)<10': false },
    };
    const metrics = {
      http_reqs: { count: 5, rate: 1 },
      iterations: { count: 5, rate: 1 },
      'http_req_duration{name:x}': zeros,
    };
    const result = alone({ root_group: {}, metrics });
    expect(result.thresholds[0]?.status).toBe('no-data');
    expect(result.verdict.status).toBe('not-valid');
  });

  it.each([
    ['', 'pass', 'pass'],
    ['{name:x}', 'pass', 'pass'],
    ['{name:y}', 'no-data', 'not-valid'],
  ])(
    'with zeros of requests%s that were made is %s: plain HTTP has no handshakes',
    (tags, status, verdict) => {
      const zeros = { avg: 0, min: 0, med: 0, max: 0, 'p(90)': 0, 'p(95)': 0 };
      const metrics = {
        http_reqs: { count: 400, rate: 40 },
        'http_reqs{name:x}': { count: 300, rate: 30 },
        http_req_failed: { value: 0, passes: 0, fails: 400 },
        iterations: { count: 400, rate: 40 },
        [`http_req_tls_handshaking${tags}`]: { ...zeros, thresholds: { 'p(95)<300': false } },
      };
      const result = alone({ root_group: {}, metrics }, { exitCode: 0 });
      expect([result.thresholds[0]?.status, result.verdict.status]).toEqual([status, verdict]);
    },
  );

  it.each([
    [0, 40, 'fail'],
    [1, 39, 'pass'],
  ])('of a run without HTTP of which %i checks passed and %i failed: %s', (passes, fails, status) => {
    const metrics = { iterations: { count: 40, rate: 4 }, ws_sessions: { count: 40, rate: 4 } };
    const check = { name: 'is open', passes, fails };
    const { verdict } = alone({ root_group: { checks: { 'is open': check } }, metrics });
    expect(verdict.status).toBe(status);
    if (status === 'fail') expect(verdict.reasons).toMatchObject([{ code: 'nothing-succeeded' }]);
  });
});

describe('a k6 summary without a word on failed requests', () => {
  const DURATION = { avg: 5, min: 5, med: 5, max: 5, 'p(90)': 5, 'p(95)': 5 };
  const HTTP = { http_reqs: { count: 40, rate: 4 }, http_req_duration: DURATION };
  const ITERATIONS = { iterations: { count: 40, rate: 4 } };
  const csvOf = (result: RunResult): string =>
    renderAll(result).find(({ fileName }) => fileName === 'stats.csv')!.content;

  it.each([
    ['without the metric, as where the script judges no request', {}],
    ['with a threshold on it, and no sample', { http_req_failed: { value: 0, passes: 0, fails: 0 } }],
  ])('%s: their number is not known in any view', (_, failed) => {
    const result = alone({ root_group: {}, metrics: { ...ITERATIONS, ...HTTP, ...failed } });
    for (const stats of [result.totals, ...result.operations]) {
      expect(stats).toMatchObject({ requests: 40, failureShare: null, rateLimitedShare: null });
      expect(stats.responseTime.percentiles.p95).toBe(5);
      expect(stats.responseTimeOk).toMatchObject({ count: 0, percentiles: { p95: null } });
    }
    expect(result.verdict).toMatchObject({ status: 'not-valid', reasons: [{ code: 'k6-outcome-unknown' }] });
    expect(result.notes.map(({ text }) => text).join()).toContain('how many requests failed');
    const views = renderAll(result).filter(({ fileName }) => !fileName.endsWith('.json'));
    for (const { fileName, content } of views)
      expect([fileName, /\b0(\.0+)? ?% failed|Failed<[^]{0,80}>0%|NaN|undefined/.test(content)]).toEqual([
        fileName,
        false,
      ]);
    expect(renderText(result, { color: false, width: 120 })).toContain(
      '40 requests · 4.00/s · failures not known',
    );
    expect(csvOf(result)).toMatch(/,40,N\/A,5,/);
  });

  it.each([99, 110])('is FAIL where k6 ended with %i', (exitCode) => {
    const result = alone({ root_group: {}, metrics: { ...ITERATIONS, ...HTTP } }, { exitCode });
    expect(result.verdict.status).toBe('fail');
  });

  it.each([
    ['none failed', { passes: 0, fails: 40 }, 0],
    ['some failed', { passes: 10, fails: 30 }, 0.25],
  ])('is told from one where %s', (_, values, share) => {
    const metrics = { ...ITERATIONS, ...HTTP, http_req_failed: { value: share, ...values } };
    const result = alone({ root_group: {}, metrics });
    expect(result.totals).toMatchObject({ failed: values.passes, failureShare: share });
    expect(result.totals.responseTimeOk.count).toBe(values.fails);
    expect(csvOf(result)).toContain(`,40,${values.passes},5,`);
    expect(result.notes.map(({ text }) => text).join()).not.toContain('how many requests failed');
  });

  it('counts no requests and iterations where k6 leaves their metrics out, as it does without a sample', () => {
    const result = alone({ root_group: {}, metrics: { vus: { value: 1, min: 1, max: 1 } } });
    expect(result.totals).toMatchObject({ requests: 0, failed: 0, failureShare: null });
    expect(result.iterations).toMatchObject({ completed: 0, dropped: 0, planned: 0 });
    expect(result.notes.map(({ text }) => text).join()).not.toContain('how many requests failed');
    expect(renderText(result, { color: false, width: 120 })).not.toContain('failures not known');
  });
});

describe('--format=k6-summary', () => {
  it('is an export of k6 that says what the document says', () => {
    const text = renderK6Summary(samples);
    const written = JSON.parse(text) as {
      metrics: Record<string, Record<string, unknown>>;
      root_group: unknown;
    };
    expect(isK6Summary(written)).toBe(true);
    const k6 = json('export.json') as typeof written;
    expect(written.root_group).toEqual(k6.root_group);
    const exact = ['http_reqs', 'iterations', 'checks', 'http_req_failed', 'carts'];
    for (const name of exact) {
      const { rate: _, thresholds: __, ...own } = written.metrics[name] ?? {};
      expect([name, own]).toEqual([name, expect.objectContaining(own)]);
      for (const [key, value] of Object.entries(own))
        expect([name, key, value]).toEqual([name, key, k6.metrics[name]?.[key]]);
    }
    expect(written.metrics['http_req_duration']?.['thresholds']).toEqual(
      k6.metrics['http_req_duration']?.['thresholds'],
    );
    expect(Object.keys(written.metrics['http_req_duration'] ?? {}).toSorted()).toEqual(
      Object.keys(k6.metrics['http_req_duration'] ?? {}).toSorted(),
    );
    expect({ ...counts(alone(written)), statuses: undefined }).toEqual({
      ...counts(samples),
      statuses: undefined,
    });
  });

  it('has no values that the summary it is of has not, and zeros of a trend without a sample', () => {
    const metrics = {
      http_reqs: { count: 40, rate: 4 },
      http_req_duration: { avg: 5, 'p(99)': 9 },
      words: { avg: 0, min: 0, med: 0, max: 0, 'p(90)': 0, 'p(95)': 0 },
    };
    const written = JSON.parse(renderK6Summary(alone({ root_group: {}, metrics }))) as {
      metrics: Record<string, unknown>;
    };
    expect(written.metrics['http_req_duration']).toEqual({ avg: 5 });
    expect(written.metrics['words']).toEqual(metrics.words);
    const [trend] = samples.metrics.filter(({ name }) => name === 'words');
    const empty = { ...trend!, values: { count: 0, avg: null, min: null } };
    const ofNone = JSON.parse(renderK6Summary({ ...samples, metrics: [empty] })) as typeof written;
    expect(ofNone.metrics['words']).toMatchObject(metrics.words);
  });
});
