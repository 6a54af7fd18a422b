/**
 * Runs of the same load over time as one HTML file.
 *
 * Must hold:
 * - The caller has sorted the runs by their start and has found `changes` in these runs: marks are placed by `at`.
 * - Texts are unescaped up to the template, which escapes them; only the markup of charts is inserted as it is.
 */
import { curveChart, type Hue, type Stroke } from '@jarvis-load/charts';
import { DEFAULT_TOLERANCES, figureOf, type Change, type Metric, type Tolerance } from '@jarvis-load/compare';
import {
  formatCount,
  formatMeasure,
  formatNumber,
  formatShare,
  type OperationStats,
  type RunResult,
} from '@jarvis-load/engine/result';
import { formatTimestamp } from '../../format/time.ts';
import { loadAssets } from '../../html/assets.ts';
import { stillChart, type ChartView } from '../../html/chart-view.ts';
import { contentPolicy } from '../../html/content-policy.ts';
import type { HtmlTable } from '../../html/table-model.ts';
import { VERDICT_WORDS } from '../../view/status.ts';
import { busyRuns, type BusyRuns } from '../busy-runs.ts';
import { operationNames } from '../operation-names.ts';
import { METRIC_UNITS, METRIC_WORDS, withoutChart } from '../words.ts';

/** Most operations with a chart of their own: those that changed, then the others. */
const MOST_OPERATIONS = 24;

type NameOf = ReturnType<typeof operationNames>;
/** A figure and how it is drawn. */
type Line = readonly [metric: Metric, hue: Hue, stroke: Stroke];

/** The charts: one with the three response times, one for each other figure. `factor` is applied to the figure. */
const CHARTS: readonly {
  readonly id: string;
  readonly title: string;
  readonly heading: string;
  readonly lines: readonly Line[];
  readonly factor: number;
}[] = [
  {
    id: 'times',
    title: 'Response times of good answers',
    heading: 'ms, by run',
    lines: [
      ['p99', 'p99', 'dashed'],
      ['p95', 'p95', 'solid'],
      ['p50', 'p50', 'dotted'],
    ],
    factor: 1,
  },
  {
    id: 'errors',
    title: 'Failed requests',
    heading: '%, by run',
    lines: [['errors', 'server-error', 'solid']],
    factor: 100,
  },
  {
    id: 'throughput',
    title: 'Requests per second',
    heading: 'by run',
    lines: [['throughput', 'ok', 'solid']],
    factor: 1,
  },
];

/**
 * Runs of the same load over time as one HTML file: figures by run, with a line where one changed lastingly, and a table of the
 * runs. It has no script, and a Content-Security-Policy that forbids scripts and all requests.
 *
 * @param runs oldest first, at least one
 * @param notes what was left out
 * @param tolerance of p50, with which the changes were found
 * @throws {ReporterError} `assets_missing` when the package has not been built
 */
export function renderHistoryHtml(
  runs: readonly RunResult[],
  changes: readonly Change[],
  notes: readonly string[],
  tolerance: Tolerance = DEFAULT_TOLERANCES.p50,
): string {
  const { style, historyTemplate: template } = loadAssets();
  const [first, last] = [runs[0]!, runs.at(-1)!];
  const nameOf = operationNames(runs.flatMap(({ operations }) => operations));
  const busy = busyRuns(runs, nameOf, tolerance);
  const charted = operationCharts(runs, changes, nameOf, busy);
  const html = template({
    style,
    policy: contentPolicy(style),
    ...headOf(runs, changes, nameOf, busy),
    title: `History · ${formatCount(runs.length)} runs`,
    context: [
      `${formatTimestamp(first.run.startedAt)} to ${formatTimestamp(last.run.startedAt)} · ${last.target.name}`,
    ],
    changes: operationsFirst(changes).map((change) => ({
      sign: change.finding === 'worse' ? 'fail' : 'pass',
      text: changeText(change, nameOf(change)),
    })),
    charts: totalCharts(runs, changes, busy),
    operations: charted.charts,
    runs: runsTable(runs, changes, nameOf, busy),
    remarks: [
      `A lasting change needs at least ${busy.least} runs, about half of them before it. Vertical lines mark the first run of a new level; runs have the numbers of the table.`,
      ...busy.remarks,
      ...(charted.without === 0 ? [] : [withoutChart(charted.without)]),
      ...notes,
    ],
  });
  return `${html.trim()}\n`;
}

/** What the page says first. With too few runs that count it says that nothing can be told: the page is not green. */
function headOf(
  runs: readonly RunResult[],
  changes: readonly Change[],
  nameOf: NameOf,
  { counted, least, untold }: BusyRuns,
) {
  const latest = latestChanges(changes);
  if (latest.some(({ finding }) => finding === 'worse'))
    return { sign: 'fail', word: 'WORSE', sentence: sentenceOf(latest, nameOf) };
  if (latest.length > 0) return { sign: 'pass', word: 'BETTER', sentence: sentenceOf(latest, nameOf) };
  if (counted < least) {
    const sentence = `${formatCount(counted)} of ${formatCount(runs.length)} runs count; a lasting change shows in ${least} or more`;
    return { sign: 'warn', word: 'CANNOT TELL', sentence };
  }
  if (untold.length > 0) {
    const few = untold.length > 3 ? `${formatCount(untold.length)} operations` : untold.join(', ');
    const sentence = `No figure that can be told has a lasting change; of ${few} too few runs count`;
    return { sign: 'warn', word: 'NO LASTING CHANGE', sentence };
  }
  return { sign: 'pass', word: 'NO LASTING CHANGE', sentence: 'No figure has a lasting change' };
}

/** The last change of each figure: what became worse and then better again is no longer worse. */
function latestChanges(changes: readonly Change[]): readonly Change[] {
  const latest = new Map<string, Change>();
  for (const change of changes) {
    const key = [change.scenario, change.operation, change.metric].join('\n');
    if (change.at >= (latest.get(key)?.at ?? 0)) latest.set(key, change);
  }
  return [...latest.values()];
}

/** Changes of operations before those of the totals, which they may have caused. */
function operationsFirst(changes: readonly Change[]): readonly Change[] {
  return changes.toSorted((a, b) => Number(a.operation === '*') - Number(b.operation === '*'));
}

function sentenceOf(changes: readonly Change[], nameOf: NameOf): string {
  const of = (finding: Change['finding']): string[] => {
    const found = operationsFirst(changes).filter((change) => change.finding === finding);
    if (found.length === 0) return [];
    const names = [...new Set(found.map((change) => `${nameOf(change)} ${METRIC_WORDS[change.metric]}`))];
    const shown =
      names.length > 3 ? `${names.slice(0, 3).join(', ')} and ${names.length - 3} more` : names.join(', ');
    return [`lastingly ${finding}: ${shown}`];
  };
  const text = [...of('worse'), ...of('better')].join('; ');
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function changeText(change: Change, name: string): string {
  const { metric, before, after, finding, at, since } = change;
  const unit = METRIC_UNITS[metric];
  return `${name} ${METRIC_WORDS[metric]} ${finding} since run ${at + 1} (${since}): ${formatMeasure(before, unit)} → ${formatMeasure(after, unit)}, medians`;
}

function totalCharts(runs: readonly RunResult[], changes: readonly Change[], busy: BusyRuns): ChartView[] {
  const stats = runs.map(({ totals }) => totals);
  const own = changes.filter(({ operation }) => operation === '*');
  return CHARTS.flatMap(
    (chart) =>
      chartOf(
        chart,
        stats,
        marksOf(own, chart.lines),
        runs.map((run) => busy.isBusy(run)),
      ) ?? [],
  );
}

/** A chart for each operation: its response times. */
function operationCharts(
  runs: readonly RunResult[],
  changes: readonly Change[],
  nameOf: NameOf,
  busy: BusyRuns,
): { readonly charts: readonly ChartView[]; readonly without: number } {
  const found = new Map<string, { scenario: string; operation: string; changes: Change[] }>();
  for (const { scenario, operation } of runs.flatMap(({ operations }) => operations)) {
    const key = `${scenario}\n${operation}`;
    if (found.has(key)) continue;
    const own = changes.filter((each) => each.scenario === scenario && each.operation === operation);
    found.set(key, { scenario, operation, changes: own });
  }
  const [times] = CHARTS;
  if (times === undefined || found.size < 2) return { charts: [], without: 0 };
  const charts = [...found.values()]
    .toSorted((a, b) => b.changes.length - a.changes.length)
    .slice(0, MOST_OPERATIONS)
    .flatMap(({ scenario, operation, changes: own }, index) => {
      const stats = runs.map(({ operations }) =>
        operations.find((each) => each.scenario === scenario && each.operation === operation),
      );
      const described = { ...times, id: `operation-${index}`, title: nameOf({ scenario, operation }) };
      const marks = runs.map((run, at) => busy.isBusy(run, stats[at]));
      return chartOf(described, stats, marksOf(own, times.lines), marks) ?? [];
    });
  return { charts, without: Math.max(0, found.size - MOST_OPERATIONS) };
}

/** undefined: no run has a figure that counts. */
function chartOf(
  { id, title, heading, lines, factor }: (typeof CHARTS)[number],
  stats: readonly (OperationStats | undefined)[],
  marks: readonly number[],
  busy: readonly boolean[],
): ChartView | undefined {
  const curves = lines.map(([metric, hue, stroke]) => ({
    name: METRIC_WORDS[metric],
    hue,
    stroke,
    // Without those of a busy machine, whose line would show what the machine did.
    points: stats.map((each, index) => {
      const counts = each !== undefined && (busy[index] !== true || metric === 'errors');
      const figure = counts ? figureOf(each, metric) : null;
      return { x: index + 1, y: figure === null ? null : figure * factor };
    }),
  }));
  if (curves.every(({ points }) => points.every(({ y }) => y === null))) return undefined;
  const description = `${title} of ${stats.length} runs, by run. The table has the figures of all operations together.`;
  return stillChart(
    { id, title, caption: '' },
    curveChart({ description, title: heading, curves, marks, counts: true }),
    curves.length > 1 ? curves.map(({ name, hue, stroke }) => ({ name, hue, stroke })) : [],
  );
}

function marksOf(changes: readonly Change[], lines: readonly Line[]): number[] {
  const metrics = new Set(lines.map(([metric]) => metric));
  const starts = changes.filter(({ metric }) => metrics.has(metric)).map(({ at }) => at);
  // Between the last run of the old level and the first one of the new.
  return [...new Set(starts)].filter((start) => start > 0).map((start) => start + 0.5);
}

function runsTable(
  runs: readonly RunResult[],
  changes: readonly Change[],
  nameOf: NameOf,
  busy: BusyRuns,
): HtmlTable {
  const numeric = (title: string) => ({ title, numeric: true });
  return {
    caption: 'The runs, oldest first: response times of good answers in milliseconds',
    columns: [
      { title: 'Run' },
      numeric('No.'),
      { title: 'Started' },
      { title: 'Verdict' },
      numeric('Requests'),
      numeric('Req/s'),
      numeric('Failed'),
      numeric('p50'),
      numeric('p95'),
      numeric('p99'),
      { title: 'Changed' },
    ],
    rows: runs.map((result, index) => {
      const { run, verdict, totals } = result;
      const { percentiles } = totals.responseTimeOk;
      const here = changes.filter(({ at }) => at === index);
      const tags = Object.entries(run.tags).map(([name, value]) => `${name}=${value}`);
      return {
        cells: [
          { text: run.id, code: true, ...(tags.length === 0 ? {} : { sub: tags.join(', ') }) },
          { text: String(index + 1) },
          { text: formatTimestamp(run.startedAt) },
          { text: `${VERDICT_WORDS[verdict.status]}${busy.isBusy(result) ? ', busy' : ''}` },
          { text: formatCount(totals.requests) },
          { text: formatNumber(totals.requestsPerSecond) },
          { text: formatShare(totals.failureShare) },
          ...[percentiles.p50, percentiles.p95, percentiles.p99].map((value) => ({
            text: formatNumber(value),
          })),
          {
            text: here
              .map((change) => `${nameOf(change)} ${METRIC_WORDS[change.metric]} ${change.finding}`)
              .join(', '),
            wrap: true,
          },
        ],
      };
    }),
  };
}
