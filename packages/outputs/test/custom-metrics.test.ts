import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { RunInfo } from '@jarvis-load/engine';
import { TrendHistogram } from '@jarvis-load/engine/recorder';
import { CustomMetrics } from '../src/otlp/custom-metrics.ts';
import { HttpClientDuration } from '../src/otlp/http-client-duration.ts';
import { ndjsonOutput } from '../src/files/ndjson-output.ts';
import { InfluxPoints } from '../src/influxdb/influx-points.ts';
import { K6_FAMILIES } from '../src/metrics/k6-names.ts';
import { K6NativeMetrics } from '../src/metrics/k6-native-metrics.ts';
import { RunMetrics } from '../src/metrics/run-metrics.ts';
import { writeText } from '../src/prometheus/text-format.ts';
import { madeRun, madeSecond } from './support/made-run.ts';

it('custom metrics reach OpenTelemetry: counters, gauges, rates by condition, trends as histograms', () => {
  const more = { scenarios: ['chat-user'], selections: [] };
  const run = {
    ...madeRun(),
    metrics: [...madeRun().metrics, { ...more, name: 'queue', kind: 'gauge', unit: 'bytes' }],
  } as RunInfo;
  const custom = new CustomMetrics(run);
  const trend = new TrendHistogram();
  for (const ms of [20, 240, 70_000]) trend.record(ms);
  const { delta } = madeSecond(0, 1e12);
  const part = delta.metrics[0]!;
  const metrics = [
    ...delta.metrics,
    { ...part, name: 'first_word', value: 0, trend: trend.snapshot() },
    // What a threshold selects is among all samples.
    { ...part, name: 'first_word', selection: 0, value: 0, trend: trend.snapshot() },
    { ...part, name: 'queue', value: 4096 },
  ];
  custom.add({ ...delta, metrics });
  custom.add(delta);
  const shown = custom.metrics.map(({ descriptor, family }) => [
    descriptor.name,
    descriptor.unit,
    family.type,
    family.series.map(({ labels, value }) => [new Map(labels).get('condition'), value]),
  ]);
  const rate = [
    ['nonzero', 2],
    ['zero', 18],
  ];
  expect(shown).toEqual([
    ['jarvis_load.custom.chat_errors', '', 'counter', rate],
    ['jarvis_load.custom.tokens', '', 'counter', [[undefined, 14]]],
    ['jarvis_load.custom.first_word', 's', 'histogram', [[undefined, 0]]],
    ['jarvis_load.custom.queue', 'By', 'gauge', [[undefined, 4096]]],
  ]);
  const { bounds, counts, count, sumSeconds } = custom.metrics[2]!.family.series[0]!.buckets!;
  const below = (seconds: number) =>
    counts.slice(0, bounds.indexOf(seconds) + 1).reduce((sum, each) => sum + each, 0);
  expect([below(0.01), below(0.025), below(0.2), below(0.3), below(60), count]).toEqual([0, 1, 1, 2, 2, 3]);
  expect(sumSeconds).toBeCloseTo(70.26, 6);
});

it('a run tag `condition` stays, and rates have the attribute too', () => {
  const { metrics } = new CustomMetrics(madeRun({ condition: 'cold' }));
  const labels = metrics.map(({ family }) =>
    family.series.map((one) => {
      const named = new Map(one.labels);
      return [named.get('tag_condition'), named.get('condition')];
    }),
  );
  expect(labels).toEqual([
    [
      ['cold', 'nonzero'],
      ['cold', 'zero'],
    ],
    [['cold', undefined]],
    [['cold', undefined]],
  ]);
});

it('a gauge whose only sample was rejected has no value', () => {
  const more = { scenarios: ['chat-user'], selections: [] };
  const run = { ...madeRun(), metrics: [{ ...more, name: 'queue', kind: 'gauge' }] } as unknown as RunInfo;
  const second = madeSecond(0, 1e12);
  const { delta } = second;
  const part = { ...delta.metrics[0]!, name: 'queue', value: 0, samples: 0, rejected: 1 };
  const custom = new CustomMetrics(run);
  custom.add({ ...delta, metrics: [part] });
  expect(custom.metrics[0]!.family.series.map(({ present }) => present)).toEqual([false]);
  const all = new RunMetrics(run, 1000);
  all.add({ ...second, delta: { ...delta, metrics: [part] } });
  expect(writeText(all.collect(), 'text')).not.toContain('k6_queue{');
});

/** A run with these custom metrics, and a second with a sample of each. */
function withMetrics(named: readonly (readonly [string, string])[]) {
  const more = { scenarios: ['chat-user'], selections: [], unit: '' };
  const trend = new TrendHistogram();
  for (const value of [3, 4, 9]) trend.record(value);
  const made = madeSecond(0, 1e12);
  const part = { ...made.delta.metrics[0]!, samples: 3, value: 0 };
  const metrics = named.map(([name, kind]) => ({
    ...part,
    name,
    ...(kind === 'trend' ? { trend: trend.snapshot() } : {}),
  }));
  return {
    run: {
      ...madeRun(),
      metrics: named.map(([name, kind]) => ({ ...more, name, kind })),
    } as unknown as RunInfo,
    second: { ...made, delta: { ...made.delta, metrics } },
  };
}

it('custom metrics that would be written as those of k6 have names of their own', () => {
  const { run, second } = withMetrics([
    ['iteration.duration', 'trend'],
    ['group-duration', 'trend'],
    ['http.reqs.total', 'gauge'],
    ['vus.', 'counter'],
    ['vus-max', 'gauge'],
    ['data-sent', 'counter'],
    ['checks', 'rate'],
    ['http_req_duration_seconds', 'gauge'],
  ]);
  const metrics = new RunMetrics(run, 5000, true);
  metrics.add(second);
  const lines = writeText(metrics.collect(), 'openmetrics').split('\n');
  const heads = lines.filter((line) => line.startsWith('# TYPE')).map((line) => line.split(' ')[2]);
  expect(heads).toEqual([...new Set(heads)]);
  const series = lines.filter((line) => /^\w/.test(line)).map((line) => line.replace(/ [^ ]*$/, ''));
  expect(series).toEqual([...new Set(series)]);
  expect(heads).toEqual(
    expect.arrayContaining(['k6_iteration_duration_2_avg', 'k6_http_reqs_total_2', 'k6_data_sent_2']),
  );
  expect(heads).not.toContain('k6_http_req_duration_seconds');
});

it("k6's families are all reserved", () => {
  const { run, second } = withMetrics([]);
  const metrics = new RunMetrics(run, 5000);
  metrics.add(second);
  const families = metrics.collect().filter(({ name }) => name.startsWith('k6_'));
  const native = new K6NativeMetrics(run).series;
  const names = [
    ...families.map(({ name, type }) => (type === 'counter' ? `${name}_total` : name)),
    ...native.map(({ name }) => name),
  ];
  expect(names.length).toBeGreaterThan(80);
  expect(names.filter((name) => !K6_FAMILIES.includes(name))).toEqual([]);
});

it('trends have statistics, and no value, in InfluxDB and NDJSON', async () => {
  const { run, second } = withMetrics([['words', 'trend']]);
  const point = new InfluxPoints(run).second(second).find((line) => line.startsWith('jarvis_load_metric,'));
  expect(point).toMatch(/ max=9,mean=5\.3{9,}\d?,min=3,p50=4,p90=9,p95=9,p99=9,samples=3i /);
  const folder = mkdtempSync(join(tmpdir(), 'trends-'));
  try {
    const output = ndjsonOutput(join(folder, 'run.ndjson'));
    await output.start(run);
    output.second(second);
    await output.stop(undefined);
    const [, line = ''] = readFileSync(join(folder, 'run.ndjson'), 'utf8').split('\n');
    expect((JSON.parse(line) as { readonly metrics: unknown }).metrics).toEqual([
      {
        scenario: 'chat-user',
        name: 'words',
        samples: 3,
        min: 3,
        mean: 16 / 3,
        p50: 4,
        p90: 9,
        p95: 9,
        p99: 9,
        max: 9,
      },
    ]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

it('the duration of HTTP requests has the status of each answer, and a type of error by it', () => {
  const duration = new HttpClientDuration(madeRun());
  const { delta } = madeSecond(0, 1e12);
  const [first] = delta.operations;
  const times = first!.service.ok!;
  const serviceByStatus = {
    ok: { 200: times, 404: times },
    rate_limited: { 429: times },
    server_error: { 500: times, 503: times },
    invalid_body: { 200: times },
    timeout: { 0: times, 200: times },
  };
  duration.add([{ ...first!, serviceByStatus }]);
  duration.add([{ ...first!, serviceByStatus: { ok: { 200: times } } }]);
  const shown = duration.family.series.map(({ labels, buckets }) => {
    const named = new Map(labels);
    const names = ['jarvis_load.outcome', 'http.response.status_code', 'error.type'];
    return [...names.map((name) => named.get(name)), buckets!.count / times.count];
  });
  expect(shown).toEqual([
    ['ok', '200', undefined, 2],
    ['ok', '404', undefined, 1],
    ['rate_limited', '429', '429', 1],
    ['server_error', '500', '500', 1],
    ['server_error', '503', '503', 1],
    ['timeout', undefined, 'timeout', 1],
    ['timeout', '200', 'timeout', 1],
    ['invalid_body', '200', 'invalid_body', 1],
  ]);
});
