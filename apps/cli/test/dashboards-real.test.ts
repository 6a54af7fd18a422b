import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { spawnMock } from '@jarvis-load/mock-jarvis';
import type { RunResult } from '@jarvis-load/engine';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { requirePeer } from '../../../tools/peers/require-peer.ts';
import { Workspace } from './support/cli.ts';
import { readDashboard } from './support/dashboards.ts';
import { filledInInflux, InfluxApi } from './support/influx-api.ts';
import { filledIn, PrometheusApi } from './support/prometheus-api.ts';
import { Receivers } from './support/receivers.ts';

const prometheusPath = requirePeer('prometheus');
const influxd = requirePeer('influxd');

/** Two scenarios with the same threshold; of one run it holds for both, of the other for one. */
const TEST_FILE = `
import { defineScenario } from '@jarvis-load/engine';
import { Type } from 'typebox';
export const settings = Type.Object({ fails: Type.Boolean({ default: false }) });
const scenario = (name, holds) => defineScenario({
  name,
  operations: ['GET /health'],
  thresholds: { checks: ['rate>0.5'] },
  async run(user) {
    const response = await user.get('/health');
    user.check(response, { holds: () => holds });
    await user.think(0.1);
  },
});
export default ({ fails }) => [scenario('steady', true), scenario('shaky', !fails)];
export const objectives = [{ operation: 'GET /health', p95Ms: 5000 }];
`;
const BOTH = { testid: '(judged-fails|judged-passes)', server: '.*' };
/** Run, scenario, and whether the threshold holds. */
const JUDGED = [
  'judged-fails shaky 0',
  'judged-fails steady 1',
  'judged-passes shaky 1',
  'judged-passes steady 1',
];
const VERDICTS = ['judged-fails fail', 'judged-passes pass'];

const receivers = new Receivers();
const workspaces: Workspace[] = [];
let prometheus: PrometheusApi;
let influx: InfluxApi;
let results: readonly RunResult[];

beforeAll(async () => {
  if (prometheusPath === undefined || influxd === undefined) return;
  const mock = await spawnMock({ preset: 'fast', settings: ['seed=7'] });
  try {
    const [prometheusUrl, influxUrl] = await Promise.all([
      receivers.prometheus(prometheusPath, {}),
      receivers.influxdb(influxd),
    ]);
    prometheus = new PrometheusApi(prometheusUrl);
    influx = new InfluxApi(influxUrl);
    results = await Promise.all(
      [true, false].map(async (fails) => {
        const workspace = new Workspace();
        workspaces.push(workspace);
        writeFileSync(join(workspace.directory, 'judged.js'), TEST_FILE);
        const { code, err } = await workspace.run([
          'load',
          './judged.js',
          `--target=${mock.url}`,
          '--users=4',
          '--duration=5s',
          '--quiet',
          `--set=fails=${fails}`,
          `--tag=testid=judged-${fails ? 'fails' : 'passes'}`,
          `--out=prometheus-rw=${prometheusUrl}/api/v1/write`,
          `--out=influxdb=${influxUrl}/load`,
          '--out-interval=1s',
        ]);
        expect(code, err).toBe(fails ? 99 : 0);
        return workspace.result();
      }),
    );
  } finally {
    await mock.close();
  }
}, 90_000);

afterAll(async () => {
  await receivers.close();
  for (const workspace of workspaces) workspace.remove();
});

const queriesOf = (dashboard: string, panel: string): readonly string[] =>
  readDashboard(dashboard)
    .panels.find(({ title }) => title === panel)!
    .queries.map(({ text }) => text);

const endsOf = (): readonly number[] => results.map(({ run }) => Date.parse(run.endedAt) / 1000);

/** Rows as words, in order. */
const sorted = (rows: readonly (readonly (string | number | null | undefined)[])[]): readonly string[] =>
  rows.map((row) => row.join(' ')).toSorted((one, other) => (one < other ? -1 : 1));

/** The rows of a panel: labels, then the value. */
async function inPrometheus(query = '', labels: readonly string[] = []) {
  const rows = await prometheus.at(filledIn(query, BOTH));
  return sorted(rows.map(({ metric, value }) => [...labels.map((label) => metric[label]), value?.[1]]));
}

/** The same: tags, then a column. */
async function inInflux(query = '', tags: readonly string[] = [], column = '') {
  const series = await influx.ask(filledInInflux(query, BOTH.testid), 'load');
  return sorted(
    series.map((one) => [
      ...tags.map((tag) => one.tags?.[tag]),
      one.values[0]?.[one.columns.indexOf(column)],
    ]),
  );
}

describe.skipIf(prometheusPath === undefined || influxd === undefined)('dashboards of two runs', () => {
  it('have a row for each threshold of each scenario and run, with its own status', async () => {
    const [, , ok] = queriesOf('prometheus-run', 'Thresholds');
    expect(await inPrometheus(ok, ['testid', 'scenario'])).toEqual(JUDGED);
    expect(await inPrometheus(queriesOf('prometheus-run', 'Failed thresholds')[0])).toEqual(['1']);
    const [points] = queriesOf('influxdb-run', 'Thresholds');
    const rows = await inInflux(points, ['testid', 'scenario'], 'status');
    expect(rows.map((row) => row.replace(/pass$/, '1').replace(/fail$/, '0'))).toEqual(JUDGED);
  });

  it('have a row for each objective of each run, and a verdict', async () => {
    const rows = ['judged-fails GET /health 5000', 'judged-passes GET /health 5000'];
    const [limit] = queriesOf('prometheus-run', 'Objectives');
    expect(await inPrometheus(limit, ['testid', 'operation'])).toEqual(
      rows.map((row) => row.replace('5000', '5')),
    );
    const [points] = queriesOf('influxdb-run', 'Objectives');
    expect(await inInflux(points, ['testid', 'operation'], 'limit')).toEqual(rows);
    const [verdict] = queriesOf('prometheus-run', 'Verdict');
    expect(await inPrometheus(verdict, ['testid', 'verdict'])).toEqual(VERDICTS.map((row) => `${row} 1`));
    const [written] = queriesOf('influxdb-run', 'Verdict');
    expect(await inInflux(written, ['testid'], 'verdict')).toEqual(VERDICTS);
  });

  it.each([15, 60])('mark start and end of each run, asked every %d s as Grafana does', async (step) => {
    // Grafana asks at multiples of the step.
    const start = Math.floor((Math.min(...endsOf()) - 120) / step) * step;
    const end = Math.ceil((Math.max(...endsOf()) + 60) / step) * step;
    for (const [name, times] of [
      ['Start', results.map(({ run }) => Date.parse(run.startedAt) / 1000)],
      ['End', endsOf()],
    ] as const) {
      const [query = ''] = queriesOf('prometheus-run', `annotation ${name}`);
      const rows = await prometheus.over(filledIn(query, BOTH), start, end, step);
      const seen = rows.map(({ values = [] }) => new Set(values.map(([, value]) => Number(value) / 1000)));
      expect(
        seen.map(({ size }) => size),
        name,
      ).toEqual([1, 1]);
      const marks = seen.flatMap((one) => [...one]);
      for (const time of times)
        expect(
          marks.some((mark) => Math.abs(mark - time) < 0.5),
          name,
        ).toBe(true);
    }
  });
});
