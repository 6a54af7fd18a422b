import { didYouMean } from '../did-you-mean.ts';
import { DURATION_FORM, readDuration } from '../duration.ts';
import { EngineError } from '../errors.ts';
import type { ThresholdOptions, Thresholds } from '../scenario.ts';
import { show } from '../show.ts';
import { parseExpression, type ThresholdExpression } from './parse-expression.ts';
import { parseSelector, type MetricSelector } from './parse-selector.ts';

/** One threshold of a scenario or a run, read but not yet bound to a metric. */
export interface ParsedThreshold {
  readonly selector: MetricSelector;
  readonly expression: ThresholdExpression;
  readonly abortOnFail: boolean;
  readonly delayAbortMs: number;
}

const OPTIONS = ['threshold', 'abortOnFail', 'delayAbortEval'];

/**
 * Reads thresholds as k6 takes them: by metric, each a text or `{ threshold, abortOnFail, delayAbortEval }`.
 * @throws EngineError `invalid-threshold`
 */
export function parseThresholds(thresholds: Thresholds): ParsedThreshold[] {
  return Object.entries(thresholds).flatMap(([metric, list]) => {
    const selector = parseSelector(metric);
    if (!Array.isArray(list)) {
      throw new EngineError(
        'invalid-threshold',
        `thresholds of ${metric} are ${show(list)}; expected a list, such as ['p(95)<500'].`,
      );
    }
    return list.map((item: string | ThresholdOptions) => {
      const { threshold, abortOnFail, delayAbortMs } = readOptions(item, metric);
      return { selector, expression: parseExpression(threshold, metric), abortOnFail, delayAbortMs };
    });
  });
}

function readOptions(item: unknown, metric: string) {
  const refuse = (problem: string): never => {
    throw new EngineError('invalid-threshold', `a threshold of ${metric}: ${problem}`);
  };
  if (typeof item === 'string') return { threshold: item, abortOnFail: false, delayAbortMs: 0 };
  if (typeof item !== 'object' || item === null) {
    return refuse(`${show(item)}; expected a text such as 'p(95)<500', or { threshold, abortOnFail }.`);
  }
  for (const option of Object.keys(item)) {
    if (!OPTIONS.includes(option)) {
      refuse(`unknown option '${option}'.${didYouMean(option, OPTIONS)} Known: ${OPTIONS.join(', ')}.`);
    }
  }
  const { threshold, abortOnFail = false, delayAbortEval = 0 } = item as Readonly<Record<string, unknown>>;
  if (typeof threshold !== 'string') {
    return refuse(`threshold is ${show(threshold)}; expected a text such as 'p(95)<500'.`);
  }
  if (typeof abortOnFail !== 'boolean')
    return refuse(`abortOnFail is ${show(abortOnFail)}; expected true or false.`);
  const delayAbortMs = readDuration(delayAbortEval);
  if (delayAbortMs === undefined) {
    return refuse(`delayAbortEval is ${show(delayAbortEval)}; expected ${DURATION_FORM}.`);
  }
  return { threshold, abortOnFail, delayAbortMs };
}
