import type { Limit } from '@jarvis-load/charts';
import { formatLimit, type ObjectiveResult, type ThresholdResult } from '@jarvis-load/engine/result';

/**
 * A higher limit would scale the data down to a flat line: limits above this multiple of the highest value are not
 * drawn.
 */
const MOST_ABOVE = 3;
/** A percentile of a whole-run latency metric against an upper limit, without a window. */
const PLAIN = /^p\(([\d.]+)\)\s*<=?\s*[\d.]+\s*(?:ms|s)?$/;
const METRIC = /^(response_time|service_time|http_req_duration)(?:\{scenario:[^,}]*\})?$/;

/** Limits to draw, and a sentence about those above the range of the chart. */
export interface DrawnLimits {
  readonly shown: readonly Limit[];
  readonly note: string;
}

/**
 * Limits of the chart of the whole run. It covers all scenarios, so a limit on one of several does not apply to its
 * lines.
 */
export function latencyLimits(
  thresholds: readonly ThresholdResult[],
  scenarios: number,
  highestMs: number,
): DrawnLimits {
  return within(
    thresholds.flatMap(({ metric, expression, scenario, limit, unit }) => {
      const percentile = PLAIN.exec(expression.trim())?.[1];
      const name = METRIC.exec(metric)?.[1];
      if (percentile === undefined || unit !== 'ms' || name === undefined) return [];
      if ((scenario !== null || name !== metric) && scenarios > 1) return [];
      return [{ label: `${name} p${percentile} < ${formatLimit(limit, 'ms')}`, value: limit }];
    }),
    highestMs,
  );
}

/** Limits of the chart of one operation: its objectives of latency. */
export function objectiveLimits(
  objectives: readonly ObjectiveResult[],
  operation: string,
  highestMs: number,
): DrawnLimits {
  return within(
    objectives.flatMap((objective) =>
      objective.operation === operation && objective.aspect.startsWith('p')
        ? [
            {
              label: `${objective.aspect} < ${formatLimit(objective.limit, 'ms')}`,
              value: objective.limit,
            },
          ]
        : [],
    ),
    highestMs,
  );
}

function within(limits: readonly Limit[], highestMs: number): DrawnLimits {
  const shown = limits.filter(({ value }) => value <= highestMs * MOST_ABOVE);
  const above = limits.filter((limit) => !shown.includes(limit));
  const note =
    above.length === 0 ? '' : ` Far above this chart: ${above.map(({ label }) => label).join('; ')}.`;
  return { shown, note };
}
