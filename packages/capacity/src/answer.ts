import type { BrokenPromise } from './step.ts';

/* Part of `capacity.json`: new members are optional. `answer-text.ts` says each kind in a sentence. */

/** What ends the range that was tried, where it is not a failed promise. */
export type OtherLimit = 'generator' | 'permission' | 'asked';

/** A level that failed, with the promise that failed there by most, if one did. */
export interface FailedLevel {
  readonly level: number;
  readonly broken: BrokenPromise | null;
  /** First reason of that run, also where a promise failed; null: it had none. */
  readonly reason: string | null;
}

/** Answer of a search. Levels are iterations per second, or users. */
export type CapacityAnswer =
  | {
      /** The highest level at which every promise holds; a higher one failed. */
      readonly kind: 'found';
      readonly level: number;
      /** Length of the run that confirmed it; null: none did. */
      readonly confirmedMs: number | null;
      /** Why none did, where `confirmedMs` is null. Absent: written before it was recorded. */
      readonly unconfirmed?: string;
      readonly failed: FailedLevel;
      /** A sentence on the rate limit that ends it; absent: it is none. */
      readonly rateLimit?: string;
    }
  | {
      /** Every promise holds up to this level, and what lies above was not tried, or proves nothing. */
      readonly kind: 'at-least';
      readonly level: number;
      readonly confirmedMs: number | null;
      readonly unconfirmed?: string;
      readonly limit: OtherLimit;
      /** The lowest level that the limit stands in the way of; null: the highest that was asked for. */
      readonly above: number | null;
    }
  | {
      /** Promises fail at the lowest level that was tried. */
      readonly kind: 'none';
      readonly failed: FailedLevel;
    }
  | {
      /** No answer: the lowest level was refused, the machine was busy in all its runs, or a run itself went wrong, such as its setup. */
      readonly kind: 'unknown';
      readonly level: number;
      readonly reason: string;
    }
  | {
      /** A level failed that had passed before: the target changes with time, or what it did before slows it down. */
      readonly kind: 'not-monotonic';
      readonly level: number;
      readonly passedIn: number;
      readonly failedIn: number;
      readonly failed: FailedLevel;
    }
  | {
      /** No level passed its confirmation. */
      readonly kind: 'not-confirmed';
      /** The highest level that passed a step and lies well below the lowest failure; null: none does. */
      readonly level: number | null;
      readonly failed: FailedLevel;
      /** Why the last confirmation gave no answer. Absent: it failed. */
      readonly unconfirmed?: string;
    };
