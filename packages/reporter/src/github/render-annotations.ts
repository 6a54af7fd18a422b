import type { Comparison } from '@jarvis-load/compare';
import type { RunResult } from '@jarvis-load/engine/result';
import { changeSentence, headline as comparisonHeadline, rowsWith } from '../comparison/words.ts';
import { notComparedSentence, type NotCompared } from '../comparison/not-compared.ts';
import { headline } from '../view/headline.ts';
import { isMissed, promisesOf } from '../view/promise.ts';
import { VERDICT_WORDS } from '../view/status.ts';
import { workflowCommands, type Annotation } from './workflow-command.ts';

/** Of a comparison, or why there is none; the level is `error` where the command exits with an error for it. */
export type AnnotatedComparison = { readonly level: 'error' | 'warning' } & (
  | { readonly comparison: Comparison; readonly notCompared?: undefined }
  | { readonly comparison?: undefined; readonly notCompared: NotCompared }
);

/**
 * What a run missed, and what is worse than in its baseline, as workflow commands of GitHub Actions: one line per promise and
 * figure, at most ten of a level, before them the verdict where the run is not valid or missed no promise, and one where there is no
 * comparison; none of a run that passed and is not worse.
 */
export function renderAnnotations(result: RunResult, compared?: AnnotatedComparison): string[] {
  return workflowCommands(ofRun(result), compared === undefined ? [] : ofComparison(compared));
}

/** What comparisons found worse, likewise: at most ten lines of a level, of all together. */
export function renderComparisonAnnotations(compared: readonly AnnotatedComparison[]): string[] {
  return workflowCommands(...compared.map(ofComparison));
}

function ofRun(result: RunResult): Annotation[] {
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
  return status === 'not-valid' || missed.length === 0 ? [whole, ...missed] : missed;
}

function ofComparison({ comparison, notCompared, level }: AnnotatedComparison): Annotation[] {
  if (comparison === undefined)
    return [{ level, title: 'Comparison: none', message: notComparedSentence(notCompared) }];
  return rowsWith(comparison, 'worse').map(({ name, row }) => ({
    level,
    title: `Comparison: ${comparisonHeadline(comparison)}`,
    message: changeSentence(name, row),
  }));
}
