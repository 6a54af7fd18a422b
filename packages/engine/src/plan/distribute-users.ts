/** A share of the users of a run, with the semantics of Locust's user classes. */
export interface UserShare {
  /** Relative to the others. @default 1 */
  readonly weight?: number;
  /** A fixed number of users, assigned before the weighted shares; less only when the total is too small. */
  readonly fixedCount?: number;
}

/**
 * Divides users among kinds of user: fixed counts first, in order, the rest by weight, rounded by largest remainder: each part
 * is within one user of its exact share. A share with a fixed count has no part in the rest. The parts sum to the total, unless no
 * other share has a weight above 0: then users beyond the fixed counts are left out.
 * @param total a whole number; the caller checks it, and that no weight is negative
 * @returns a number of users for each share, in order
 */
export function distributeUsers(total: number, shares: readonly UserShare[]): number[] {
  let left = total;
  const users = shares.map(({ fixedCount }) => {
    const fixed = Math.min(fixedCount ?? 0, left);
    left -= fixed;
    return fixed;
  });
  const weighted = shares.flatMap((share, index) =>
    share.fixedCount === undefined ? [{ index, weight: share.weight ?? 1 }] : [],
  );
  const sum = weighted.reduce((all, { weight }) => all + weight, 0);
  if (sum <= 0) return users;
  const exact = weighted.map(({ index, weight }) => ({ index, part: (left * weight) / sum }));
  for (const { index, part } of exact) users[index] = Math.floor(part);
  const given = exact.reduce((all, { part }) => all + Math.floor(part), 0);
  exact
    .toSorted((a, b) => (b.part % 1) - (a.part % 1) || a.index - b.index)
    .slice(0, left - given)
    .forEach(({ index }) => users[index]!++);
  return users;
}
