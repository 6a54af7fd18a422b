/**
 * A comparison as one HTML file.
 *
 * Must hold:
 * - The sides are the runs of the comparison, oldest first: charts draw the last one of each side as its newest.
 * - Texts are unescaped up to the template, which escapes them; only the markup and tables of charts are inserted as they are.
 */
import {
  FURTHER,
  METRICS,
  type ComparedRun,
  type Comparison,
  type Finding,
  type FurtherMetric,
  type Metric,
  type MetricComparison,
  type OperationComparison,
} from '@jarvis-load/compare';
import { formatCount } from '@jarvis-load/engine/result';
import { formatDuration, formatTimestamp } from '../../format/time.ts';
import { loadAssets } from '../../html/assets.ts';
import { contentPolicy } from '../../html/content-policy.ts';
import type { HtmlTable, Tone } from '../../html/table-model.ts';
import { VERDICT_WORDS } from '../../view/status.ts';
import { reasonsOf } from '../render-comparison-text.ts';
import { operationNames } from '../operation-names.ts';
import {
  changeSentence,
  findingCell,
  formatInterval,
  formatSides,
  headline,
  LEGEND,
  METRIC_WORDS,
  methodSentence,
  OF_GOOD,
  rowsWith,
  withoutChart,
} from '../words.ts';
import { overlaidCharts } from './overlaid-charts.ts';
import type { ComparedSides } from '../compared-sides.ts';

const WORDS: Readonly<Record<Finding, string>> = {
  worse: 'WORSE',
  better: 'BETTER',
  'no-difference': 'NO DIFFERENCE',
  'cannot-tell': 'CANNOT TELL',
};
const SIGNS: Readonly<Record<Finding, 'pass' | 'fail' | 'warn'>> = {
  worse: 'fail',
  better: 'pass',
  'no-difference': 'pass',
  'cannot-tell': 'warn',
};
const TONES: Readonly<Record<Finding, Tone>> = {
  worse: 'fail',
  better: 'pass',
  'no-difference': 'muted',
  'cannot-tell': 'muted',
};

/**
 * A comparison as one HTML file: finding, changed figures, a table of all figures with their intervals, and charts with both
 * sides. It has no script, and a Content-Security-Policy that forbids scripts and all requests.
 *
 * @param sides the compared runs, for the charts
 * @throws {ReporterError} `assets_missing` when the package has not been built
 */
export function renderComparisonHtml(comparison: Comparison, sides: ComparedSides): string {
  const { style, comparisonTemplate: template } = loadAssets();
  const { finding, obstacles, notes } = comparison;
  const said = headline(comparison);
  const { without, ...charts } = overlaidCharts(comparison, sides);
  const html = template({
    style,
    policy: contentPolicy(style),
    sign: SIGNS[finding],
    word: WORDS[finding],
    sentence: said.charAt(0).toUpperCase() + said.slice(1),
    title: `Comparison · ${idsOf(comparison.base)} and ${idsOf(comparison.new)}`,
    context: [`base: ${runsOf(comparison.base)}`, `new: ${runsOf(comparison.new)}`],
    changes: [...rowsWith(comparison, 'worse'), ...rowsWith(comparison, 'better')].map(({ name, row }) => ({
      sign: row.finding === 'worse' ? 'fail' : 'pass',
      text: changeSentence(name, row),
    })),
    figures: figuresTable(comparison),
    further: {
      title: 'Mean, p99.9 and maximum',
      open: false,
      tables: [furtherTable(comparison)],
    },
    legend: `${LEGEND} ${OF_GOOD} Below a change: base → new, and the interval of the change.`,
    method: [methodSentence(comparison), ...reasonsOf(comparison)].join(' '),
    ...charts,
    runs: runsTable(comparison),
    remarks: [
      ...obstacles.map(({ text }) => `Compared by force: ${text}`),
      ...(without === 0 ? [] : [withoutChart(without)]),
      ...notes,
    ],
  });
  return `${html.trim()}\n`;
}

function idsOf(runs: readonly ComparedRun[]): string {
  return runs.length === 1 ? (runs[0]?.id ?? '') : `${formatCount(runs.length)} runs`;
}

function runsOf(runs: readonly ComparedRun[]): string {
  const newest = runs.at(-1);
  if (newest === undefined) return '';
  const tags = Object.entries(newest.tags).map(([name, value]) => `${name}=${value}`);
  return [idsOf(runs), formatTimestamp(newest.startedAt), newest.target, ...tags].join(' · ');
}

function figuresTable(comparison: Comparison): HtmlTable {
  const caption = 'Changes per operation, with their intervals';
  return tableOf(comparison, caption, METRICS, ({ metrics }) => metrics);
}

function furtherTable(comparison: Comparison): HtmlTable {
  const caption = 'Further response times: no part of the finding, and the maximum is not judged';
  return tableOf(comparison, caption, FURTHER, ({ further }) => further);
}

function tableOf(
  { total, operations }: Comparison,
  caption: string,
  metrics: readonly (Metric | FurtherMetric)[],
  rowsOf: (operation: OperationComparison) => readonly MetricComparison<Metric | FurtherMetric>[],
): HtmlTable {
  const nameOf = operationNames(operations);
  return {
    caption,
    columns: [
      { title: 'Operation' },
      ...metrics.map((metric) => ({ title: METRIC_WORDS[metric], numeric: true })),
    ],
    rows: [total, ...operations].map((operation) => ({
      total: operation === total,
      cells: [
        {
          text: nameOf(operation),
          code: operation !== total,
        },
        ...rowsOf(operation).map((row) => ({
          text: findingCell(row),
          tone: TONES[row.finding],
          sub: [formatSides(row), ...(row.interval === null ? [] : [formatInterval(row)])],
        })),
      ],
    })),
  };
}

function runsTable(comparison: Comparison): HtmlTable {
  const sides = [
    ['base', comparison.base],
    ['new', comparison.new],
  ] as const;
  return {
    caption: 'The runs of both sides',
    columns: [
      { title: 'Run' },
      { title: 'Side' },
      { title: 'Started' },
      { title: 'Verdict' },
      { title: 'Duration', numeric: true },
      { title: 'Requests', numeric: true },
      { title: 'Target' },
      { title: 'Tags' },
    ],
    rows: sides.flatMap(([side, runs]) =>
      runs.map((run) => ({
        cells: [
          { text: run.id, code: true },
          { text: side },
          { text: formatTimestamp(run.startedAt) },
          { text: VERDICT_WORDS[run.verdict] },
          { text: formatDuration(run.durationMs) },
          { text: formatCount(run.requests) },
          { text: run.target },
          {
            text: Object.entries(run.tags)
              .map(([name, value]) => `${name}=${value}`)
              .join(', '),
          },
        ],
      })),
    ),
  };
}
