import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { spawnMock } from '@jarvis-load/mock-jarvis';
import type { RunResult } from '@jarvis-load/engine';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { requirePeer } from '../../../tools/peers/require-peer.ts';
import { Workspace } from './support/cli.ts';
import {
  coverageCells,
  coverageOf,
  ONLY_DURING,
  readDashboard,
  unexpected,
  type Dashboard,
} from './support/dashboards.ts';
import { filledInInflux, hasValue, InfluxApi } from './support/influx-api.ts';
import { K6_DASHBOARD, K6_NATIVE_DASHBOARD } from './support/k6-dashboard.ts';
import { LOCUST_DASHBOARD } from './support/locust-dashboard.ts';
import { answers, hasNumber, PrometheusApi, type Shown } from './support/prometheus-api.ts';
import { ReceivedOtlp } from './support/received-otlp.ts';
import { freePort } from '../../../tools/free-port.ts';
import { Receivers } from './support/receivers.ts';

const prometheusPath = requirePeer('prometheus');
const influxd = requirePeer('influxd');
const otlpReceiver = requirePeer('otlp-receiver');
const ROOT = join(import.meta.dirname, '..', '..', '..');

/** Of both runs, as Grafana writes a choice of two. */
const TESTID = '(real|streams)';

const workspace = new Workspace();
/** Of a run with streamed responses beside the other. */
const streamWorkspace = new Workspace();
const receivers = new Receivers();
let result: RunResult;
let streamResult: RunResult;
let prometheus: PrometheusApi;
let influx: InfluxApi;
/** Pattern of the address of the mock. */
let server: string;
const received = join(receivers.folder, 'otlp.ndjson');

beforeAll(async () => {
  if (prometheusPath === undefined || influxd === undefined) return;
  const page = await freePort();
  const mock = await spawnMock({ preset: 'flaky', settings: ['seed=7'] });
  try {
    server = new URL(mock.url).host;
    const jobs = { 'jarvis-load-page': `127.0.0.1:${page}`, target: new URL(mock.url).host };
    const [prometheusUrl, influxUrl, otlpUrl] = await Promise.all([
      receivers.prometheus(prometheusPath, jobs),
      receivers.influxdb(influxd),
      otlpReceiver === undefined ? undefined : receivers.otlp(otlpReceiver, received),
    ]);
    prometheus = new PrometheusApi(prometheusUrl);
    influx = new InfluxApi(influxUrl);
    const both = [
      `--target=${mock.url}`,
      '--quiet',
      // Some requests of this mock are never answered.
      '--request-timeout=3s',
      `--out=prometheus-rw=${prometheusUrl}/api/v1/write`,
      `--out=influxdb=${influxUrl}/load`,
      '--out-interval=2s',
    ];
    // With a rate, so that there is a pacer lag.
    const streamed = streamWorkspace.run([
      'load',
      join(ROOT, 'examples', 'scenarios', 'chat-completions.ts'),
      '--rate=3',
      '--duration=12s',
      '--tag=testid=streams',
      ...both,
    ]);
    const { code, err } = await workspace.run([
      'load',
      '--scenario=chat,memory',
      '--users=12',
      '--duration=30s',
      '--tag=testid=real',
      `--out=prometheus=:${page}`,
      ...(otlpUrl === undefined ? [] : [`--out=otlp=${otlpUrl}`]),
      '--trace=50%',
      '--out-native-histograms',
      '--out-locust-names',
      ...both,
    ]);
    expect([0, 98, 99], err).toContain(code);
    result = workspace.result();
    const { code: streamCode, err: streamErr } = await streamed;
    expect([0, 98, 99], streamErr).toContain(streamCode);
    streamResult = streamWorkspace.result();
  } finally {
    await mock.close();
  }
}, 120_000);

afterAll(async () => {
  await receivers.close();
  workspace.remove();
  streamWorkspace.remove();
});

const endOf = (): number => Date.parse(result.run.endedAt) / 1000;

/** The run as somebody sees it who looks at its end and a minute later. */
function shown(): Shown {
  const start = Date.parse(result.run.startedAt) / 1000;
  return { testid: TESTID, server, start, end: endOf() + 8, looks: [endOf(), endOf() + 60] };
}

/** Sums of the last values of a counter by the two ways into Prometheus. */
async function lastByJob(counter: string, selector = ''): Promise<Record<string, number>> {
  const rows = await prometheus.at(
    `sum by (job) (last_over_time(${counter}{testid="real"${selector}}[10m]))`,
  );
  return Object.fromEntries(rows.map(({ metric, value }) => [metric['job'] ?? '', Number(value?.[1])]));
}

const both = (value: number) => ({ 'jarvis-load': value, 'jarvis-load-page': value });

const GUIDE = readFileSync(join(ROOT, 'docs', 'guides', 'monitoring.md'), 'utf8');

/** Panels and queries with data as the table of the guide has them. */
function rowOfGuide({ name }: Dashboard): readonly string[] {
  const row = GUIDE.split('\n').find((line) => line.startsWith(`| \`${name}\` `)) ?? '';
  return row
    .split('|')
    .map((cell) => cell.trim())
    .slice(2, 4);
}

describe.skipIf(prometheusPath === undefined || influxd === undefined)(
  'a run in the real Prometheus, InfluxDB and OTLP receiver',
  () => {
    it('has the counts of the document, scraped and written', async () => {
      const { requests, failed } = result.totals;
      expect(requests).toBeGreaterThan(50);
      expect(failed).toBeGreaterThan(0);
      expect(await lastByJob('jarvis_load_requests_total')).toEqual(both(requests));
      expect(await lastByJob('jarvis_load_requests_total', ', outcome!="ok"')).toEqual(both(failed));
      expect(await lastByJob('jarvis_load_response_time_seconds_count')).toEqual(both(requests));
      expect(await lastByJob('k6_http_reqs_total')).toEqual(both(requests));
      expect(await lastByJob('jarvis_load_iterations_total', ', result="completed"')).toEqual(
        both(result.iterations.completed),
      );
      expect(await lastByJob('jarvis_load_received_bytes_total')).toEqual(
        both(result.operations.reduce((sum, { bytesReceived }) => sum + (bytesReceived ?? 0), 0)),
      );
      expect(result.notes.filter(({ code }) => code === 'output-failed')).toEqual([]);
    });

    it.skipIf(otlpReceiver === undefined)('has the counts of the document over OTLP', () => {
      const otlp = new ReceivedOtlp(received);
      const { requests, failed, serviceTime } = result.totals;
      expect(otlp.resource()).toMatchObject({
        'service.name': 'jarvis-load',
        'service.instance.id': result.run.id,
      });
      expect(otlp.attribute('http.client.request.duration', 'server.port')).toEqual([
        { intValue: new URL(result.target.url).port },
      ]);
      expect(otlp.first('jarvis_load.requests')).toBe(0);
      expect(otlp.last('jarvis_load.requests')).toBe(requests);
      expect(otlp.last('jarvis_load.requests', ({ outcome }) => outcome !== 'ok')).toBe(failed);
      expect(otlp.last('jarvis_load.response_time')).toBe(requests);
      // A request that was never sent has no service time.
      expect(otlp.last('http.client.request.duration')).toBe(serviceTime.count);
      const failures = otlp.last('http.client.request.duration', (labels) => 'error.type' in labels);
      expect(failures).toBeGreaterThan(0);
      expect(failures).toBeLessThanOrEqual(failed);
    });

    it('sent a traceparent with the share of the requests that --trace asks for', () => {
      expect(result.config).toMatchObject({ trace: 0.5 });
      const { requests } = result.totals;
      const traced = result.traces?.requests ?? 0;
      // Six standard deviations of a fair coin.
      expect(Math.abs(traced - requests / 2)).toBeLessThan(3 * Math.sqrt(requests));
      expect(result.errors.some(({ example }) => example.traceId !== undefined)).toBe(true);
    });

    it('begins with zeros, so that increase() misses no request', async () => {
      const rows = await prometheus.at(
        `sum by (job) (min_over_time(jarvis_load_requests_total{testid="real"}[10m]))`,
      );
      expect(rows.map(({ value }) => value?.[1])).toEqual(['0', '0']);
      // Each series of these begins with the first status or check.
      const late = await prometheus.at(
        `max by (job) (min_over_time({__name__=~"jarvis_load_(responses|checks)_total", testid="real"}[10m]))`,
      );
      expect(late.map(({ value }) => value?.[1])).toEqual(['0', '0']);
    });

    it('ends stale: nothing is shown as current after it', async () => {
      const rows = () => prometheus.at('count({testid="real"})', endOf() + 30);
      await vi.waitUntil(async () => (await rows()).length === 0, { timeout: 20_000, interval: 500 });
      expect(await rows()).toEqual([]);
    });

    it('has the verdict, and every threshold and objective as the document has it', async () => {
      const [verdict] = await prometheus.at(
        `max by (verdict) (last_over_time(jarvis_load_verdict{testid="real"}[10m])) == 1`,
      );
      expect(verdict?.metric['verdict']).toBe(result.verdict.status);
      const rows = await prometheus.at(
        `max by (operation, aspect) (last_over_time(jarvis_load_objective_ok{testid="real"}[10m]))`,
      );
      const shownAs = Object.fromEntries(
        rows.map(({ metric, value }) => [`${metric['operation']} ${metric['aspect']}`, value?.[1]]),
      );
      const judged = result.objectives.filter(({ status }) => status === 'pass' || status === 'fail');
      expect(judged.length).toBeGreaterThan(0);
      for (const { operation, aspect, status } of judged)
        expect(shownAs[`${operation} ${aspect}`]).toBe(status === 'pass' ? '1' : '0');
    });

    it('has the counts of the document in native histograms', async () => {
      // The highest, as they only grow: the last one is not what is found after the stale marker.
      const { start, end } = shown();
      const [counts] = await prometheus.over(
        'histogram_count(sum(k6_http_req_duration_seconds{testid="real"}))',
        start,
        end,
      );
      const highest = Math.max(...(counts?.values ?? []).map(([, value]) => Number(value)));
      // A request that was never sent has no service time.
      expect(highest).toBe(result.totals.serviceTime.count);
    });

    it('has the streams of the document', async () => {
      const { streams, tokens, goodput, gap } = streamResult.totals.streams!;
      expect(streams).toBeGreaterThan(3);
      const lastOf = async (counter: string) => {
        const [row] = await prometheus.at(`sum(last_over_time(${counter}{testid="streams"}[10m]))`);
        return Number(row?.value?.[1]);
      };
      expect(await lastOf('jarvis_load_streams_total')).toBe(streams);
      expect(await lastOf('jarvis_load_stream_tokens_total')).toBe(tokens);
      expect(await lastOf('jarvis_load_streams_good_total')).toBe(goodput?.good);
      expect(await lastOf('jarvis_load_stream_gap_seconds_count')).toBe(gap.count);
    });

    it.each([
      K6_DASHBOARD,
      K6_NATIVE_DASHBOARD,
      LOCUST_DASHBOARD,
      readDashboard('prometheus-run'),
      readDashboard('prometheus-target'),
    ])('answers the queries of dashboard $name with numbers, as the guide has it', async (dashboard) => {
      const coverage = await coverageOf(dashboard, (query) => answers(prometheus, query, shown()));
      expect(unexpected(coverage)).toEqual([]);
      expect(coverageCells(coverage)).toEqual(rowOfGuide(coverage.dashboard));
    });

    it('shows the figures and tables of the run after its end', async () => {
      const { panels } = readDashboard('prometheus-run');
      const instant = panels.filter(({ queries }) => queries.some(({ kind }) => kind === 'instant'));
      expect(instant.length).toBeGreaterThan(5);
      const after = { ...shown(), looks: [endOf() + 60] };
      const shownNow = await Promise.all(
        instant.map(({ queries }) => answers(prometheus, queries[0]!, after)),
      );
      expect(instant.filter((_, place) => !shownNow[place]).map(({ title }) => title)).toEqual(ONLY_DURING);
    });

    it.each([
      ['streams', 1],
      // Scraped, and written: the guide says so.
      ['real', 2],
    ])('shows the requests of the document in the figure of the dashboard: %s', async (testid, ways) => {
      const panel = readDashboard('prometheus-run').panels.find(({ title }) => title === 'Requests')!;
      const query = panel.queries[0]!.text.replaceAll('$testid', testid).replaceAll('$__range', '10m');
      const [row] = await prometheus.at(query);
      const { requests } = (testid === 'real' ? result : streamResult).totals;
      expect(Number(row?.value?.[1])).toBe(ways * requests);
    });

    it('would notice a query whose answer is a row without a number', async () => {
      const rows = await prometheus.over('vector(0) / vector(0)', shown().start, shown().end);
      expect(rows).toHaveLength(1);
      expect(hasNumber(rows)).toBe(false);
    });

    it('answers the queries of the dashboard for InfluxDB, and has the counts of the document', async () => {
      const coverage = await coverageOf(readDashboard('influxdb-run'), async ({ text }) =>
        hasValue(await influx.ask(filledInInflux(text, TESTID), 'load')),
      );
      expect(unexpected(coverage)).toEqual([]);
      expect(coverageCells(coverage)).toEqual(rowOfGuide(coverage.dashboard));
      const { requests, failed } = result.totals;
      expect(await influx.sums('jarvis_load_operation', ['requests', 'failed'], 'real', 'load')).toEqual([
        requests,
        failed,
      ]);
    });
  },
);
