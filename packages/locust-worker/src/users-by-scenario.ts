import type { ClassCounts } from './protocol/master-message.ts';

/**
 * Users of each scenario for the counts of a master. Classes that stand for no scenario of this worker, such as the one of
 * a master with an empty file, are shared over all scenarios.
 *
 * @param classes class name by scenario
 * @param share divides users over the scenarios as the profile does
 */
export function usersByScenario(
  counts: ClassCounts,
  classes: ReadonlyMap<string, string>,
  share: (users: number) => Readonly<Record<string, number>>,
): Record<string, number> {
  const known = new Set(classes.values());
  const others = Object.entries(counts)
    .filter(([name]) => !known.has(name))
    .reduce((sum, [, users]) => sum + users, 0);
  const shared = others === 0 ? {} : share(others);
  return Object.fromEntries(
    [...classes].map(([scenario, name]) => [
      scenario,
      (Object.hasOwn(counts, name) ? counts[name]! : 0) + (shared[scenario] ?? 0),
    ]),
  );
}
