/** Events among a number of trials. */
export interface Share {
  readonly count: number;
  /** At least 1: of 0 trials the interval is NaN. */
  readonly of: number;
}

/** z of a two-sided interval of 95 %. */
const Z_95 = 1.959963984540054;

/** Wilson's score interval of one share. @param z standard normal quantile of its ends. @default 95 % */
export function wilsonInterval({ count, of }: Share, z = Z_95): readonly [number, number] {
  const p = count / of;
  const square = z * z;
  const middle = (p + square / (2 * of)) / (1 + square / of);
  const half = (z / (1 + square / of)) * Math.sqrt((p * (1 - p)) / of + square / (4 * of * of));
  return [Math.max(0, middle - half), Math.min(1, middle + half)];
}
