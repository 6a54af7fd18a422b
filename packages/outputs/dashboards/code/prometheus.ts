import { isFailure, OUTCOMES } from '@jarvis-load/engine/outcome';
import { BigValueTextMode } from '@grafana/grafana-foundation-sdk/common';
import {
  AnnotationQueryBuilder,
  DashboardBuilder,
  DashboardCursorSync,
  DatasourceVariableBuilder,
  QueryVariableBuilder,
  RowBuilder,
  VariableRefresh,
  VariableSort,
} from '@grafana/grafana-foundation-sdk/dashboard';
import { PanelBuilder as TablePanel } from '@grafana/grafana-foundation-sdk/table';
import { chart, figure, SOURCE, stacked } from './panels.ts';
import { last, lastOf, OPERATION, over, quantile, rate, RUN, table } from './prometheus-queries.ts';

/*
 * The dashboard of a run, and what all dashboards for Prometheus share. Must hold:
 * - `dashboards/*.json` are what this code makes: `npx vitest run test/dashboards.test.ts -u` in `packages/outputs` writes them.
 * - Queries ask for series of `src/metrics`, counters with `_total` (a test compares them); times are seconds.
 * - Variables `$source`, `$testid` and `$operation` are made by `prometheusDashboard`; each query of a run selects by `RUN`.
 */

const NOT_FAILED = OUTCOMES.filter((outcome) => !isFailure(outcome)).join('|');

/** Time series of one threshold or objective of one run, joined into one row. @param labels that tell them apart */
function judgements(title: string, kind: 'threshold' | 'objective', labels: string): TablePanel {
  const what = [
    ['limit', 'A'],
    ['value', 'B'],
    ['ok', 'C'],
  ] as const;
  const panel = new TablePanel()
    .title(title)
    .description(
      'As they stand at the end of the time range. ok: 1 holds, 0 failed, empty or NaN: not decided, such as no data or too few samples.',
    )
    .span(12)
    .height(9)
    .datasource(SOURCE)
    .withTransformation({ id: 'merge', options: {} })
    .withTransformation({
      id: 'organize',
      options: {
        excludeByName: { Time: true },
        renameByName: Object.fromEntries(what.map(([name, refId]) => [`Value #${refId}`, name])),
      },
    });
  for (const [name, refId] of what) {
    // Of parts of a run that judge differently, the one that failed.
    const worst = name === 'ok' ? 'min' : 'max';
    panel.withTarget(table(`${worst} by (${labels}) (${lastOf(`jarvis_load_${kind}_${name}`, RUN)})`, refId));
  }
  return panel;
}

/** A choice of the values of a label. @param query in Grafana's words, such as `label_values(up, instance)` */
export function variable(name: string, query: string): QueryVariableBuilder {
  return new QueryVariableBuilder(name)
    .query(query)
    .datasource(SOURCE)
    .refresh(VariableRefresh.OnTimeRangeChanged)
    .sort(VariableSort.AlphabeticalDesc)
    .multi(true)
    .includeAll(true)
    .allValue('.*');
}

/** Variables and annotations of dashboards for Prometheus. */
export function prometheusDashboard(title: string, uid: string): DashboardBuilder {
  const annotation = (name: string, series: string, color: string) =>
    new AnnotationQueryBuilder()
      .name(name)
      .datasource(SOURCE)
      .enable(true)
      .iconColor(color)
      // Grafana asks every 60 s, and the series of the end is there for one push.
      .expr(`max by (testid) (${lastOf(series, RUN)}) * 1000`)
      .useValueForTime(true)
      .titleFormat(name)
      .textFormat('{{testid}}');
  return new DashboardBuilder(title)
    .uid(uid)
    .tags(['jarvis-load'])
    .refresh('5s')
    .time({ from: 'now-15m', to: 'now' })
    .timezone('browser')
    .tooltip(DashboardCursorSync.Crosshair)
    .withVariable(new DatasourceVariableBuilder('source').label('Prometheus').type('prometheus'))
    .withVariable(variable('testid', 'label_values(jarvis_load_run_info, testid)').label('Run'))
    .withVariable(
      variable('operation', `label_values(jarvis_load_requests_total{${RUN}}, operation)`).label('Operation'),
    )
    .annotation(annotation('Start', 'jarvis_load_run_start_time_seconds', 'blue'))
    .annotation(annotation('End', 'jarvis_load_run_end_time_seconds', 'purple'));
}

const RESPONSE = 'jarvis_load_response_time_seconds';
const objective = (aspect: string): ReturnType<typeof over> =>
  over(
    `max by (operation) (jarvis_load_objective_limit{${OPERATION}, aspect="${aspect}"})`,
    `objective {{operation}}`,
  );

/** The dashboard of a run in Prometheus. */
export function runDashboard(): DashboardBuilder {
  return prometheusDashboard('jarvis-load: run', 'jarvis-load-run')
    .withRow(new RowBuilder('Verdict'))
    .withPanel(
      figure(
        'Verdict',
        'After the end of the run.',
        'string',
        4,
        last(
          `max by (testid, verdict) (${lastOf('jarvis_load_verdict', RUN)}) == 1`,
          '{{verdict}}: {{testid}}',
        ),
        // The value is always 1.
      ).textMode(BigValueTextMode.Name),
    )
    .withPanel(
      figure(
        'Failed thresholds',
        'As they stand.',
        'short',
        4,
        last(
          `count(min by (testid, metric, expression, scenario) (${lastOf('jarvis_load_threshold_ok', RUN)}) == 0) or vector(0)`,
        ),
      ),
    )
    .withPanel(
      figure(
        'Failed objectives',
        'As they stand.',
        'short',
        4,
        last(
          `count(min by (testid, operation, aspect) (${lastOf('jarvis_load_objective_ok', RUN)}) == 0) or vector(0)`,
        ),
      ),
    )
    .withPanel(
      figure('Requests', 'Completed.', 'short', 4, last(`sum(${lastOf('jarvis_load_requests_total', RUN)})`)),
    )
    .withPanel(
      figure(
        'Failed share',
        'Of all completed requests.',
        'percentunit',
        4,
        last(
          `sum(${lastOf('jarvis_load_requests_total', `${RUN}, outcome!~"${NOT_FAILED}"`)}) / sum(${lastOf('jarvis_load_requests_total', RUN)})`,
        ),
      ),
    )
    .withPanel(
      figure('Users', 'Active, while the run is on.', 'short', 4, last(`sum(jarvis_load_users{${RUN}})`)),
    )
    .withPanel(judgements('Thresholds', 'threshold', 'testid, metric, expression, scenario, unit'))
    .withPanel(judgements('Objectives', 'objective', 'testid, operation, aspect'))
    .withRow(new RowBuilder('Latency'))
    .withPanel(
      chart(
        'Response time, p95',
        'From the intended start, of answers with outcome ok, from merged histograms; with the limits of the objectives.',
        's',
        12,
        [
          over(quantile(0.95, RESPONSE, `${OPERATION}, result="ok"`, 'operation'), '{{operation}}'),
          objective('p95'),
        ],
      ),
    )
    .withPanel(
      chart('Response time, p99', 'As p95.', 's', 12, [
        over(quantile(0.99, RESPONSE, `${OPERATION}, result="ok"`, 'operation'), '{{operation}}'),
        objective('p99'),
      ]),
    )
    .withPanel(
      chart(
        'Response time and service time, p95',
        'From the intended start, and from the first byte sent. The difference is waiting for a user or a connection.',
        's',
        12,
        [
          over(quantile(0.95, RESPONSE, OPERATION, ''), 'response time'),
          over(quantile(0.95, 'jarvis_load_service_time_seconds', OPERATION, ''), 'service time'),
        ],
      ),
    )
    .withPanel(
      chart('Response time of the last window', 'Quantiles at three digits; not to be averaged.', 's', 12, [
        over(
          `max by (operation, q) (jarvis_load_response_time_window_seconds{${OPERATION}, q=~"0.5|0.95|1"})`,
          '{{operation}} {{q}}',
        ),
      ]),
    )
    .withRow(new RowBuilder('Streams'))
    .withPanel(
      chart(
        'Time to first token, p95',
        'From the intended start, and from the first byte sent, from merged histograms.',
        's',
        12,
        [
          over(quantile(0.95, 'jarvis_load_stream_ttft_seconds', OPERATION, 'operation'), '{{operation}}'),
          over(
            quantile(0.95, 'jarvis_load_stream_ttft_sent_seconds', OPERATION, 'operation'),
            '{{operation}}, from the send',
          ),
        ],
      ),
    )
    .withPanel(
      chart('Time to last token, p95', 'From the intended start, of complete responses.', 's', 12, [
        over(quantile(0.95, 'jarvis_load_stream_ttlt_seconds', OPERATION, 'operation'), '{{operation}}'),
      ]),
    )
    .withPanel(
      chart('Gaps between chunks, p99', 'Of all gaps, and of the longest gap of each stream.', 's', 8, [
        over(quantile(0.99, 'jarvis_load_stream_gap_seconds', OPERATION, 'operation'), '{{operation}}'),
        over(
          quantile(0.99, 'jarvis_load_stream_longest_gap_seconds', OPERATION, 'operation'),
          '{{operation}}, longest',
        ),
      ]),
    )
    .withPanel(
      chart('Tokens', 'Per second.', 'short', 8, [
        over(rate('jarvis_load_stream_tokens_total', OPERATION, 'operation'), '{{operation}}'),
      ]),
    )
    .withPanel(
      chart('Good streams', 'Share of the ended streams that met every objective.', 'percentunit', 8, [
        over(
          `${rate('jarvis_load_streams_good_total', OPERATION, 'operation')} / ${rate('jarvis_load_streams_judged_total', OPERATION, 'operation')}`,
          '{{operation}}',
        ),
      ]),
    )
    .withRow(new RowBuilder('Load'))
    .withPanel(
      stacked('Requests by outcome', 'Per second.', 'reqps', 12, [
        over(rate('jarvis_load_requests_total', OPERATION, 'outcome'), '{{outcome}}'),
      ]),
    )
    .withPanel(
      chart('Requests by operation', 'Per second.', 'reqps', 12, [
        over(rate('jarvis_load_requests_total', OPERATION, 'operation'), '{{operation}}'),
      ]),
    )
    .withPanel(
      chart('Users', 'Active, and as planned.', 'short', 8, [
        over(`sum by (scenario) (jarvis_load_users{${RUN}})`, '{{scenario}}'),
        over(`sum by (scenario) (jarvis_load_users_target{${RUN}})`, '{{scenario}} planned'),
      ]),
    )
    .withPanel(
      chart('Iterations', 'Per second, by how they ended.', 'short', 8, [
        over(rate('jarvis_load_iterations_total', RUN, 'result'), '{{result}}'),
      ]),
    )
    .withPanel(
      chart('Checks that fail', 'Per second.', 'short', 8, [
        over(rate('jarvis_load_checks_total', `${RUN}, result="fail"`, 'check'), '{{check}}'),
      ]),
    )
    .withRow(new RowBuilder('Generator and machine'))
    .withPanel(
      chart(
        'Lateness, p99',
        'Queue wait is for a user or a connection; pacer lag is the generator itself.',
        's',
        8,
        [
          over(quantile(0.99, 'jarvis_load_queue_wait_seconds', RUN, ''), 'queue wait'),
          over(quantile(0.99, 'jarvis_load_pacer_lag_seconds', RUN, ''), 'pacer lag'),
          over(
            `max(jarvis_load_generator_event_loop_delay_p99_seconds{${RUN}})`,
            'event loop delay, run so far',
          ),
        ],
      ),
    )
    .withPanel(
      chart('Processor', 'Near 1, the machine limits the run.', 'percentunit', 8, [
        over(`max(jarvis_load_generator_event_loop_utilization{${RUN}})`, 'event loop of the generator'),
        over(`max(jarvis_load_machine_cpu_ratio{${RUN}})`, 'all processors, run so far'),
        over(`max(jarvis_load_machine_cpu_wait_ratio{${RUN}})`, 'waiting for a processor'),
        over(`max(jarvis_load_machine_cpu_pressure_ratio{${RUN}})`, 'CPU pressure'),
      ]),
    )
    .withPanel(
      chart('Memory of the generator', 'Resident.', 'bytes', 8, [
        over(`max by (testid) (jarvis_load_generator_resident_memory_bytes{${RUN}})`, '{{testid}}'),
      ]),
    );
}
