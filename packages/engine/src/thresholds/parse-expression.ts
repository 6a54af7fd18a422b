import { readDuration } from '../duration.ts';
import { show } from '../show.ts';
import { Scanner } from './scanner.ts';

/** Statistic of a metric that is compared with the limit. */
export type Aggregate =
  | { readonly kind: 'avg' | 'min' | 'med' | 'max' | 'count' | 'rate' | 'passes' | 'fails' | 'value' }
  /** `p(95)` is quantile 0.95. */
  | { readonly kind: 'quantile'; readonly p: number };

export const OPERATORS = ['<=', '<', '>=', '>', '===', '==', '!='] as const;
export type Operator = (typeof OPERATORS)[number];

/** A threshold as written, before it is known which metric it judges. */
export interface ThresholdExpression {
  /** As given, spaces included: the reporter parses it again. */
  readonly source: string;
  readonly aggregate: Aggregate;
  readonly operator: Operator;
  /** The number as written, in `unit`. */
  readonly limit: number;
  /** As written, such as `ms` or `%`; empty: the metric's own. */
  readonly unit: string;
  /** Every sliding window of this length is judged, instead of the run; milliseconds. */
  readonly windowMs: number | undefined;
}

const EXAMPLES = 'p(95)<500, p(99.9)<1.5s, avg<=200ms, rate<1%, count>=100, p(95)<500ms over 30s';
const METHODS = 'a method: avg, min, med, max, p(N), count, rate, passes, fails or value';

/**
 * Reads k6's `method operator number` (k6: metrics/thresholds_parser.go), with four additions: a unit after the
 * number, `count` for trends, `passes` and `fails` for rates, and `over <duration>`.
 * @param metric named in errors
 * @throws EngineError `invalid-threshold`: names the expression, the position and what was expected
 */
export function parseExpression(source: string, metric: string): ThresholdExpression {
  const scanner = new Scanner(source, `threshold ${show(source)} of ${metric}`, EXAMPLES);
  scanner.skipSpace();
  const aggregate = readAggregate(scanner);
  scanner.skipSpace();
  const operator = scanner.expect(/<=|<|>=|>|===|==|!=/y, `an operator: ${OPERATORS.join(' ')}`) as Operator;
  scanner.skipSpace();
  const written = scanner.expect(/[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?/iy, 'a number');
  const limit = Number(written);
  if (!Number.isFinite(limit)) scanner.fail('a smaller number', written.length);
  const unit = scanner.take(/\s*(?!over\b)(?:%|\/s|[a-zµμ]+(?:\/s)?)/iy)?.trim() ?? '';
  scanner.skipSpace();
  const windowMs = scanner.take(/over\s+/y) === undefined ? undefined : readWindow(scanner);
  if (!scanner.atEnd) scanner.fail("a unit, 'over' and a duration, or nothing more");
  return { source, aggregate, operator, limit, unit, windowMs };
}

function readAggregate(scanner: Scanner): Aggregate {
  const word = scanner.expect(/[a-z]+/y, METHODS);
  switch (word) {
    case 'avg':
    case 'min':
    case 'med':
    case 'max':
    case 'count':
    case 'rate':
    case 'passes':
    case 'fails':
    case 'value':
      return { kind: word };
    case 'p': {
      scanner.expect(/\s*\(\s*/y, "'(' and a percentile");
      const text = scanner.expect(/\d+(?:\.\d*)?|\.\d+/y, 'a percentile from 0 to 100');
      if (Number(text) > 100) scanner.fail('a percentile from 0 to 100', text.length);
      scanner.expect(/\s*\)/y, "')'");
      // 99.9 / 100 is 0.9990000000000001.
      return { kind: 'quantile', p: Number((Number(text) / 100).toPrecision(15)) };
    }
    default:
      return scanner.fail(METHODS, word.length);
  }
}

/** Windows are made of the run's intervals, which last a second. */
function readWindow(scanner: Scanner): number {
  const text = scanner.expect(/\S+/y, 'the length of the window, such as 30s');
  // Require a unit: digits alone would be milliseconds, too short for a window.
  const ms = /^[\d.]+$/.test(text) ? undefined : readDuration(text);
  if (ms === undefined || ms === 0 || ms % 1000 !== 0) {
    scanner.fail('the length of the window in whole seconds, such as 30s or 1m30s', text.length);
  }
  scanner.skipSpace();
  return ms;
}
