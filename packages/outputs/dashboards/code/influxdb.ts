import { OUTCOMES } from '@jarvis-load/engine/outcome';
import {
  AnnotationQueryBuilder,
  DashboardBuilder,
  DashboardCursorSync,
  DatasourceVariableBuilder,
  QueryVariableBuilder,
  RowBuilder,
  VariableRefresh,
} from '@grafana/grafana-foundation-sdk/dashboard';
import { PanelBuilder as TablePanel } from '@grafana/grafana-foundation-sdk/table';
import { influx, perSecond, series, sumOfRuns } from './influx-query.ts';
import { chart, SOURCE, stacked } from './panels.ts';

/*
 * `influxdb-run.json`: `npx vitest run test/dashboards.test.ts -u` in `packages/outputs` writes it. Must hold: measurements,
 * fields and tags are those of `src/influxdb/influx-points.ts`; no unit test compares them, but every query is asked in a real InfluxDB
 * (`apps/cli/test/outputs-real.test.ts`). Times are milliseconds.
 */

/** Points are one second long: a shorter interval has gaps. Grafana takes a longer one where the range of time is wide. */
const SECOND = '1s';
const OPERATION = ' AND "operation" =~ /^$operation$/';

/** A row for each threshold or objective of each run. @param tags that tell them apart */
function judgements(title: string, measurement: string, tags: string): TablePanel {
  return lastOnes(title, 'As they stood last.', measurement, ['limit', 'value', 'status'], tags).span(12);
}

/** The last values of fields. @param tags that tell the rows apart */
function lastOnes(
  title: string,
  description: string,
  measurement: string,
  fields: readonly string[],
  tags: string,
): TablePanel {
  const columns = fields.map((field) => `last("${field}") AS "${field}"`).join(', ');
  return new TablePanel()
    .title(title)
    .description(description)
    .height(9)
    .datasource(SOURCE)
    .withTarget(
      influx(
        `SELECT ${columns} FROM "${measurement}" WHERE $timeFilter AND "testid" =~ /^$testid$/ GROUP BY ${tags}`,
        '',
        'table',
      ),
    );
}

/** The dashboard of a run in InfluxDB 1 (InfluxQL), whose points are aggregates of a second. */
export function influxDashboard(): DashboardBuilder {
  const variable = (name: string, query: string) =>
    new QueryVariableBuilder(name)
      .query(query)
      .datasource(SOURCE)
      .refresh(VariableRefresh.OnTimeRangeChanged)
      .multi(true)
      .includeAll(true)
      .allValue('.*');
  /** @param aspect of the objectives whose limits are drawn as well */
  const times = (measurement: string) => (title: string, field: string, span: number, aspect?: string) =>
    chart(
      title,
      `Of each second; the highest of an interval where several seconds share a point${aspect === undefined ? '' : '; with the limits of the objectives'}.`,
      'ms',
      span,
      [
        influx(series(`max("${field}")`, measurement, ['operation'], OPERATION), '$tag_operation'),
        ...(aspect === undefined ? [] : [limits(aspect)]),
      ],
    );
  const limits = (aspect: string) =>
    influx(
      series(
        'last("limit")',
        'jarvis_load_objective',
        ['operation'],
        `${OPERATION} AND "aspect" = '${aspect}'`,
      ),
      'objective $tag_operation',
    );
  const latency = times('jarvis_load_operation');
  const streams = times('jarvis_load_stream');
  return new DashboardBuilder('jarvis-load: run (InfluxDB)')
    .uid('jarvis-load-influxdb')
    .tags(['jarvis-load'])
    .refresh('5s')
    .time({ from: 'now-15m', to: 'now' })
    .timezone('browser')
    .tooltip(DashboardCursorSync.Crosshair)
    .withVariable(new DatasourceVariableBuilder('source').label('InfluxDB').type('influxdb'))
    .withVariable(
      variable('testid', 'SHOW TAG VALUES FROM "jarvis_load_event" WITH KEY = "testid"').label('Run'),
    )
    .withVariable(
      variable('operation', 'SHOW TAG VALUES FROM "jarvis_load_operation" WITH KEY = "operation"').label(
        'Operation',
      ),
    )
    .annotation(
      new AnnotationQueryBuilder()
        .name('Start and end')
        .datasource(SOURCE)
        .enable(true)
        .iconColor('blue')
        .target(
          influx(
            'SELECT "title", "text" FROM "jarvis_load_event" WHERE $timeFilter AND "testid" =~ /^$testid$/',
            '',
            'table',
          ),
        ),
    )
    .withRow(new RowBuilder('Verdict'))
    .withPanel(
      lastOnes(
        'Verdict',
        'After the end of the run.',
        'jarvis_load_verdict',
        ['verdict', 'reasons'],
        '"testid", "run_id"',
      )
        .span(24)
        .height(5),
    )
    .withPanel(
      judgements(
        'Thresholds',
        'jarvis_load_threshold',
        '"testid", "run_id", "metric", "expression", "scenario"',
      ),
    )
    .withPanel(judgements('Objectives', 'jarvis_load_objective', '"testid", "run_id", "operation", "aspect"'))
    .withRow(new RowBuilder('Latency'))
    .withPanel(latency('Response time, p95', 'response_p95_ms', 12, 'p95'))
    .withPanel(latency('Response time, p99', 'response_p99_ms', 12, 'p99'))
    .withPanel(latency('Service time, p95', 'service_p95_ms', 12))
    .withPanel(latency('Queue wait, p95', 'queue_wait_p95_ms', 12))
    .withRow(new RowBuilder('Streams'))
    .withPanel(streams('Time to first token, p95', 'ttft_p95_ms', 8))
    .withPanel(streams('Time to last token, p95', 'ttlt_p95_ms', 8))
    .withPanel(streams('Longest gap, p99', 'longest_gap_p99_ms', 8))
    .withPanel(
      chart('Tokens', 'Per second.', 'short', 12, [
        influx(series(perSecond('tokens'), 'jarvis_load_stream', ['operation'], OPERATION), '$tag_operation'),
      ]).interval(SECOND),
    )
    .withPanel(
      chart('Good streams', 'Share of the ended streams that met every objective.', 'percentunit', 12, [
        influx(
          series('sum("good") / sum("judged")', 'jarvis_load_stream', ['operation'], OPERATION),
          '$tag_operation',
        ),
      ]),
    )
    .withRow(new RowBuilder('Load'))
    .withPanel(
      stacked('Requests by outcome', 'Per second.', 'reqps', 12, [
        influx(
          series(
            OUTCOMES.map((outcome) => `${perSecond(outcome)} AS "${outcome}"`).join(', '),
            'jarvis_load_operation',
            [],
          ),
          '$col',
        ),
      ]).interval(SECOND),
    )
    .withPanel(
      chart('Requests by operation', 'Per second.', 'reqps', 12, [
        influx(
          series(perSecond('requests'), 'jarvis_load_operation', ['operation'], OPERATION),
          '$tag_operation',
        ),
      ]).interval(SECOND),
    )
    .withPanel(
      chart('Users', 'Active, and as planned.', 'short', 12, [
        influx(sumOfRuns('users', 'jarvis_load_scenario', 'scenario'), '$tag_scenario'),
        influx(sumOfRuns('users_target', 'jarvis_load_scenario', 'scenario'), '$tag_scenario planned'),
        // Parts write at times of their own: each has a point in such an interval.
      ]).interval('5s'),
    )
    .withPanel(
      chart('Iterations', 'Per second.', 'short', 12, [
        influx(
          series(
            ['completed', 'failed', 'dropped']
              .map((end) => `${perSecond(`iterations_${end}`)} AS "${end}"`)
              .join(', '),
            'jarvis_load_scenario',
            [],
          ),
          '$col',
        ),
      ]).interval(SECOND),
    )
    .withRow(new RowBuilder('Generator'))
    .withPanel(
      chart('Processor', 'Near 1, the machine limits the run.', 'percentunit', 8, [
        influx(series('max("event_loop_utilization")', 'jarvis_load_generator', []), 'event loop'),
        influx(series('max("machine_cpu_ratio")', 'jarvis_load_generator', []), 'all processors, run so far'),
        influx(series('max("machine_cpu_pressure_ratio")', 'jarvis_load_generator', []), 'CPU pressure'),
      ]),
    )
    .withPanel(
      chart('Memory of the generator', 'Resident; of parts of a run, the largest.', 'bytes', 8, [
        influx(series('max("resident_memory_bytes")', 'jarvis_load_generator', []), 'resident'),
      ]),
    )
    .withPanel(
      chart('Pacer lag', 'The longest of each second.', 'ms', 8, [
        influx(series('max("pacer_lag_max_ms")', 'jarvis_load_generator', []), 'pacer lag'),
      ]),
    );
}
