/** Failed requests: neither ok nor left by the scenario. */
export function failedOf({
  requests,
  outcomes,
}: {
  readonly requests: number;
  readonly outcomes: Readonly<Record<string, number>>;
}): number {
  return requests - (outcomes['ok'] ?? 0) - (outcomes['hung_up'] ?? 0);
}
