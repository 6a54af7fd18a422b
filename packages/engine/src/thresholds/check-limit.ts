import { EngineError } from '../errors.ts';
import { show } from '../show.ts';
import type { BoundThreshold } from './bind.ts';
import type { Operator } from './parse-expression.ts';

/* Thresholds of a run are checked by `refuseConstant` once bound; those of ingested results are not. */

/** Range of possible values; `undefined` for gauges of scenarios, the only metric that takes negative values in a native run. */
function rangeOf({ kind, unit }: BoundThreshold, builtin: boolean): readonly [number, number] | undefined {
  if (unit === 'share') return [0, 1];
  return builtin || kind !== 'gauge' ? [0, Number.POSITIVE_INFINITY] : undefined;
}

/** Whether the comparison is always true or always false within the range; `undefined`: depends on the value. */
function constantOf(operator: Operator, limit: number, low: number, high: number): boolean | undefined {
  switch (operator) {
    case '<':
      return limit <= low ? false : limit > high ? true : undefined;
    case '<=':
      return limit < low ? false : limit >= high ? true : undefined;
    case '>':
      return limit >= high ? false : limit < low ? true : undefined;
    case '>=':
      return limit > high ? false : limit <= low ? true : undefined;
    case '==':
    case '===':
      return limit < low || limit > high ? false : undefined;
    case '!=':
      return limit < low || limit > high ? true : undefined;
  }
}

/**
 * Rejects a threshold that is true for every possible value or for none: it judges nothing.
 * @param builtin whether the metric is built-in: then a gauge is never negative
 * @throws EngineError `invalid-threshold`
 */
export function refuseConstant(threshold: BoundThreshold, builtin: boolean): void {
  const range = rangeOf(threshold, builtin);
  if (range === undefined) return;
  const { operator, limit, source, unit, selector } = threshold;
  const [low, high] = range;
  const constant = constantOf(operator, limit, low, high);
  if (constant === undefined) return;
  const what = unit === 'share' ? 'a share from 0 to 1' : 'never negative';
  // A limit such as 5 for a share is probably meant as per cent.
  const percent = unit === 'share' && limit > 1 && limit <= 100;
  const meant = source.replace(/([\d.]+)\s*$/, '$1%');
  throw new EngineError(
    'invalid-threshold',
    `threshold ${show(source)} of ${selector.metric} can never ${constant ? 'fail' : 'pass'}: what it judges is ${what}; ` +
      (percent
        ? `did you mean ${show(meant)}?`
        : 'expected a limit that some values keep and others do not.'),
  );
}
