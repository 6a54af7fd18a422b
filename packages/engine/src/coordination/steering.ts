import { ceilingsOf, type ScenarioBase } from '../definition/base-addresses.ts';
import { checkLimits } from '../definition/limits.ts';
import { askedLoad, requestsPerSecond, type AskedLoad } from '../definition/planned-load.ts';
import type { ResolvedRun } from '../definition/resolve-options.ts';
import { EngineError } from '../errors.ts';
import { exceededCeiling, type Ceilings } from '../guard/ceilings.ts';
import { MOST_USERS } from '../input/option-reader.ts';
import type { CompiledRun, CompiledScenario } from '../model/compiled-run.ts';
import type { SteeringChange, UserRampOptions } from '../model/steering.ts';
import { planUserSteps } from '../plan/user-steps.ts';
import { show } from '../show.ts';
import type { ThreadGroup } from '../threads/thread-group.ts';
import { wrongOptions } from '../wrong-options.ts';
import { SetLevel } from './set-level.ts';

/**
 * How far ahead a rate is set where there are several threads: each sees the announcement in shared memory before the
 * change takes effect, so the schedule of all of them together is exact.
 */
const LEAD_MS = 5;

/**
 * Sets users and rates while a run is on, within what the target's owner and this machine allow.
 *
 * Must hold:
 * - All checks precede the change: after an error nothing has changed.
 * - `Coordinator` rejects changes once the run is ending; this class only knows scenarios that have ended.
 * - With several threads a rate holds from `LEAD_MS` later: `SharedCounts` announces it to all of them before that moment.
 */
export class Steering {
  readonly #run: CompiledRun;
  readonly #resolved: ResolvedRun;
  readonly #ceilings: readonly Ceilings[];
  readonly #threads: ThreadGroup;
  readonly #changed: (change: SteeringChange) => void;
  /** Users that have been set, by scenario index. */
  readonly #users = new Map<number, SetLevel>();
  /** Rates that have been set, by scenario index. */
  readonly #rates = new Map<number, number>();
  /** Clock time of the start of the run; NaN before it. */
  #originMs = Number.NaN;

  /**
   * @param bases of all scenarios: their ceilings hold as those of the target do
   * @param changed called with every change
   */
  constructor(
    run: CompiledRun,
    resolved: ResolvedRun,
    bases: readonly ScenarioBase[],
    threads: ThreadGroup,
    changed: (change: SteeringChange) => void,
  ) {
    this.#run = run;
    this.#resolved = resolved;
    this.#ceilings = ceilingsOf(resolved, bases);
    this.#threads = threads;
    this.#changed = changed;
  }

  /** @param originMs clock time of the start of the run */
  begin(originMs: number): void {
    this.#originMs = originMs;
  }

  /** @throws EngineError `invalid-option`, `wrong-state`, `target-not-allowed`, `not-enough-descriptors` */
  setUsers(name: string, users: number, options: UserRampOptions = {}): void {
    const scenario = this.#find(name);
    const { executor } = scenario;
    if (!Number.isInteger(users) || users < 0 || users > MOST_USERS) {
      throw invalid(`users is ${show(users)}; expected a whole number from 0 to ${MOST_USERS}.`);
    }
    const wrong = wrongOptions(options, ['perSecond']);
    if (wrong !== undefined) throw invalid(`the ramp to ${users} users ${wrong}.`);
    const { perSecond = Number.POSITIVE_INFINITY } = options;
    if (typeof perSecond !== 'number' || !(perSecond > 0)) {
      throw invalid(`perSecond is ${show(perSecond)}; expected a number of users above 0.`);
    }
    const { kind } = executor;
    if (executor.model === 'open') {
      const instead = kind === 'externally-controlled' ? ' It has a rate: use setRate.' : '';
      throw invalid(
        `scenario "${name}" runs ${kind}${instead === '' ? '' : ' with a rate'}; expected constant-vus, ramping-vus or externally-controlled without a rate, whose number of users can change.${instead}`,
      );
    }
    if (kind === 'shared-iterations' || kind === 'per-vu-iterations') {
      throw invalid(
        `scenario "${name}" runs ${kind}; expected constant-vus, ramping-vus or externally-controlled, whose number of users can change.`,
      );
    }
    if (kind === 'externally-controlled' && users > executor.maxUsers) {
      throw invalid(`users is ${users}; scenario "${name}" has a maxVUs of ${executor.maxUsers}.`);
    }
    const nowMs = this.#now();
    const level = new SetLevel(this.#usersAt(scenario, nowMs), users, perSecond, nowMs);
    const asked = level.asked(nowMs);
    if (users > level.from || this.#users.get(scenario.index) === undefined) {
      this.#checkCeilings([scenario], () => asked, `${users} users of scenario "${name}"`);
      if (this.#resolved.options.transport === undefined) {
        checkLimits(this.#run, this.#resolved, (each) =>
          each === scenario ? asked.users : this.#asked(each).users,
        );
      }
    }
    this.#users.set(scenario.index, level);
    const ramp = Number.isFinite(perSecond) ? { from: level.from, perSecond, atMs: nowMs } : undefined;
    this.#threads.setUsers(scenario.index, users, ramp);
    this.#changed({
      atMs: this.#elapsed(nowMs),
      scenario: name,
      users,
      ...(ramp === undefined ? {} : { perSecond }),
    });
  }

  /** @param rate iterations per `timeUnit` of the executor @throws EngineError `invalid-option`, `wrong-state`, `target-not-allowed` */
  setRate(name: string, rate: number): void {
    const scenario = this.#find(name);
    const { executor } = scenario;
    if (typeof rate !== 'number' || !(rate >= 0 && rate < Number.POSITIVE_INFINITY)) {
      throw invalid(`rate is ${show(rate)}; expected a number of at least 0.`);
    }
    if (executor.kind !== 'externally-controlled' || executor.model !== 'open') {
      const what =
        executor.kind === 'externally-controlled' ? `${executor.kind} without a rate` : executor.kind;
      throw invalid(
        `scenario "${name}" runs ${what}; expected externally-controlled with a rate, whose rate can change.`,
      );
    }
    const { turn } = executor;
    // Scenarios that take turns have one schedule, so one rate. All that have a turn are taken for one such group.
    const together =
      turn === undefined
        ? [scenario]
        : this.#run.scenarios.filter(
            (each) => each.executor.kind === 'externally-controlled' && 'turn' in each.executor,
          );
    const iterationsPerSecond = (rate * 1000) / executor.timeUnitMs;
    const asked = { users: executor.maxUsers, startsPerSecond: iterationsPerSecond, iterationsPerSecond };
    const before = this.#rates.get(scenario.index) ?? executor.rate;
    if (rate > before) this.#checkCeilings(together, () => asked, `a rate of ${rate} of scenario "${name}"`);
    const nowMs = this.#now();
    const atMs = Number.isNaN(this.#originMs) || this.#resolved.threads === 1 ? nowMs : nowMs + LEAD_MS;
    for (const each of together) {
      this.#rates.set(each.index, rate);
      this.#threads.setRate(each.index, rate, atMs);
      this.#changed({ atMs: this.#elapsed(atMs), scenario: each.name, rate });
    }
  }

  #find(name: string): CompiledScenario {
    const scenario = this.#run.scenarios.find((candidate) => candidate.name === name);
    if (scenario === undefined) {
      const names = this.#run.scenarios.map((candidate) => candidate.name).join(', ');
      throw invalid(`there is no scenario ${show(name)}; expected one of: ${names}.`);
    }
    const elapsedMs = this.#elapsed(this.#now());
    const { startTimeMs, plannedDurationMs } = scenario.executor;
    if (elapsedMs >= startTimeMs + plannedDurationMs) {
      throw new EngineError('wrong-state', `scenario "${name}" has ended: its load can no longer be set.`);
    }
    return scenario;
  }

  /** What a scenario asks for now, as it was planned or set. */
  #asked(scenario: CompiledScenario): AskedLoad {
    const { executor, index } = scenario;
    const planned = askedLoad(executor);
    const level = this.#users.get(index);
    if (level !== undefined) return level.asked(this.#now());
    const rate = this.#rates.get(index);
    if (rate === undefined || !('timeUnitMs' in executor)) return planned;
    const perSecond = (rate * 1000) / executor.timeUnitMs;
    return { users: planned.users, startsPerSecond: perSecond, iterationsPerSecond: perSecond };
  }

  /** The number of users that is wanted at a clock time. */
  #usersAt({ executor, index }: CompiledScenario, atMs: number): number {
    const level = this.#users.get(index);
    if (level !== undefined) return level.at(atMs);
    const elapsedMs = this.#elapsed(atMs) - executor.startTimeMs;
    if (Number.isNaN(this.#originMs) || elapsedMs < 0) return 0;
    if (executor.kind === 'ramping-vus') {
      return planUserSteps(executor.startVUs, executor.stages).findLast((step) => step.atMs <= elapsedMs)!
        .users;
    }
    return 'vus' in executor ? executor.vus : 0;
  }

  #checkCeilings(
    changed: readonly CompiledScenario[],
    askedOf: (scenario: CompiledScenario) => AskedLoad,
    what: string,
  ): void {
    if (this.#ceilings.length === 0) return;
    let users = 0;
    let requests = 0;
    for (const scenario of this.#run.scenarios) {
      const asked = changed.includes(scenario) ? askedOf(scenario) : this.#asked(scenario);
      users += asked.users;
      requests += requestsPerSecond(scenario.definition, asked);
    }
    const planned = { users, requestsPerSecond: requests, durationMs: 0 };
    const [exceeded] = this.#ceilings.flatMap((ceilings) => exceededCeiling(planned, ceilings) ?? []);
    if (exceeded === undefined) return;
    const { ceiling, limit } = exceeded;
    const sum = ceiling === 'maxUsers' ? `${users} in all` : `up to ${Math.ceil(requests)} requests/s in all`;
    throw new EngineError(
      'target-not-allowed',
      `${what} would make ${sum}, but allow permits at most ${limit}${ceiling === 'maxUsers' ? '' : '/s'} (${ceiling}).`,
    );
  }

  #now(): number {
    return this.#resolved.clock.now();
  }

  /** Since the start of the run; 0 before it. */
  #elapsed(clockMs: number): number {
    return Number.isNaN(this.#originMs) ? 0 : Math.max(0, clockMs - this.#originMs);
  }
}

function invalid(message: string): EngineError {
  return new EngineError('invalid-option', message);
}
