import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { influxDashboard } from '../dashboards/code/influxdb.ts';
import { runDashboard } from '../dashboards/code/prometheus.ts';
import { targetDashboard } from '../dashboards/code/target.ts';
import { RunMetrics } from '../src/metrics/run-metrics.ts';
import { madeResult, madeRun, madeSecond } from './support/made-run.ts';

const ROOT = join(import.meta.dirname, '..', '..', '..');
const RULES = join(ROOT, 'examples', 'monitoring', 'prometheus', 'rules.yml');
const DASHBOARDS = [
  ['prometheus-run', runDashboard],
  ['prometheus-target', targetDashboard],
  ['influxdb-run', influxDashboard],
] as const;

/** Every text of a dashboard that is a query. */
function queriesOf(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(queriesOf);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    (key === 'expr' || key === 'query') && typeof inner === 'string' ? [inner] : queriesOf(inner),
  );
}

describe('dashboards', () => {
  it.each(DASHBOARDS)(
    '%s.json is what its code makes (`npx vitest run test/dashboards.test.ts -u` writes it)',
    async (name, make) => {
      const text = `${JSON.stringify(make().build(), null, 2)}\n`;
      await expect(text).toMatchFileSnapshot(join(import.meta.dirname, '..', 'dashboards', `${name}.json`));
    },
  );

  it('of InfluxDB divide what is counted by the interval, which Grafana widens with the range of time', () => {
    const sums = queriesOf(influxDashboard().build()).flatMap(
      (query) => query.match(/sum\([^)]*\)[^,]*/g) ?? [],
    );
    const rates = sums.filter((sum) => !sum.includes('/ sum(') && !/^sum\("(judged|each)"\)/.test(sum));
    expect(rates.length).toBeGreaterThan(10);
    for (const sum of rates) expect(sum).toContain('* 1000 / $__interval_ms');
  });

  it('show what failed in one part of a run, and not in another', () => {
    const queries = queriesOf(runDashboard().build()).filter((query) =>
      /_(threshold|objective)_ok/.test(query),
    );
    expect(queries).toHaveLength(4);
    for (const query of queries) expect(query).toContain('min by (');
  });

  it('and the alerts of the example ask Prometheus only for series that a run has', () => {
    const run = madeRun();
    const operations = run.operations.map((operation) => ({ ...operation, stream: 'sse' as const }));
    const metrics = new RunMetrics({ ...run, operations }, 5000);
    metrics.add(madeSecond(0, 1e12));
    metrics.end(madeResult());
    const known = new Set(
      metrics
        .collect()
        .flatMap(({ name, type }) =>
          type === 'counter' ? [`${name}_total`] : type === 'histogram' ? [`${name}_bucket`] : [name],
        ),
    );
    // The made run has no objectives.
    for (const what of ['limit', 'value', 'ok']) known.add(`jarvis_load_objective_${what}`);
    const namesIn = (queries: readonly string[]): readonly string[] =>
      queries.flatMap((query) => query.match(/jarvis_load_\w+/g) ?? []);
    const alerts = namesIn(queriesOf(parse(readFileSync(RULES, 'utf8'))));
    expect(alerts.length).toBeGreaterThan(1);
    const asked = [
      ...namesIn([runDashboard, targetDashboard].flatMap((make) => queriesOf(make().build()))),
      ...alerts,
    ];
    expect(asked.length).toBeGreaterThan(30);
    expect(asked.filter((name) => !known.has(name))).toEqual([]);
  });
});
