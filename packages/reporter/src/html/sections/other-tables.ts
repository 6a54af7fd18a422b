import {
  formatCount,
  formatMeasure,
  formatShare,
  type MetricResult,
  type RunResult,
} from '@jarvis-load/engine/result';
import type { HtmlTable } from '../table-model.ts';

const NOT_KNOWN = 'not known';

/** Checks with their passes and fails. */
export function checksTable(result: RunResult): HtmlTable {
  return {
    caption: 'Checks and how often they held',
    sortable: true,
    columns: [
      { title: 'Check' },
      { title: 'Scenario' },
      { title: 'Held', numeric: true },
      { title: 'Passed', numeric: true },
      { title: 'Failed', numeric: true },
    ],
    rows: result.checks.map(({ name, scenario, passes, fails }) => {
      const total = passes + fails;
      const status = total === 0 ? 'no-data' : fails > 0 ? 'fail' : 'pass';
      return {
        cells: [
          { text: name, status },
          { text: scenario },
          {
            text: total === 0 ? 'no data' : formatShare(passes / total),
            sort: total === 0 ? -1 : passes / total,
          },
          { text: formatCount(passes), sort: passes },
          { text: formatCount(fails), sort: fails, tone: fails > 0 ? 'fail' : 'muted' },
        ],
      };
    }),
  };
}

/** Custom metrics with the values of their kind. */
export function metricsTable(result: RunResult): HtmlTable {
  return {
    caption: 'Metrics with their values',
    columns: [{ title: 'Metric' }, { title: 'Scenario' }, { title: 'Kind' }, { title: 'Values' }],
    rows: result.metrics.map((metric) => ({
      cells: [
        { text: metric.name, code: true },
        { text: metric.scenario ?? 'all' },
        { text: metric.kind },
        {
          text: metricValues(metric),
          ...(metric.rejected > 0
            ? { sub: `${formatCount(metric.rejected)} values rejected: negative or not finite` }
            : {}),
        },
      ],
    })),
  };
}

/** Scenarios with their executors and the counts of their iterations. */
export function scenariosTable(result: RunResult): HtmlTable {
  const numeric = (title: string) => ({ title, numeric: true });
  return {
    caption: 'Scenarios and their iterations',
    columns: [
      { title: 'Scenario' },
      { title: 'Executor' },
      { title: 'Model' },
      numeric('Most users'),
      numeric('Planned'),
      numeric('Completed'),
      numeric('Failed'),
      numeric('Dropped'),
      numeric('Interrupted'),
    ],
    rows: result.scenarios.map(({ name, description, executor, model, maxUsers, iterations }) => ({
      cells: [
        { text: name, ...(description === undefined ? {} : { sub: description }) },
        { text: typeof executor['kind'] === 'string' ? executor['kind'] : NOT_KNOWN, code: true },
        { text: model ?? NOT_KNOWN },
        ...[
          maxUsers,
          iterations.planned,
          iterations.completed,
          iterations.failed,
          iterations.dropped,
          iterations.interrupted,
        ].map((value) => ({ text: value === null ? NOT_KNOWN : formatCount(value) })),
      ],
    })),
  };
}

function metricValues({ kind, unit, values }: MetricResult): string {
  return Object.entries(values)
    .map(([name, value]) => `${name} ${formatMeasure(value, unitOf(kind, unit, name))}`)
    .join(' · ');
}

function unitOf(kind: MetricResult['kind'], unit: string, value: string): string {
  if (kind === 'rate') return value === 'rate' ? 'share' : 'count';
  if (value === 'count' && kind === 'trend') return 'count';
  if (kind === 'counter' && value === 'rate') return 'per second';
  return unit === '' && kind === 'counter' ? 'count' : unit;
}
