/**
 * Maximum values of flags. Larger values are typing errors, and the generator could not handle them: Node's timers are
 * limited to 24.8 days, and one machine sends fewer than a million requests per second.
 */
export const LIMITS = {
  users: 1_000_000,
  ratePerSecond: 1_000_000,
  iterations: 1_000_000_000,
  durationMs: 24 * 86_400_000,
} as const;
