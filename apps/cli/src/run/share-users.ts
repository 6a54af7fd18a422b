import { distributeUsers } from '@jarvis-load/engine';
import { usageError } from '../cli-error.ts';
import type { FlagText } from '../options/flag.ts';
import type { LoadSettings } from '../options/load-settings.ts';

/**
 * Divides the users of a run among its scenarios in proportion to their weights, at least one each; the parts sum to
 * the total, unless all weights are 0: then each has one.
 * @param flag the flag in the error
 * @throws CliError when there are fewer users than scenarios
 */
export function shareUsers(
  total: number,
  weights: readonly number[],
  flag: FlagText<LoadSettings>,
): readonly number[] {
  const count = weights.length;
  if (total < count)
    throw usageError(
      'users-share',
      `${flag}: ${total} is less than one for each of ${count} scenarios`,
      `${count} or more, or fewer scenarios (--scenario)`,
    );
  // A part that rounds to 0 is fixed at one user, and the others share the rest.
  const single = new Set<number>();
  for (;;) {
    const parts = distributeUsers(
      total,
      weights.map((weight, index) => (single.has(index) ? { fixedCount: 1 } : { weight })),
    );
    const none = parts.indexOf(0);
    if (none < 0) return parts;
    single.add(none);
  }
}
