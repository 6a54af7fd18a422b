import { PERCENTILES } from '@jarvis-load/engine/result';
import type { PercentileValues } from '@jarvis-load/engine/result';

/** Locust's percentile columns (`get_readable_percentiles` in its stats.py): `50%` ... `99.99%`, `100%`. */
export const PERCENTILE_COLUMNS: readonly string[] = [...PERCENTILES.map((p) => `${p}%`), '100%'];

/** The cells below {@link PERCENTILE_COLUMNS}, in milliseconds; `N/A` without samples, as in Locust. */
export function percentileCells(
  percentiles: PercentileValues,
  maxMs: number | null,
): readonly (string | number)[] {
  return [...PERCENTILES.map((p) => percentiles[`p${p}`]), maxMs].map((value) => value ?? 'N/A');
}
