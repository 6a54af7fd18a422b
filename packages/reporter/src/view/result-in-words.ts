import type { RunResult } from '@jarvis-load/engine/result';
import { headline } from './headline.ts';
import { promisesOf, type Judged } from './promise.ts';
import { missedBySubject, reasonsOf, type Reason } from './reasons.ts';

/**
 * The verdict as the report words it, for other pages. Texts may hold names that a target or a user chose: escape them.
 *
 * @returns `headline` without its full stop; every reason, those about promises by operation
 */
export function verdictInWords(result: RunResult): {
  readonly status: RunResult['verdict']['status'];
  readonly headline: string;
  readonly reasons: string[];
} {
  const { shown, more } = reasonsOf(result, []);
  return {
    status: result.verdict.status,
    headline: headline(result),
    reasons: [...shown, ...more].map(inOneLine),
  };
}

/**
 * Promises by operation, with what was measured: `chat.send: p95 431 ms (limit 300 ms) · errors 4.2% (limit 1%)`. Every given
 * promise is named, whatever its status: the caller passes only those that were missed. Unescaped.
 */
export function missedInWords(judged: Judged): string[] {
  return missedBySubject(promisesOf(judged)).map(inOneLine);
}

/** A reason as one text. */
export function inOneLine({ subject, text }: Reason): string {
  return subject === '' ? text : `${subject}: ${text}`;
}
