import { dirname } from 'node:path';
import type { Comparison, Obstacle } from '@jarvis-load/compare';
import type { RunResult } from '@jarvis-load/engine/result';
import {
  renderAnnotations,
  renderComparisonAnnotations,
  renderComparisonMarkdown,
  renderMarkdown,
  renderNotComparedMarkdown,
  type AnnotatedComparison,
  type NotCompared,
} from '@jarvis-load/reporter';
import type { Compared } from '../comparison/baseline.ts';
import type { Console } from '../output/console.ts';
import { tellGithub } from './github-actions.ts';

/** Outputs of a step without a result. */
export const NO_OUTPUTS = { verdict: '', p95: '', report: '', folder: '', comparison: '' } as const;

/** Output `comparison` of runs that were not compared. */
const NOT_COMPARED = 'not-compared';

/** Values that later steps of the GitHub job can read; empty: there is none. `p95` is in milliseconds. */
export function stepOutputsOfRun(
  result: RunResult,
  written: readonly string[],
  compared?: Compared,
): Readonly<Record<keyof typeof NO_OUTPUTS, string>> {
  const { p95 } = result.totals.responseTime.percentiles;
  const [first] = written;
  return {
    verdict: result.verdict.status,
    p95: p95 === null ? '' : String(p95),
    report: written.find((path) => path.endsWith('report.html')) ?? '',
    folder: first === undefined ? '' : dirname(first),
    comparison: compared === undefined ? '' : (compared.outcome.comparison?.finding ?? NOT_COMPARED),
  };
}

/**
 * In GitHub Actions, writes a run and its comparison with a baseline to summary, annotations and step outputs; elsewhere does
 * nothing. The exit code stays as it is.
 *
 * @param result without secrets
 * @param written absolute paths of its files
 */
export function reportRunToGithub(
  result: RunResult,
  written: readonly string[],
  console: Console,
  compared?: Compared,
): void {
  tellGithub(
    {
      markdown: [renderMarkdown(result), ...(compared === undefined ? [] : [markdownOf(compared)])].join(
        '\n',
      ),
      annotations: renderAnnotations(result, compared && annotated(compared)),
      outputs: stepOutputsOfRun(result, written, compared),
    },
    console,
  );
}

const notCompared = (baseline: string, obstacles: readonly Obstacle[]): NotCompared => ({
  baseline,
  obstacles,
});

function markdownOf({ given, outcome }: Compared): string {
  return outcome.comparison === undefined
    ? renderNotComparedMarkdown(notCompared(given, outcome.obstacles))
    : renderComparisonMarkdown(outcome.comparison);
}

function annotated({ given, outcome, fails }: Compared): AnnotatedComparison {
  const level = fails ? 'error' : 'warning';
  return outcome.comparison === undefined
    ? { level, notCompared: notCompared(given, outcome.obstacles) }
    : { level, comparison: outcome.comparison };
}

/** The same for sides that cannot be compared. */
export function reportRefusalToGithub(obstacles: readonly Obstacle[], console: Console): void {
  tellGithub(
    {
      markdown: renderNotComparedMarkdown({ obstacles }),
      annotations: renderComparisonAnnotations([{ level: 'error', notCompared: { obstacles } }]),
      outputs: { comparison: NOT_COMPARED },
    },
    console,
  );
}

/** The same as {@link reportRunToGithub} for comparisons alone. */
export function reportComparisonsToGithub(comparisons: readonly Comparison[], console: Console): void {
  tellGithub(
    {
      markdown: comparisons.map(renderComparisonMarkdown).join('\n'),
      annotations: renderComparisonAnnotations(
        comparisons.map((comparison) => ({ comparison, level: 'error' })),
      ),
      outputs: { comparison: worstFinding(comparisons) },
    },
    console,
  );
}

function worstFinding(comparisons: readonly Comparison[]): string {
  const order = ['worse', 'cannot-tell', 'no-difference', 'better'] as const;
  return order.find((finding) => comparisons.some((each) => each.finding === finding)) ?? '';
}
