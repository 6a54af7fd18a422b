/**
 * Failed requests: neither ok nor left by the scenario, as `isFailure` of the engine. Another outcome that is no failure goes
 * here, and into `record/operation-totals.ts`, `components/operation-detail.tsx` and `apps/cli/src/screen/screen-lines.ts`.
 */
export function failedOf({
  requests,
  outcomes,
}: {
  readonly requests: number;
  readonly outcomes: Readonly<Record<string, number>>;
}): number {
  return requests - (outcomes['ok'] ?? 0) - (outcomes['hung_up'] ?? 0);
}
