/**
 * The level at which each of several hypotheses is tested, so that the chance of even one false rejection is at most
 * `alpha` (Holm 1979): the smallest p at alpha/m, the next at alpha/(m-1), and so on until one is not rejected; that and
 * all later ones stay at the level reached. A hypothesis is rejected exactly if its p is below its level.
 * @returns the levels in the order of `pValues`
 */
export function holmLevels(pValues: readonly number[], alpha: number): number[] {
  const levels = pValues.map(() => alpha);
  let rejected = 0;
  let rejecting = true;
  const order = pValues.map((p, index) => ({ p, index })).toSorted((a, b) => a.p - b.p);
  for (const { p, index } of order) {
    const level = alpha / (pValues.length - rejected);
    levels[index] = level;
    rejecting &&= p < level;
    if (rejecting) rejected++;
  }
  return levels;
}
