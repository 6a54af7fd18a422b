/**
 * What the views of comparisons and histories say in the same words. Sentences are unescaped: they hold names of operations and runs.
 */
import type {
  ComparedRun,
  Comparison,
  Finding,
  FurtherMetric,
  Metric,
  MetricComparison,
} from '@jarvis-load/compare';
import { formatCount, formatMeasure, NO_VALUE } from '@jarvis-load/engine/result';
import { operationNames } from './operation-names.ts';

/** Sign of each finding, so that colour is not needed to tell them apart. */
export const FINDING_SIGNS: Readonly<Record<Finding, string>> = {
  worse: '✗',
  better: '✓',
  'no-difference': '=',
  'cannot-tell': '?',
};

/** Head of each column. */
export const METRIC_WORDS: Readonly<Record<Metric | FurtherMetric, string>> = {
  p50: 'p50',
  p95: 'p95',
  p99: 'p99',
  errors: 'errors',
  throughput: 'throughput',
  mean: 'mean',
  'p99.9': 'p99.9',
  max: 'max',
};

/** Unit of each figure, as `formatMeasure` takes it. */
export const METRIC_UNITS: Readonly<Record<Metric | FurtherMetric, string>> = {
  p50: 'ms',
  p95: 'ms',
  p99: 'ms',
  errors: 'share',
  throughput: 'per second',
  mean: 'ms',
  'p99.9': 'ms',
  max: 'ms',
};

/** Explains the signs below a table. */
export const LEGEND =
  '✗ worse, ✓ better: a change beyond the tolerance that chance does not explain. ≤ x: no difference larger than x. ?: cannot tell.';

/** Which answers the figures are of. */
export const OF_GOOD = 'Response times are those of good answers.';

/** A larger change, as a share of the base, is shown as "> +1,000%". */
const MOST_CHANGE = 10;

/** A change with its sign: `+21%`; of errors in points, hundredths of all requests: `+0.4 points`. */
export function changeText(metric: Metric | FurtherMetric, change: number): string {
  if (change > MOST_CHANGE) return `> +${formatAmount(metric, MOST_CHANGE)}`;
  const amount = formatAmount(metric, change);
  const sign = Number.parseFloat(amount) === 0 ? '±' : change < 0 ? '−' : '+';
  return `${sign}${amount}`;
}

/** The size of a change, without its sign. */
function formatAmount(metric: Metric | FurtherMetric, change: number): string {
  const percent = Math.abs(change) * 100;
  const digits = percent >= 10 ? 0 : percent >= 1 ? 1 : 2;
  const text = Number(percent.toFixed(digits)).toLocaleString('en-US');
  return metric === 'errors' ? `${text} points` : `${text}%`;
}

/** A cell of the table: the sign with the change, or the size above which changes are excluded. */
export function findingCell(row: MetricComparison<Metric | FurtherMetric>): string {
  if (row.finding === 'no-difference') {
    return `≤ ${formatAmount(row.metric, row.atMost ?? 0)}`;
  }
  if (row.finding === 'cannot-tell') {
    return row.change === null ? '?' : `? ${changeText(row.metric, row.change)}`;
  }
  return `${FINDING_SIGNS[row.finding]} ${changeText(row.metric, row.change ?? 0)}`;
}

/** The figures of both sides: `120 ms → 145 ms`. */
export function formatSides({
  metric,
  base,
  new: candidate,
}: MetricComparison<Metric | FurtherMetric>): string {
  return `${formatMeasure(base, METRIC_UNITS[metric])} → ${formatMeasure(candidate, METRIC_UNITS[metric])}`;
}

/** The interval of a change: `+14% to +28%`. */
export function formatInterval({ metric, interval }: MetricComparison<Metric | FurtherMetric>): string {
  return interval === null ? NO_VALUE : interval.map((end) => changeText(metric, end)).join(' to ');
}

/** One changed figure in a sentence. @param name of the operation, as `operationNames` has it */
export function changeSentence(name: string, row: MetricComparison): string {
  const change = row.change === null ? '' : `, ${changeText(row.metric, row.change)}`;
  return `${name} ${METRIC_WORDS[row.metric]} ${row.finding}: ${formatSides(row)}${change} (${formatInterval(row)})`;
}

/** Figures with a finding, the totals first. */
export function rowsWith(
  comparison: Comparison,
  finding: Finding,
): { readonly name: string; readonly row: MetricComparison }[] {
  const nameOf = operationNames(comparison.operations);
  return [comparison.total, ...comparison.operations].flatMap((operation) =>
    operation.metrics.flatMap((row) => (row.finding === finding ? [{ name: nameOf(operation), row }] : [])),
  );
}

/** Name of a run: its id, and that of its build where a tag has it. */
export function nameOfRun({ id, tags }: ComparedRun): string {
  return tags['build'] === undefined ? id : `${id} (build ${tags['build']})`;
}

/** The finding of the whole in a sentence. */
export function headline({ finding, total, operations }: Comparison): string {
  const parts = [total, ...operations];
  const count = (wanted: Finding): string => {
    const found = parts.filter((part) => part.finding === wanted).map(operationNames(operations));
    return found.length > 3 ? `${found.length} of ${parts.length} rows` : found.join(', ');
  };
  if (finding === 'worse') return `worse: ${count('worse')}`;
  if (finding === 'better') return `better: ${count('better')}`;
  const told = parts.flatMap(({ metrics }) => metrics).filter((row) => row.finding === 'no-difference');
  const latency = told.filter(({ metric }) => metric !== 'errors' && metric !== 'throughput');
  const largest = latency.reduce<MetricComparison | undefined>(
    (most, row) => ((row.atMost ?? 0) > (most?.atMost ?? -1) ? row : most),
    undefined,
  );
  if (largest === undefined) return 'cannot tell: too little is known of the runs';
  const size = formatAmount(largest.metric, largest.atMost ?? 0);
  return finding === 'no-difference'
    ? `no difference: response times differ by at most ${size}`
    : `no difference found: where it can be told, response times differ by at most ${size}`;
}

/** How the intervals came about. */
export function methodSentence({ method, confidence, base, new: candidate, tests }: Comparison): string {
  const whole = `nothing in this table is called worse or better wrongly with ${Math.round(confidence * 100)}% confidence (Holm, ${tests} tests)`;
  const runs = `${base.length} and ${candidate.length} runs`;
  if (method === 'blocks') return `Intervals by block bootstrap over time within both runs; ${whole}.`;
  if (method === 'pairs') return `Intervals over ${base.length} pairs of interleaved runs; ${whole}.`;
  return `Intervals over ${runs}; ${whole}.`;
}

/** @param count operations beyond the most that a page draws */
export function withoutChart(count: number): string {
  return `${formatCount(count)} more ${count === 1 ? 'operation has' : 'operations have'} no chart here; those that changed come first.`;
}
