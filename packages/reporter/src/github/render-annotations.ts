import type { Comparison } from '@jarvis-load/compare';
import type { RunResult } from '@jarvis-load/engine/result';
import { changeSentence, headline as comparisonHeadline, rowsWith } from '../comparison/words.ts';
import { headline } from '../view/headline.ts';
import { isMissed, promisesOf } from '../view/promise.ts';
import { VERDICT_WORDS } from '../view/status.ts';
import { workflowCommands, type Annotation } from './workflow-command.ts';

/** What a run missed, as workflow commands of GitHub Actions: one line per promise, at most ten; none of a run that passed. */
export function renderAnnotations(result: RunResult): string[] {
  const { status } = result.verdict;
  if (status === 'pass') return [];
  const missed = promisesOf(result)
    .filter(isMissed)
    .map((promise): Annotation => ({
      level: promise.status === 'machine-limited' ? 'warning' : 'error',
      title: `${promise.subject}: ${promise.aspect}`,
      message: [
        promise.status === 'no-data' ? 'no data' : promise.measured,
        // The expression of a threshold is in the title.
        ...(promise.kind === 'objective' ? [`limit ${promise.limit}`] : []),
        ...(promise.status === 'machine-limited' ? ['waiting for a processor can explain it'] : []),
        ...(promise.remark === '' ? [] : [promise.remark]),
      ].join('; '),
    }));
  const whole: Annotation = { level: 'error', title: VERDICT_WORDS[status], message: headline(result) };
  return workflowCommands(status === 'not-valid' || missed.length === 0 ? [whole, ...missed] : missed);
}

/**
 * What a comparison found worse, as workflow commands of GitHub Actions; none if nothing is.
 * @param level `error` where the command exits with an error for it
 */
export function renderComparisonAnnotations(comparison: Comparison, level: 'error' | 'warning'): string[] {
  const worse = rowsWith(comparison, 'worse');
  if (worse.length === 0) return [];
  return workflowCommands(
    worse.map(({ operation, row }) => ({
      level,
      title: `Comparison: ${comparisonHeadline(comparison)}`,
      message: changeSentence(operation, row),
    })),
  );
}
