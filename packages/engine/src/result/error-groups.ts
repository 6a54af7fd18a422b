import { OUTCOMES } from '../outcome.ts';
import type { ErrorInterval, ExceptionInterval } from '../model/thread-interval.ts';
import { addException, mostGroups, type Mutable } from '../recorder/error-recorder.ts';
import type { RecordedRun } from '../model/compiled-run.ts';
import type { ErrorGroup, ExceptionGroup } from '../document/schema.ts';

/** Most groups in a document, see `mostGroups`; further failures are only counted. */
const MAX_GROUPS = 200;

/** Scenario index of exceptions whose scenario is unknown. */
export const OF_NO_SCENARIO = -1;

/**
 * Errors and exceptions of a run or an interval, grouped, bounded. What is added is redacted already, and is not changed:
 * groups are copies. `fresh` holds the added objects themselves, and only until the next `add`.
 */
export class ErrorGroups {
  notKept = 0;
  readonly #limit: number;
  readonly #fresh = new Set<ErrorInterval | ExceptionInterval>();
  readonly #errors = new Map<string, Mutable<ErrorInterval>>();
  readonly #exceptions = new Map<string, Mutable<ExceptionInterval>>();

  /** @param limit most groups, twice as many for the generator's own limits; further failures are only counted */
  constructor(limit = MAX_GROUPS) {
    this.#limit = limit;
  }

  /** Of what was added last, the first of their groups, or the first ones with a trace id. */
  get fresh(): ReadonlySet<ErrorInterval | ExceptionInterval> {
    return this.#fresh;
  }

  add(errors: readonly ErrorInterval[], exceptions: readonly ExceptionInterval[], notKept: number): void {
    this.notKept += notKept;
    this.#fresh.clear();
    for (const error of errors) {
      const key = `${error.operation} ${error.outcome} ${error.code} ${error.message}`;
      const group = this.#errors.get(key);
      if (group !== undefined) {
        grow(group, error);
        if (group.sample.traceId === undefined && error.sample.traceId !== undefined) {
          group.sample = error.sample;
          this.#fresh.add(error);
        }
      } else if (this.#errors.size < mostGroups(error.code, this.#limit)) {
        this.#errors.set(key, { ...error });
        this.#fresh.add(error);
      } else this.notKept += error.count;
    }
    for (const exception of exceptions) {
      const before = this.#exceptions.size;
      addException(this.#exceptions, exception, this.#limit);
      if (this.#exceptions.size > before) this.#fresh.add(exception);
    }
  }

  /** The groups in the order in which they were added. */
  get groups(): {
    readonly errors: readonly ErrorInterval[];
    readonly errorsNotKept: number;
    readonly exceptions: readonly ExceptionInterval[];
  } {
    return {
      errors: [...this.#errors.values()],
      errorsNotKept: this.notKept,
      exceptions: [...this.#exceptions.values()],
    };
  }

  /** @param startWallMs start of the run, milliseconds since the epoch */
  errors(run: RecordedRun, startWallMs: number): ErrorGroup[] {
    return [...this.#errors.values()]
      .sort((a, b) => b.count - a.count)
      .map((group) => {
        const { scenario, operation } = run.operations[group.operation]!;
        return {
          scenario,
          operation: operation.name,
          method: operation.method,
          route: operation.route,
          outcome: OUTCOMES[group.outcome]!,
          code: group.code,
          message: group.message,
          count: group.count,
          firstSeen: iso(startWallMs + group.firstMs),
          lastSeen: iso(startWallMs + group.lastMs),
          example: { ...group.sample },
        };
      });
  }

  exceptions(run: RecordedRun, startWallMs: number): ExceptionGroup[] {
    return [...this.#exceptions.values()]
      .sort((a, b) => b.count - a.count)
      .map(({ scenario, message, traceback, count, firstMs, lastMs }) => ({
        scenario: run.scenarios[scenario]?.name ?? '*',
        message,
        traceback,
        count,
        firstSeen: iso(startWallMs + firstMs),
        lastSeen: iso(startWallMs + lastMs),
      }));
  }

  /** Failed requests whose error has one of these codes. */
  countOf(codes: ReadonlySet<string>): number {
    let count = 0;
    for (const group of this.#errors.values()) if (codes.has(group.code)) count += group.count;
    return count;
  }

  /** @param scenario by index; {@link OF_NO_SCENARIO}: of none that is known */
  exceptionsOf(scenario: number): number {
    let count = 0;
    for (const group of this.#exceptions.values()) if (group.scenario === scenario) count += group.count;
    return count;
  }
}

function grow(
  group: { count: number; firstMs: number; lastMs: number },
  more: { count: number; firstMs: number; lastMs: number },
): void {
  group.count += more.count;
  group.firstMs = Math.min(group.firstMs, more.firstMs);
  group.lastMs = Math.max(group.lastMs, more.lastMs);
}

function iso(wallMs: number): string {
  return new Date(wallMs).toISOString();
}
