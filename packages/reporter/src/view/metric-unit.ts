import type { MetricResult } from '@jarvis-load/engine/result';

/** Unit of one value of a metric. @param value name in `values` */
export function metricUnit(kind: MetricResult['kind'], unit: string, value: string): string {
  if (kind === 'rate') return value === 'rate' ? 'share' : 'count';
  if (kind === 'counter' && value === 'rate') return 'per second';
  return unit === '' && kind === 'counter' ? 'count' : unit;
}
