import { dirname } from 'node:path';
import type { Comparison } from '@jarvis-load/compare';
import type { RunResult } from '@jarvis-load/engine/result';
import {
  renderAnnotations,
  renderComparisonAnnotations,
  renderComparisonMarkdown,
  renderMarkdown,
} from '@jarvis-load/reporter';
import type { Console } from '../output/console.ts';
import { tellGithub } from './github-actions.ts';

/** Outputs of a step without a result. */
export const NO_OUTPUTS = { verdict: '', p95: '', report: '', folder: '', comparison: '' } as const;

/** Values that later steps of the GitHub job can read; empty: there is none. `p95` is in milliseconds. */
export function stepOutputsOfRun(
  result: RunResult,
  written: readonly string[],
  comparison?: Comparison,
): Readonly<Record<keyof typeof NO_OUTPUTS, string>> {
  const { p95 } = result.totals.responseTime.percentiles;
  const [first] = written;
  return {
    verdict: result.verdict.status,
    p95: p95 === null ? '' : String(p95),
    report: written.find((path) => path.endsWith('report.html')) ?? '',
    folder: first === undefined ? '' : dirname(first),
    comparison: comparison?.finding ?? '',
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
  compared?: { readonly comparison: Comparison; readonly fails: boolean },
): void {
  const { comparison } = compared ?? {};
  tellGithub(
    {
      markdown: [
        renderMarkdown(result),
        ...(comparison === undefined ? [] : [renderComparisonMarkdown(comparison)]),
      ].join('\n'),
      annotations: renderAnnotations(
        result,
        comparison && { comparison, level: compared?.fails === true ? 'error' : 'warning' },
      ),
      outputs: stepOutputsOfRun(result, written, comparison),
    },
    console,
  );
}

/** The same for comparisons alone. */
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
