import type { ErrorPart, RunInfo, ScenarioPart, SnapshotPart } from '@jarvis-load/engine';
import type { Failure, Now, ScenarioRow } from '../api/run-schema.ts';

/** Further groups are not kept: there are so many only if messages differ from request to request. */
const MOST_FAILURES = 100;
const MOST_EXCEPTIONS = 50;
/** Characters of an answer. */
const BODY_LENGTH = 600;

/**
 * Adds up what each interval adds to groups: failures, exceptions and iterations. Bounded: of further groups only the number of
 * failures and exceptions is kept.
 *
 * Must hold: `add` gets each interval once. Texts are redacted before they are kept; keys are not, and are never shown. `values`
 * are handed out by the store, so a row is replaced, not changed.
 */
export class Groups {
  readonly #failures = new Map<string, Failure>();
  readonly #exceptions = new Map<string, Now['exceptions'][number]>();
  readonly #scenarios = new Map<string, ScenarioRow>();
  #failuresNotListed = 0;
  #exceptionsNotListed = 0;
  readonly #redact: (text: string) => string;

  /** @param redact removes secrets from text of the target */
  constructor(run: RunInfo, redact: (text: string) => string) {
    this.#redact = redact;
    for (const { name, demand } of run.scenarios)
      this.#scenarios.set(name, {
        scenario: name,
        users: 0,
        targetUsers: 0,
        iterations: 0,
        plannedRequests: demand === undefined ? null : { ...demand.requests },
      });
  }

  add(delta: SnapshotPart): void {
    this.#failuresNotListed += delta.errorsNotKept;
    for (const error of delta.errors) this.#addFailure(error);
    for (const { scenario, message, count } of delta.exceptions) {
      const key = `${scenario}\n${message}`;
      const known = this.#exceptions.get(key);
      if (known !== undefined) this.#exceptions.set(key, { ...known, count: known.count + count });
      else if (this.#exceptions.size < MOST_EXCEPTIONS)
        this.#exceptions.set(key, { scenario, message: this.#redact(message), count });
      else this.#exceptionsNotListed += count;
    }
    for (const part of delta.scenarios) this.#addScenario(part);
  }

  get values(): Pick<
    Now,
    'failures' | 'failuresNotListed' | 'exceptions' | 'exceptionsNotListed' | 'scenarios'
  > {
    return {
      failures: [...this.#failures.values()].toSorted((a, b) => b.count - a.count),
      failuresNotListed: this.#failuresNotListed,
      exceptions: [...this.#exceptions.values()],
      exceptionsNotListed: this.#exceptionsNotListed,
      scenarios: [...this.#scenarios.values()],
    };
  }

  /** Final numbers with what only the plan knows: it is not in the document. */
  withPlan(now: Now): Now {
    const planned = (name: string) => this.#scenarios.get(name)?.plannedRequests ?? null;
    const scenarios = now.scenarios?.map((row) => ({ ...row, plannedRequests: planned(row.scenario) }));
    return { ...now, scenarios: scenarios ?? null };
  }

  #addFailure(error: ErrorPart): void {
    const { scenario, operation, outcome, code, message, count, firstMs, lastMs, example } = error;
    const key = [scenario, operation, outcome, code, message].join('\n');
    const known = this.#failures.get(key);
    if (known !== undefined)
      this.#failures.set(key, {
        ...known,
        count: known.count + count,
        lastMs: Math.max(known.lastMs, lastMs),
        ...(example?.traceId === undefined || known.example.traceId !== undefined
          ? {}
          : { example: this.#exampleOf(example) }),
      });
    else if (this.#failures.size < MOST_FAILURES)
      this.#failures.set(key, {
        scenario,
        operation,
        outcome,
        code,
        message: this.#redact(message),
        count,
        firstMs,
        lastMs,
        example: this.#exampleOf(example),
      });
    else this.#failuresNotListed += count;
  }

  #exampleOf(example: ErrorPart['example']): Failure['example'] {
    return {
      status: example?.status ?? null,
      request: this.#redact(example?.request ?? ''),
      body: this.#redact(example?.body ?? '').slice(0, BODY_LENGTH),
      ...(example?.traceId === undefined ? {} : { traceId: example.traceId }),
    };
  }

  #addScenario({ scenario, counts, users, targetUsers }: ScenarioPart): void {
    const known = this.#scenarios.get(scenario);
    if (known === undefined) return;
    const iterations = known.iterations + counts.completed;
    this.#scenarios.set(scenario, { ...known, users, targetUsers, iterations });
  }
}
