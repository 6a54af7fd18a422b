import { formatCount, type RunResult } from '@jarvis-load/engine/result';
import { listing, type Finding } from '../findings/finding.ts';
import { headline, sentence } from './headline.ts';
import { isMissed, promisesOf, type PromiseView } from './promise.ts';
import { STATUS_WORDS } from './status.ts';

/** Codes of reasons that repeat a promise: those are shown by operation. */
const OF_PROMISES = new Set(['objective', 'threshold', 'threshold-no-data', 'objective-no-data']);
/** Codes of reasons, each with the code of the finding that says the same. */
const TOLD: Readonly<Record<string, Finding['code']>> = {
  'machine-busy': 'machine',
  'machine-limited': 'machine',
  'generator-limited': 'generator',
};
const MOST_SHOWN = 5;

/** One reason: an operation with what it missed, or a sentence (`subject` is empty). Texts are unescaped. */
export interface Reason {
  readonly subject: string;
  readonly text: string;
}

/**
 * Reasons of the verdict, also of a pass, without what the headline says already; then what was missed, by operation.
 * @param told findings shown beside them: reasons that say the same are left out
 */
export function reasonsOf(
  result: RunResult,
  told: readonly Finding[],
): { readonly shown: readonly Reason[]; readonly more: readonly Reason[]; readonly moreTitle: string } {
  const said = headline(result);
  const missed = promisesOf(result).filter(isMissed);
  const other = result.verdict.reasons
    .filter(({ code }) => missed.length === 0 || !OF_PROMISES.has(code))
    .filter(({ text }) => sentence(text) !== said)
    .filter(({ code }) => !told.some((finding) => finding.code === TOLD[code]));
  const all: Reason[] = [...other.map(({ text }) => ({ subject: '', text })), ...missedBySubject(missed)];
  const more = all.slice(MOST_SHOWN);
  return { shown: all.slice(0, MOST_SHOWN), more, moreTitle: `${formatCount(more.length)} more` };
}

/** One reason for each operation, scenario or the whole run. */
export function missedBySubject(missed: readonly PromiseView[]): Reason[] {
  return [...new Set(missed.map(({ subject }) => subject))].map((subject) => ({
    subject,
    text: missedText(missed.filter((promise) => promise.subject === subject)),
  }));
}

/** The aspect of a threshold contains its limit; that of an objective does not. */
function missedText(missed: readonly PromiseView[]): string {
  if (missed.every(({ status }) => status === 'no-data')) {
    return `no data for ${listing(missed.map(({ aspect }) => aspect))}`;
  }
  return missed
    .map(({ kind, aspect, measured, limit, status }) => {
      const value = status === 'no-data' ? 'no data' : measured;
      const text =
        kind === 'objective'
          ? `${aspect} ${value} (limit ${limit.replace(/^[<>] /, '')})`
          : `${aspect}: ${value}`;
      return status === 'machine-limited' ? `${text}, ${STATUS_WORDS[status]}` : text;
    })
    .join(' · ');
}
