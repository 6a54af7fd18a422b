import type { CapacityAnswer, FailedLevel, OtherLimit } from './answer.ts';
import type { CapacityStep, StepOutcome, StepPlan, StepPurpose } from './step.ts';

/*
 * `CapacitySearch`: the highest level at which all promises hold.
 *
 * Must hold:
 * - Each plan of `next` is recorded once before the following one; `next` gives the same plan until then.
 * - It ends: descents, attempts and confirmations are limited, and each bisection narrows the range.
 * - A run that only went wrong itself (`isInvalid`) ends it with the answer `unknown`: the next ones would go wrong, too.
 * - `busy` is repeated, and after that a limit of the generator; `refused` is one of the permission. Neither is the target's.
 */

/** Range, precision and lengths of a search. The caller has checked them: `from` is at most `to`, users are whole numbers. */
export interface SearchOptions {
  /** Iterations per second, or whole numbers of users. */
  readonly unit: 'rate' | 'users';
  /** The first level. */
  readonly from: number;
  /** The highest level that may be tried. */
  readonly to: number;
  /** The found level and the failed one above it differ by this share at most, of users by one if that is more. */
  readonly precision: number;
  /** Length of a step. */
  readonly stepMs: number;
  /** Length of the run that confirms the answer. */
  readonly confirmMs: number;
}

/** Levels grow by this factor until one fails. */
const GROWTH = 2;
/** Below a first level that failed, levels shrink by this factor. */
const SHRINK = 4;
/** How often they shrink. */
const MOST_DESCENTS = 3;
/** Runs of one step, where the machine was busy. */
const MOST_ATTEMPTS = 3;
const MOST_CONFIRMATIONS = 4;
/** A limit of generator or permission need not be found more exactly: it says nothing about the target. */
const PRECISION_OF_OTHER_LIMIT = 0.2;
/** A level that is tried again lies below the lowest failure by this factor at least. */
const RECHECK_BELOW = 1.5;

interface Barrier {
  readonly level: number;
  readonly kind: 'fail' | OtherLimit;
  readonly failed: FailedLevel;
}

/**
 * The search for the highest level at which all promises hold, as a state machine: `next` gives the run to make,
 * `record` takes its outcome. Levels double until one fails, the range is halved on a logarithmic scale down to the
 * precision, and a run of `confirmMs` confirms the result. A `busy` run is repeated. After a refuted
 * confirmation, or a step from which the target did not recover, the highest level that had passed is tried again, of those
 * well below the lowest failure if there is one: where it fails now, the answer is `not-monotonic`.
 */
export class CapacitySearch {
  readonly #options: SearchOptions;
  readonly #steps: CapacityStep[] = [];
  #planned: StepPlan | undefined;
  #step = 0;
  /**
   * The highest level that passed. After a refuted confirmation a level just below it, which has not been tried: it is confirmed
   * next, or after a level between both where rounding leaves room for one.
   */
  #candidate: number | undefined;
  #barrier: Barrier | undefined;
  #descents = 0;
  #confirmations = 0;
  #recheck = false;
  #answer: CapacityAnswer | undefined;

  constructor(options: SearchOptions) {
    this.#options = options;
  }

  /** Every run so far, repetitions included. */
  get steps(): readonly CapacityStep[] {
    return this.#steps;
  }

  /** The answer; `undefined` while the search is on. */
  get answer(): CapacityAnswer | undefined {
    return this.#answer;
  }

  /** The run to make now; `undefined` when the search has ended. */
  next(): StepPlan | undefined {
    if (this.#answer !== undefined) return undefined;
    this.#planned ??= this.#plan();
    return this.#planned;
  }

  /** @param outcome of the run that `next` gave */
  record(outcome: StepOutcome): void {
    const plan = this.next();
    if (plan === undefined) return;
    this.#steps.push({ ...plan, ...outcome });
    this.#planned = undefined;
    if (outcome.status === 'busy' && plan.attempt < MOST_ATTEMPTS) {
      this.#planned = { ...plan, attempt: plan.attempt + 1 };
      return;
    }
    this.#take(plan, outcome);
  }

  #plan(): StepPlan {
    const { from, to, stepMs, confirmMs } = this.#options;
    const make = (level: number, purpose: StepPurpose, durationMs = stepMs): StepPlan => ({
      step: ++this.#step,
      attempt: 1,
      level,
      purpose,
      durationMs,
    });
    const [candidate, barrier] = [this.#candidate, this.#barrier];
    if (this.#recheck) return make(this.#recheckLevel()!, 'recheck');
    if (candidate === undefined) {
      return barrier === undefined
        ? make(from, 'climb')
        : make(this.#roundDown(barrier.level / SHRINK), 'descend');
    }
    if (barrier === undefined) {
      if (candidate < to) return make(Math.min(to, this.#round(candidate * GROWTH)), 'climb');
    } else if (this.#isWide(candidate, barrier)) {
      return make(this.#between(candidate, barrier.level), 'bisect');
    }
    return make(candidate, 'confirm', confirmMs);
  }

  #take(plan: StepPlan, outcome: StepOutcome): void {
    const { status } = outcome;
    if (status === 'fail' && outcome.isInvalid === true) {
      const [why = 'it went wrong'] = outcome.reasons;
      this.#answer = { kind: 'unknown', level: plan.level, reason: `the run itself went wrong: ${why}` };
      return;
    }
    if (plan.purpose === 'confirm') this.#takeConfirmation(plan, outcome);
    else if (plan.purpose === 'recheck') this.#takeRecheck(plan, outcome);
    else if (status === 'pass') this.#candidate = plan.level;
    else this.#takeFailure(plan, outcome);
    // A recheck is not rechecked: a target that never recovers would keep the search from ending.
    if (outcome.recovered || plan.purpose === 'recheck' || this.#answer !== undefined) return;
    this.#recheck = this.#recheckLevel() !== undefined;
  }

  #takeFailure(plan: StepPlan, outcome: StepOutcome): void {
    const { level } = plan;
    this.#barrier = {
      level,
      kind: outcome.status === 'busy' ? 'generator' : outcome.status === 'refused' ? 'permission' : 'fail',
      failed: failedLevel(level, outcome),
    };
    if (this.#candidate !== undefined) return;
    const lower = this.#roundDown(level / SHRINK);
    if (this.#descents++ < MOST_DESCENTS && lower < level) return;
    const [reason = 'the machine was busy in every run'] = outcome.reasons;
    this.#answer =
      outcome.status === 'fail'
        ? { kind: 'none', failed: this.#barrier.failed }
        : { kind: 'unknown', level, reason };
  }

  #takeConfirmation(plan: StepPlan, outcome: StepOutcome): void {
    if (outcome.status !== 'fail') {
      const isConfirmed = outcome.status === 'pass';
      // After a refuted confirmation the level was not tried before.
      const hasPassed =
        isConfirmed || this.#steps.some((step) => step.level === plan.level && step.status === 'pass');
      this.#answer = hasPassed
        ? this.#answerAt(plan.level, isConfirmed ? plan.durationMs : null, whyUnconfirmed(outcome))
        : {
            kind: 'not-confirmed',
            level: this.#recheckLevel() ?? null,
            failed: this.#barrier!.failed,
            ...whyUnconfirmed(outcome),
          };
      return;
    }
    const failed = failedLevel(plan.level, outcome);
    this.#barrier = { level: plan.level, kind: 'fail', failed };
    const below = this.#roundDown(plan.level / (1 + this.#options.precision));
    const mayGoOn = ++this.#confirmations < MOST_CONFIRMATIONS && below < plan.level;
    this.#candidate = below;
    if (this.#recheckLevel() !== undefined) this.#recheck = true;
    else if (!mayGoOn) this.#answer = { kind: 'not-confirmed', level: null, failed };
  }

  #takeRecheck(plan: StepPlan, outcome: StepOutcome): void {
    this.#recheck = false;
    if (outcome.status === 'fail') {
      const before = this.#steps.find(({ level, status }) => level === plan.level && status === 'pass');
      this.#answer = {
        kind: 'not-monotonic',
        level: plan.level,
        passedIn: before?.step ?? plan.step,
        failedIn: plan.step,
        failed: failedLevel(plan.level, outcome),
      };
    } else if (this.#confirmations >= MOST_CONFIRMATIONS) {
      this.#answer = { kind: 'not-confirmed', level: plan.level, failed: this.#barrier!.failed };
    }
  }

  #answerAt(
    level: number,
    confirmedMs: number | null,
    why: { readonly unconfirmed?: string },
  ): CapacityAnswer {
    const barrier = this.#barrier;
    if (barrier?.kind === 'fail') {
      const limit = this.#steps.find(
        (step) => step.level === barrier.level && step.rateLimit !== undefined,
      )?.rateLimit;
      const { failed } = barrier;
      return {
        kind: 'found',
        level,
        confirmedMs,
        ...why,
        failed,
        ...(limit === undefined ? {} : { rateLimit: limit }),
      };
    }
    return {
      kind: 'at-least',
      level,
      confirmedMs,
      ...why,
      limit: barrier?.kind ?? 'asked',
      above: barrier?.level ?? null,
    };
  }

  /** The highest level that passed and lies well below the lowest failure. */
  #recheckLevel(): number | undefined {
    const most = (this.#barrier?.level ?? Number.POSITIVE_INFINITY) / RECHECK_BELOW;
    const passed = this.#steps.filter(({ status, level }) => status === 'pass' && level <= most);
    return passed.length === 0 ? undefined : Math.max(...passed.map(({ level }) => level));
  }

  #isWide(best: number, { level, kind }: Barrier): boolean {
    const { unit, precision } = this.#options;
    if (unit === 'users' && level - best <= 1) return false;
    const wanted = kind === 'fail' ? precision : Math.max(precision, PRECISION_OF_OTHER_LIMIT);
    // Rounding of levels must not keep the search from ending.
    return level / best > (1 + wanted) * (1 + 1e-3);
  }

  #between(low: number, high: number): number {
    const middle = Math.sqrt(low * high);
    if (this.#options.unit === 'users') return Math.min(high - 1, Math.max(low + 1, Math.round(middle)));
    return this.#round(middle);
  }

  #roundDown(level: number): number {
    return this.#options.unit === 'users' ? Math.max(1, Math.floor(level)) : this.#round(level);
  }

  /** Four digits of a rate: what a person types, and finer than any precision. */
  #round(level: number): number {
    return this.#options.unit === 'users' ? Math.round(level) : Number(level.toPrecision(4));
  }
}

/**
 * Why a run that neither passed nor failed confirms nothing: the permission of the target, or the machine, together with
 * what the target did in that run, such as refusing requests.
 */
function whyUnconfirmed({ status, reasons, broken, rateLimit }: StepOutcome): {
  readonly unconfirmed?: string;
} {
  if (status === 'refused')
    return { unconfirmed: reasons[0] ?? 'the permission of the target does not cover it' };
  if (status !== 'busy') return {};
  const also = rateLimit ?? (broken && `${broken.name} was ${broken.measured}, the limit is ${broken.limit}`);
  return { unconfirmed: `the machine was too busy${also === undefined ? '' : `; in that run ${also}`}` };
}

function failedLevel(level: number, { broken, reasons }: StepOutcome): FailedLevel {
  return { level, broken: broken ?? null, reason: reasons[0] ?? null };
}
