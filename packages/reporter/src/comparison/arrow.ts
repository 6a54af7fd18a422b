import type { Comparison, Finding, FurtherMetric, Metric, MetricComparison } from '@jarvis-load/compare';
import { formatTimestamp } from '../format/time.ts';
import type { Tone } from '../html/table-model.ts';
import { ALL } from '../view/threshold-scope.ts';
import { changeText, headline, nameOfRun } from './words.ts';

/** How a figure differs from the baseline: an arrow with the change and the finding in words. */
export interface Arrow {
  readonly text: string;
  readonly tone: Tone;
}

const TONES: Readonly<Record<Finding, Tone>> = {
  worse: 'fail',
  better: 'pass',
  'no-difference': 'muted',
  'cannot-tell': 'muted',
};

/**
 * The arrows beside the figures of a report, from its comparison with a baseline; none without one. Those of response times are
 * of good answers, also beside a figure of all outcomes. Texts are unescaped.
 */
export class Arrows {
  readonly #comparison: Comparison | undefined;

  constructor(comparison: Comparison | undefined) {
    this.#comparison = comparison;
  }

  /** The arrow of a figure; undefined where it was not compared. @param scenario `*`, as `operation`: all */
  of(scenario: string, operation: string, metric: Metric | FurtherMetric): Arrow | undefined {
    if (this.#comparison === undefined) return undefined;
    const { total, operations } = this.#comparison;
    const found = [total, ...operations].find(
      (each) => each.scenario === scenario && each.operation === operation,
    );
    const rows = found === undefined ? [] : [...found.metrics, ...found.further];
    const row = rows.find((each) => each.metric === metric);
    return row === undefined ? undefined : { text: textOf(row), tone: TONES[row.finding] };
  }

  /** The arrow of a figure of an operation in all scenarios; undefined where several have it. @param operation `*`: all */
  ofAll(operation: string, metric: Metric | FurtherMetric): Arrow | undefined {
    const found = this.#comparison?.operations.filter((each) => each.operation === operation) ?? [];
    const [only, ...others] = operation === ALL ? [{ scenario: ALL }] : found;
    return only === undefined || others.length > 0 ? undefined : this.of(only.scenario, operation, metric);
  }

  /** What they compare with, and what was found, in sentences; undefined without a baseline. */
  get sentence(): string | undefined {
    if (this.#comparison === undefined) return undefined;
    const { base } = this.#comparison;
    const [first] = base;
    const what =
      first !== undefined && base.length === 1
        ? `${nameOfRun(first)} of ${formatTimestamp(first.startedAt)}`
        : `${base.length} runs`;
    return `Compared with ${what}: ${headline(this.#comparison)}. Arrows show changes of good answers; the finding is that of p50, p95, p99, errors and throughput. comparison.html has the intervals.`;
  }
}

function textOf({ finding, metric, change, atMost }: MetricComparison<Metric | FurtherMetric>): string {
  if (finding === 'no-difference') return `= within ${changeText(metric, atMost ?? 0).replace(/^[+−±]/, '')}`;
  const size = change === null ? '' : `${changeText(metric, change)} `;
  const arrow = size.startsWith('−') ? '▼ ' : /^(?:\+|> )/.test(size) ? '▲ ' : '';
  if (metric === 'max') return `${arrow}${size}not judged`;
  return `${arrow}${size}${finding === 'cannot-tell' ? 'cannot tell' : finding}`;
}
