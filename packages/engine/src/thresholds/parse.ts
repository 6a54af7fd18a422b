import { EngineError } from '../errors.ts';
import { isPlainObject, OptionReader } from '../input/option-reader.ts';
import { check, flag, required, textLike, type Rules } from '../input/rules.ts';
import type { ThresholdOptions, Thresholds } from '../model/scenario.ts';
import { show } from '../show.ts';
import { parseExpression, type ThresholdExpression } from './parse-expression.ts';
import { parseSelector, type MetricSelector } from './parse-selector.ts';

/** One threshold of a scenario or a run, read but not yet bound to a metric. */
export interface ParsedThreshold {
  readonly selector: MetricSelector;
  readonly expression: ThresholdExpression;
  readonly abortOnFail: boolean;
  readonly delayAbortMs: number;
  /** Not judged where its metric has no sample. */
  readonly optional: boolean;
}

/**
 * Reads thresholds as k6 takes them: by metric, each a text or `{ threshold, abortOnFail, delayAbortEval }`, and `optional`.
 * @throws EngineError `invalid-threshold`
 */
export function parseThresholds(thresholds: Thresholds): ParsedThreshold[] {
  if (!isPlainObject(thresholds)) {
    throw new EngineError(
      'invalid-threshold',
      `thresholds is ${show(thresholds)}; expected lists by metric, such as { http_req_duration: ['p(95)<500'] }.`,
    );
  }
  return Object.entries(thresholds).flatMap(([metric, list]) => {
    const selector = parseSelector(metric);
    // Reject an empty list: it would silently judge nothing.
    if (!Array.isArray(list) || list.length === 0) {
      throw new EngineError(
        'invalid-threshold',
        `thresholds of ${metric} are ${show(list)}; expected a list of at least one, such as ['p(95)<500'].`,
      );
    }
    return Array.from(list, (item: string | ThresholdOptions) => {
      const { threshold, ...options } = readOptions(item, metric);
      return { selector, expression: parseExpression(threshold, metric), ...options };
    });
  });
}

const OPTIONS: Rules<ThresholdOptions> = {
  threshold: required(textLike("a string such as 'p(95)<500'")),
  abortOnFail: flag,
  delayAbortEval: (reader, option) => void reader.duration(option, 0),
  optional: flag,
};

function readOptions(item: unknown, metric: string) {
  if (typeof item === 'string')
    return { threshold: item, abortOnFail: false, delayAbortMs: 0, optional: false };
  const owner = { name: `a threshold of ${metric}`, noun: 'option', code: 'invalid-threshold' } as const;
  if (!isPlainObject(item)) {
    throw new EngineError(
      'invalid-threshold',
      `${owner.name}: ${show(item)}; expected a string such as 'p(95)<500', or { threshold, abortOnFail }.`,
    );
  }
  const reader = new OptionReader(item, owner);
  check(reader, OPTIONS);
  return {
    threshold: reader.text('threshold'),
    abortOnFail: reader.has('abortOnFail') && reader.flag('abortOnFail'),
    delayAbortMs: reader.duration('delayAbortEval', 0),
    optional: reader.has('optional') && reader.flag('optional'),
  };
}
