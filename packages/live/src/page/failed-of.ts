import { isFailure, OUTCOMES, type Outcome } from '@jarvis-load/engine/outcome';

const NOT_FAILED = OUTCOMES.filter((outcome) => !isFailure(outcome));

/** Failed requests. What is missing in `outcomes` has failed: of an earlier run they have `ok` alone. */
export function failedOf({
  requests,
  outcomes,
}: {
  readonly requests: number;
  readonly outcomes: Readonly<Record<string, number>>;
}): number {
  return NOT_FAILED.reduce((left, outcome) => left - (outcomes[outcome] ?? 0), requests);
}

/** The outcomes of failed requests that occurred, with their numbers. */
export function failuresByOutcome(
  outcomes: Readonly<Partial<Record<string, number>>>,
): readonly (readonly [Outcome, number])[] {
  return OUTCOMES.filter(isFailure)
    .map((outcome) => [outcome, outcomes[outcome] ?? 0] as const)
    .filter(([, count]) => count > 0);
}
