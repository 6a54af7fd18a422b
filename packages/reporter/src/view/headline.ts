import { formatCount, type RunResult } from '@jarvis-load/engine/result';
import { listing } from '../findings/finding.ts';
import { departures } from '../findings/left-limit.ts';
import { loadPhrase } from '../findings/load-over-time.ts';
import { formatElapsed } from '../format/time.ts';
import { isMissed, measureOf, promisesOf, type PromiseView } from './promise.ts';

const MOST_SUBJECTS = 2;
const MOST_ASPECTS = 3;

/**
 * The verdict in one sentence: `2 of 20 promises missed: chat.send p99 and errors, since 1:12 at 62 users`. May hold
 * names that a target or a user chose: escape it.
 */
export function headline(result: RunResult): string {
  const promises = promisesOf(result).filter(({ status }) => status !== 'not-measurable');
  const failed = promises.filter(isMissed);
  const [reason] = result.verdict.reasons;
  if (result.verdict.status === 'not-valid' && reason !== undefined) {
    return reason.code === 'machine-limited'
      ? `${formatCount(failed.length)} of ${formatCount(promises.length)} promises failed, and waiting for a processor can explain it`
      : sentence(reason.text);
  }
  const missed = failed.filter(({ status }) => status !== 'machine-limited');
  if (missed.length > 0) {
    const subjects = [...new Set(missed.map(({ subject }) => subject))];
    const named = subjects.slice(0, MOST_SUBJECTS).map((subject) => subjectPhrase(subject, missed));
    const rest = missed.filter(({ subject }) => !subjects.slice(0, MOST_SUBJECTS).includes(subject)).length;
    if (rest > 0) named.push(`${formatCount(rest)} more`);
    const count =
      promises.length === 1
        ? 'The one promise was'
        : `${formatCount(missed.length)} of ${formatCount(promises.length)} promises`;
    const excused = failed.length - missed.length;
    const beside =
      excused === 0 ? '' : `; ${formatCount(excused)} more failed, which waiting for a processor can explain`;
    return `${count} missed: ${named.join('; ')}${since(result)}${beside}`;
  }
  if (result.verdict.status === 'fail' && reason !== undefined) return sentence(reason.text);
  if (promises.length === 0) return 'Nothing was promised: no thresholds and no objectives';
  const unproven = promises.filter(({ status }) => status === 'unproven').length;
  const kept = promises.length - unproven;
  if (kept === 0) return `None of ${formatCount(promises.length)} promises could be proven: too few samples`;
  if (promises.length === 1) return 'The one promise was kept';
  return unproven === 0
    ? `All ${formatCount(kept)} promises kept`
    : `${formatCount(kept)} of ${formatCount(promises.length)} promises kept, ${formatCount(unproven)} unproven: too few samples`;
}

function subjectPhrase(subject: string, missed: readonly PromiseView[]): string {
  const own = missed.filter((promise) => promise.subject === subject);
  const aspects = [...new Set(own.map(measureOf))];
  const shown = aspects.slice(0, MOST_ASPECTS);
  const more = aspects.length - shown.length;
  return `${subject} ${listing(more > 0 ? [...shown, `${formatCount(more)} more`] : shown)}`;
}

function since(result: RunResult): string {
  const [first] = departures(result);
  if (first === undefined) return '';
  const { from } = first.episode;
  if (from < 2) return ', from the start';
  const load = loadPhrase(result, from);
  return `, since ${formatElapsed(result.series.points[from]?.atMs ?? 0)}${load === '' ? '' : ` ${load}`}`;
}

/** A reason of the verdict as a sentence, without its full stop. */
export function sentence(text: string): string {
  return (text.charAt(0).toUpperCase() + text.slice(1)).replace(/\.$/, '');
}
