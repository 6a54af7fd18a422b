import { EngineError } from '../errors.ts';
import { show } from '../show.ts';
import type { BoundThreshold } from './bind.ts';
import type { Operator } from './parse-expression.ts';

/** The values that can be measured; nothing for what may be negative, such as a metric of the caller. */
function rangeOf({ unit }: BoundThreshold, builtin: boolean): readonly [number, number] | undefined {
  if (unit === 'share') return [0, 1];
  return builtin ? [0, Number.POSITIVE_INFINITY] : undefined;
}

/** What is the same for every value of the range: always true, never true; `undefined`: it depends. */
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
 * Refuses a threshold that holds for every value that can be measured, or for none: it judges nothing.
 * @param builtin whether the metric is one of the engine's, none of which is ever negative
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
  // Most who write 5 for a share mean per cent.
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
