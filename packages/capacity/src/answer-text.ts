import type { CapacityAnswer, FailedLevel } from './answer.ts';
import { formatLevel } from './format-level.ts';

/** The answer in one sentence. */
export function answerText(answer: CapacityAnswer, unit: 'rate' | 'users'): string {
  const show = (level: number): string => formatLevel(level, unit);
  switch (answer.kind) {
    case 'found': {
      const { level, failed, rateLimit } = answer;
      // A reason that is no promise, such as a backlog, has its numbers: it is said once, with its level.
      const why = rateLimit === undefined ? failed.broken?.name : 'rate limit of the target';
      const parts = [why, confirmation(answer)].filter((part) => part !== undefined).join(', ');
      return `${show(level)} (${parts}; ${failure(failed, unit, rateLimit)})`;
    }
    case 'at-least': {
      const limit = {
        generator: 'the generator or this machine is the limit',
        permission: 'the permission of the target ends there',
        asked: 'no higher one was asked for (--to)',
      }[answer.limit];
      return `at least ${show(answer.level)}: ${limit} (${confirmation(answer)})`;
    }
    case 'none':
      return `objectives fail at any load: ${failure(answer.failed, unit)}`;
    case 'unknown':
      return `nothing can be said: at ${show(answer.level)} ${answer.reason}`;
    case 'not-monotonic':
      return (
        `not monotonic: ${show(answer.level)} passed in step ${answer.passedIn} and failed in step ${answer.failedIn} ` +
        `(${failure(answer.failed, unit)}): the target becomes slower with time, or does not recover from load`
      );
    case 'not-confirmed': {
      const { level, failed, unconfirmed } = answer;
      const why = [failure(failed, unit), unconfirmed].filter((part) => part !== undefined).join('; ');
      return level === null
        ? `no level was confirmed: ${why}`
        : `between ${show(level)} and ${show(failed.level)}: no level between them was confirmed (${why})`;
    }
  }
}

function confirmation({
  confirmedMs: ms,
  unconfirmed,
}: Extract<CapacityAnswer, { readonly confirmedMs: number | null }>): string {
  if (ms !== null) return `confirmed for ${Number((ms / 1000).toFixed(1))} s`;
  return unconfirmed === undefined ? 'not confirmed' : `not confirmed: ${unconfirmed}`;
}

function failure({ level, broken, reason }: FailedLevel, unit: 'rate' | 'users', rateLimit?: string): string {
  const at = `at ${formatLevel(level, unit)}`;
  if (rateLimit !== undefined) return `${at} ${rateLimit}`;
  return broken === null
    ? `${at} ${reason ?? 'the run failed'}`
    : `${at} ${broken.name.replace(/^(objective|threshold) /, '')} is ${broken.measured}`;
}
