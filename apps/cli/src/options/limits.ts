/**
 * The most that a flag takes, in one place. Beyond these a value is a slip of the keyboard, and the generator could not do
 * it: a timer of Node holds 24.8 days, and one machine makes fewer than a million requests a second.
 */
export const LIMITS = {
  users: 1_000_000,
  ratePerSecond: 1_000_000,
  iterations: 1_000_000_000,
  durationMs: 24 * 86_400_000,
} as const;
