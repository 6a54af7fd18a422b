import { spawnMock, type SpawnedMock } from '@jarvis-load/mock-jarvis';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { requirePeer } from '../../../tools/peers/require-peer.ts';
import { Workspace } from './support/cli.ts';
import { coverageOf, readDashboard } from './support/dashboards.ts';
import { filledInInflux, hasValue, InfluxApi } from './support/influx-api.ts';
import { Receivers } from './support/receivers.ts';

const influxd = requirePeer('influxd-1.8');
const victoria = requirePeer('victoria-metrics');

const USER = 'loader';
const PASSWORD = 'only-of-this-test';
const RUN = ['load', '--scenario=memory', '--iterations=40', '--users=20', '--quiet'];

const receivers = new Receivers();
const workspaces: Workspace[] = [];
let mock: SpawnedMock;
beforeAll(async () => {
  mock = await spawnMock({ preset: 'typical', settings: ['seed=7'] });
});
afterAll(async () => {
  await mock.close();
  await receivers.close();
  for (const workspace of workspaces) workspace.remove();
});

/** @returns the document of a run with these outputs */
async function run(outputs: readonly string[], environment: Readonly<Record<string, string>> = {}) {
  const workspace = new Workspace();
  workspaces.push(workspace);
  const args = [...RUN, `--target=${mock.url}`, ...outputs.map((output) => `--out=${output}`)];
  const { code, err } = await workspace.run(args, environment);
  expect([0, 98, 99], err).toContain(code);
  return workspace.result();
}

const lossesOf = ({ notes }: Awaited<ReturnType<typeof run>>): readonly string[] =>
  notes.filter(({ code }) => code === 'output-failed').map(({ text }) => text);

describe.skipIf(influxd === undefined)('the API of InfluxDB 2 in the real InfluxDB 1.8', () => {
  it('takes a run with org, bucket and token, with the counts of the document; a wrong token loses it all', async () => {
    const url = await receivers.influxdb(influxd!, { authenticate: true });
    const influx = new InfluxApi(url, { authorization: `Token ${USER}:${PASSWORD}` });
    const post = (q: string, headers = {}) =>
      fetch(`${url}/query`, { method: 'POST', body: new URLSearchParams({ q }), headers });
    await post(`CREATE USER ${USER} WITH PASSWORD '${PASSWORD}' WITH ALL PRIVILEGES`);
    await influx.ask('CREATE DATABASE load', '');
    const output = `influxdb=${url}?org=team&bucket=load/autogen`;
    const [taken, refused] = await Promise.all([
      run([output], { JARVIS_LOAD_OUT_INFLUXDB_TOKEN: `${USER}:${PASSWORD}` }),
      run([output], { JARVIS_LOAD_OUT_INFLUXDB_TOKEN: `${USER}:wrong` }),
    ]);
    expect(lossesOf(taken)).toEqual([]);
    expect(lossesOf(refused)).toEqual([
      expect.stringMatching(/^influxdb: .*\b([\d,]+) of \1 points lost, receiver answered 401/),
    ]);
    const { requests, failed } = taken.totals;
    expect(requests).toBeGreaterThan(20);
    const fields = ['requests', 'failed'];
    expect(await influx.sums('jarvis_load_operation', fields, taken.run.id, 'load')).toEqual([
      requests,
      failed,
    ]);
    expect(await influx.sums('jarvis_load_operation', fields, refused.run.id, 'load')).toEqual([]);
    // The run has no streams and no schedule.
    const { panels, name } = readDashboard('influxdb-run');
    const plain = panels.filter(({ queries }) =>
      queries.every(({ text }) => !/jarvis_load_stream|pacer_lag/.test(text)),
    );
    const coverage = await coverageOf({ name, panels: plain }, async ({ text }) =>
      hasValue(await influx.ask(filledInInflux(text, taken.run.id), 'load')),
    );
    expect(plain.length).toBeGreaterThan(10);
    expect(coverage.empty.map(({ text }) => text)).toEqual([]);
  });
});

describe.skipIf(victoria === undefined)('the real VictoriaMetrics', () => {
  it('takes a run by the API of InfluxDB 2 and by remote write, with the counts of the document', async () => {
    const url = await receivers.victoriaMetrics(victoria!);
    const {
      run: info,
      totals,
      notes,
    } = await run([`influxdb=${url}?org=team&bucket=load`, `prometheus-rw=${url}/api/v1/write`]);
    expect(notes.filter(({ code }) => code === 'output-failed')).toEqual([]);
    expect(totals.requests).toBeGreaterThan(20);
    const end = new Date(Date.now() + 3_600_000).toISOString();
    const written = async (metric: string): Promise<readonly (readonly number[])[]> => {
      const query = new URLSearchParams({ 'match[]': `${metric}{testid="${info.id}"}`, end });
      const response = await fetch(`${url}/api/v1/export?${query.toString()}`);
      const lines = (await response.text()).split('\n').filter((line) => line !== '');
      return lines.map((line) => (JSON.parse(line) as { values: (number | null)[] }).values.map(Number));
    };
    const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
    const ofSeconds = async (field: string) =>
      sum((await written(`jarvis_load_operation_${field}`)).map(sum));
    const ofCounter = async () =>
      sum((await written('jarvis_load_requests_total')).map((values) => Math.max(...values)));
    // It shows new points a second or so later.
    const { requests, failed } = totals;
    await vi.waitFor(
      async () =>
        expect([await ofSeconds('requests'), await ofSeconds('failed'), await ofCounter()]).toEqual([
          requests,
          failed,
          requests,
        ]),
      { timeout: 15_000, interval: 200 },
    );
  });
});
