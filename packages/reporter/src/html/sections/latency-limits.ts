import { formatLatency, trimZeros, type ThresholdResult } from '@jarvis-load/engine/result';
import type { ChartData } from '../chart-data.ts';

/**
 * A higher limit would scale the data down to a flat line: limits above this multiple of the highest value are not
 * drawn.
 */
const MOST_ABOVE = 3;
/** A percentile of a whole-run latency metric against an upper limit, without a window. */
const PLAIN = /^p\(([\d.]+)\)\s*<=?\s*[\d.]+\s*(?:ms|s)?$/;
const METRIC = /^(response_time|service_time|http_req_duration)(?:\{scenario:[^,}]*\})?$/;

/**
 * Limits to draw in the latency chart, and a sentence about those above its range. The chart covers the whole run, so a
 * limit on one of several scenarios does not apply to its lines.
 */
export function latencyLimits(
  thresholds: readonly ThresholdResult[],
  scenarios: number,
  highestMs: number,
): { readonly shown: ChartData['limits']; readonly note: string } {
  const plain = thresholds.flatMap(({ metric, expression, scenario, limit, unit }) => {
    const percentile = PLAIN.exec(expression.trim())?.[1];
    const name = METRIC.exec(metric)?.[1];
    if (percentile === undefined || unit !== 'ms' || name === undefined) return [];
    if ((scenario !== null || name !== metric) && scenarios > 1) return [];
    return [{ label: `${name} p${percentile} < ${trimZeros(formatLatency(limit))}`, value: limit }];
  });
  const shown = plain.filter(({ value }) => value <= highestMs * MOST_ABOVE);
  const above = plain.filter((limit) => !shown.includes(limit));
  const note =
    above.length === 0 ? '' : ` Far above this chart: ${above.map(({ label }) => label).join('; ')}.`;
  return { shown, note };
}
