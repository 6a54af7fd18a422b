import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { spawnMock } from '@jarvis-load/mock-jarvis';
import type { RunResult } from '@jarvis-load/engine';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { requirePeer } from '../../../tools/peers/require-peer.ts';
import { Workspace } from './support/cli.ts';
import { ReceivedOtlp } from './support/received-otlp.ts';
import { K6_DASHBOARD_QUERIES, K6_NATIVE_DASHBOARD_QUERIES } from './support/k6-dashboard.ts';

const prometheus = requirePeer('prometheus');
const influxd = requirePeer('influxd');
const otlpReceiver = requirePeer('otlp-receiver');
const DASHBOARDS = join(import.meta.dirname, '..', '..', '..', 'packages', 'outputs', 'dashboards');

const workspace = new Workspace();
/** Of a run with streamed responses beside the other. */
const streamWorkspace = new Workspace();
const folder = mkdtempSync(join(tmpdir(), 'outputs-real-'));
const children: ChildProcess[] = [];
let result: RunResult;
let streamResult: RunResult;
let prometheusUrl = '';
let influxUrl = '';
const received = join(folder, 'otlp.ndjson');

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** @param out file of its standard output. @param status of `ready` */
async function startServer(
  program: string,
  args: readonly string[],
  ready: string,
  { out = '/dev/null', status = [200, 204] } = {},
): Promise<void> {
  const file = openSync(out, 'w');
  children.push(spawn(program, args, { cwd: folder, stdio: ['ignore', file, 'ignore'] }));
  closeSync(file);
  const answered = async () => (await fetch(ready).catch(() => undefined))?.status ?? 0;
  await vi.waitUntil(async () => status.includes(await answered()), {
    timeout: 30_000,
    interval: 100,
  });
}

beforeAll(async () => {
  if (prometheus === undefined || influxd === undefined) return;
  const [web, page, http, rpc] = [await freePort(), await freePort(), await freePort(), await freePort()];
  const otlpUrl = `http://127.0.0.1:${await freePort()}`;
  const mock = await spawnMock({ preset: 'flaky', settings: ['seed=7'] });
  prometheusUrl = `http://127.0.0.1:${web}`;
  influxUrl = `http://127.0.0.1:${http}`;
  const jobs = { 'jarvis-load-page': `127.0.0.1:${page}`, target: new URL(mock.url).host };
  writeFileSync(
    join(folder, 'prometheus.yml'),
    `global: { scrape_interval: 1s }\nscrape_configs:\n${Object.entries(jobs)
      .map(([job, host]) => `  - { job_name: ${job}, static_configs: [{ targets: ['${host}'] }] }\n`)
      .join('')}`,
  );
  const path = (name: string) => join(folder, name);
  writeFileSync(
    join(folder, 'influxdb.conf'),
    `reporting-disabled = true\nbind-address = "127.0.0.1:${rpc}"\n[meta]\ndir = "${path('meta')}"\n[data]\ndir = "${path('data')}"\nwal-dir = "${path('wal')}"\n[http]\nbind-address = "127.0.0.1:${http}"\nlog-enabled = false\n`,
  );
  await Promise.all([
    startServer(
      prometheus,
      [
        '--config.file=prometheus.yml',
        '--storage.tsdb.path=tsdb',
        `--web.listen-address=127.0.0.1:${web}`,
        '--web.enable-remote-write-receiver',
        '--enable-feature=native-histograms',
      ],
      `${prometheusUrl}/-/ready`,
    ),
    startServer(influxd, ['-config', 'influxdb.conf'], `${influxUrl}/ping`),
    ...(otlpReceiver === undefined
      ? []
      : [
          // A GET is answered with 405.
          startServer(otlpReceiver, [`-endpoint=${new URL(otlpUrl).host}`], `${otlpUrl}/v1/metrics`, {
            out: received,
            status: [405],
          }),
        ]),
  ]);
  try {
    const streamed = streamWorkspace.run([
      'load',
      join(import.meta.dirname, '..', '..', '..', 'examples', 'scenarios', 'chat-completions.ts'),
      `--target=${mock.url}`,
      '--users=3',
      '--duration=12s',
      '--tag=testid=streams',
      '--quiet',
      `--out=prometheus-rw=${prometheusUrl}/api/v1/write`,
      `--out=influxdb=${influxUrl}/load`,
      '--out-interval=2s',
    ]);
    const { code, err } = await workspace.run([
      'load',
      `--target=${mock.url}`,
      '--scenario=chat,memory',
      '--users=12',
      '--duration=15s',
      '--tag=testid=real',
      '--quiet',
      `--out=prometheus=:${page}`,
      `--out=prometheus-rw=${prometheusUrl}/api/v1/write`,
      `--out=influxdb=${influxUrl}/load`,
      ...(otlpReceiver === undefined ? [] : [`--out=otlp=${otlpUrl}`]),
      '--trace=50%',
      '--out-interval=2s',
      '--out-native-histograms',
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
  for (const child of children) {
    child.kill();
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  }
  workspace.remove();
  streamWorkspace.remove();
  rmSync(folder, { recursive: true, force: true });
});

interface Answer {
  readonly data: {
    readonly result: readonly {
      readonly metric: Record<string, string>;
      readonly value?: readonly [number, string];
      readonly values?: readonly (readonly [number, string])[];
    }[];
  };
}

async function ask(
  path: string,
  parameters: Readonly<Record<string, string>>,
): Promise<Answer['data']['result']> {
  const response = await fetch(
    `${prometheusUrl}/api/v1/${path}?${new URLSearchParams(parameters).toString()}`,
  );
  expect(response.status, await response.clone().text()).toBe(200);
  return ((await response.json()) as Answer).data.result;
}

/** As Grafana asks for the time of the run. @param job one of the two ways into Prometheus */
async function overRun(expression: string): Promise<Answer['data']['result']> {
  const query = expression
    .replaceAll('$testid', 'real|streams')
    .replaceAll('$operation', '.*')
    .replaceAll('$__rate_interval', '8s')
    .replaceAll('$__range', '10m');
  const start = String(Date.parse(result.run.startedAt) / 1000);
  const end = String(Date.parse(result.run.endedAt) / 1000 + 8);
  return ask('query_range', { query, start, end, step: '1' });
}

/** Sums of the last values of a counter by the two ways into Prometheus. */
async function lastByJob(counter: string, selector = ''): Promise<Record<string, number>> {
  const rows = await ask('query', {
    query: `sum by (job) (last_over_time(${counter}{testid="real"${selector}}[10m]))`,
  });
  return Object.fromEntries(rows.map(({ metric, value }) => [metric['job'] ?? '', Number(value?.[1])]));
}

function queriesOf(dashboard: string): readonly string[] {
  const { panels } = JSON.parse(readFileSync(join(DASHBOARDS, `${dashboard}.json`), 'utf8')) as {
    panels: { title: string; targets?: { expr?: string; query?: string }[] }[];
  };
  return panels.flatMap(({ targets = [] }) => targets.map(({ expr, query }) => expr ?? query ?? ''));
}

const both = (value: number) => ({ 'jarvis-load': value, 'jarvis-load-page': value });

describe.skipIf(prometheus === undefined || influxd === undefined)(
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
      const rows = await ask('query', {
        query: `sum by (job) (min_over_time(jarvis_load_requests_total{testid="real"}[10m]))`,
      });
      expect(rows.map(({ value }) => value?.[1])).toEqual(['0', '0']);
    });

    it('ends stale: nothing is shown as current after it', async () => {
      const time = String(Date.parse(result.run.endedAt) / 1000 + 30);
      const rows = async () => ask('query', { query: 'count({testid="real"})', time });
      await vi.waitUntil(async () => (await rows()).length === 0, { timeout: 20_000, interval: 500 });
      expect(await rows()).toEqual([]);
    });

    it('has the verdict, and every threshold and objective as the document has it', async () => {
      const [verdict] = await ask('query', {
        query: `max by (verdict) (last_over_time(jarvis_load_verdict{testid="real"}[10m])) == 1`,
      });
      expect(verdict?.metric['verdict']).toBe(result.verdict.status);
      const rows = await ask('query', {
        query: `max by (operation, aspect) (last_over_time(jarvis_load_objective_ok{testid="real"}[10m]))`,
      });
      const shown = Object.fromEntries(
        rows.map(({ metric, value }) => [`${metric['operation']} ${metric['aspect']}`, value?.[1]]),
      );
      const judged = result.objectives.filter(({ status }) => status === 'pass' || status === 'fail');
      expect(judged.length).toBeGreaterThan(0);
      for (const { operation, aspect, status } of judged)
        expect(shown[`${operation} ${aspect}`]).toBe(status === 'pass' ? '1' : '0');
    });

    it.each(K6_DASHBOARD_QUERIES)('answers dashboard 19665: %s', async (query) => {
      expect((await overRun(query)).length).toBeGreaterThan(0);
    });

    it('answers dashboard 18030 from native histograms, with the counts of the document', async () => {
      const empty: string[] = [];
      for (const query of K6_NATIVE_DASHBOARD_QUERIES)
        if ((await overRun(query)).length === 0) empty.push(query);
      expect(empty).toEqual([]);
      // The highest, as they only grow: the last one is not what is found after the stale marker.
      const counts = await overRun('histogram_count(sum(k6_http_req_duration_seconds{testid="real"}))');
      const highest = Math.max(...(counts[0]?.values ?? []).map(([, value]) => Number(value)));
      // A request that was never sent has no service time.
      expect(highest).toBe(result.totals.serviceTime.count);
    });

    it('has the streams of the document', async () => {
      const { streams, tokens, goodput, gap } = streamResult.totals.streams!;
      expect(streams).toBeGreaterThan(3);
      const lastOf = async (counter: string) => {
        const [row] = await ask('query', {
          query: `sum(last_over_time(${counter}{testid="streams"}[10m]))`,
        });
        return Number(row?.value?.[1]);
      };
      expect(await lastOf('jarvis_load_streams_total')).toBe(streams);
      expect(await lastOf('jarvis_load_stream_tokens_total')).toBe(tokens);
      expect(await lastOf('jarvis_load_streams_good_total')).toBe(goodput?.good);
      expect(await lastOf('jarvis_load_stream_gap_seconds_count')).toBe(gap.count);
    });

    it.each(['prometheus-run', 'prometheus-target'])('answers every query of %s', async (dashboard) => {
      const empty: string[] = [];
      for (const query of queriesOf(dashboard)) if ((await overRun(query)).length === 0) empty.push(query);
      expect(empty).toEqual([]);
    });

    it('answers every query of the dashboard for InfluxDB, with the counts of the document', async () => {
      const query = async (text: string) => {
        const q = text
          .replaceAll('$timeFilter', 'time > now() - 1h')
          .replaceAll('$testid', 'real|streams')
          .replaceAll('$operation', '.*')
          .replaceAll('$__interval', '1s');
        const response = await fetch(
          `${influxUrl}/query?${new URLSearchParams({ db: 'load', q }).toString()}`,
        );
        const { results } = (await response.json()) as {
          results: { series?: { values: number[][] }[]; error?: string }[];
        };
        expect(results[0]?.error, q).toBeUndefined();
        return results[0]?.series ?? [];
      };
      const empty: string[] = [];
      // Users without a schedule have no pacer lag.
      const queries = queriesOf('influxdb-run').filter((text) => !text.includes('pacer_lag'));
      for (const text of queries) if ((await query(text)).length === 0) empty.push(text);
      expect(empty).toEqual([]);
      const [sums] = await query(
        `SELECT sum(requests), sum(failed) FROM jarvis_load_operation WHERE testid = 'real'`,
      );
      expect(sums?.values[0]?.slice(1)).toEqual([result.totals.requests, result.totals.failed]);
    });
  },
);
