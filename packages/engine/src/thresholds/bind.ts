import { didYouMean } from '../did-you-mean.ts';
import { EngineError } from '../errors.ts';
import type { MetricKind } from '../model/scenario.ts';
import { show } from '../show.ts';
import type { ParsedThreshold } from './parse.ts';
import type { Aggregate, Operator, ThresholdExpression } from './parse-expression.ts';
import type { MetricSelector } from './parse-selector.ts';
import { unitFactor, unitsFor } from './units.ts';

/** Properties of a metric that a threshold depends on. */
export interface MetricType {
  readonly kind: MetricKind;
  /** `ms`, `s`, `bytes`, `share`, `count` or empty. */
  readonly unit: string;
}

/** A threshold checked against its metric, with its limit converted to the metric's unit. */
export interface BoundThreshold {
  readonly selector: MetricSelector;
  /** As written. */
  readonly source: string;
  readonly kind: MetricKind;
  readonly aggregate: Aggregate;
  readonly operator: Operator;
  readonly limit: number;
  /** Of the limit and of what is measured: `ms`, `s`, `share`, `count`, `per second`, `bytes`, ... or empty. */
  readonly unit: string;
  readonly windowMs: number | undefined;
  readonly abortOnFail: boolean;
  readonly delayAbortMs: number;
  readonly optional: boolean;
}

/** k6's methods by kind, `count` of a trend, and the counts behind a rate by the names of k6's summary. */
const METHODS: Readonly<
  Record<MetricKind, { readonly kinds: readonly Aggregate['kind'][]; readonly text: string }>
> = {
  counter: { kinds: ['count', 'rate'], text: 'count, rate' },
  gauge: { kinds: ['value'], text: 'value' },
  rate: { kinds: ['rate', 'passes', 'fails'], text: 'rate, passes, fails' },
  trend: {
    kinds: ['avg', 'min', 'med', 'max', 'quantile', 'count'],
    text: 'avg, min, med, max, p(N), count',
  },
};

/**
 * Checks that the metric exists and supports the method, and converts the limit.
 * @throws EngineError `invalid-threshold`
 */
export function bindThreshold(
  parsed: ParsedThreshold,
  metrics: ReadonlyMap<string, MetricType>,
): BoundThreshold {
  const { selector, expression, abortOnFail, delayAbortMs, optional } = parsed;
  const metric = metrics.get(selector.metric);
  if (metric === undefined) {
    const names = [...metrics.keys()];
    throw new EngineError(
      'invalid-threshold',
      `threshold ${show(expression.source)}: there is no metric ${show(selector.metric)}.${didYouMean(selector.metric, names)} ` +
        `Metrics: ${names.join(', ')}.`,
    );
  }
  const { source, aggregate, operator, windowMs } = expression;
  const method = METHODS[metric.kind];
  if (!method.kinds.includes(aggregate.kind)) {
    throw new EngineError(
      'invalid-threshold',
      `threshold ${show(source)} of ${selector.metric}: a ${metric.kind} has no ${methodName(aggregate)}; ` +
        `expected one of ${method.text}.`,
    );
  }
  const unit = measuredUnit(metric, aggregate);
  const limit = convertLimit(expression, selector.metric, unit);
  return {
    selector,
    source,
    kind: metric.kind,
    aggregate,
    operator,
    limit,
    unit,
    windowMs,
    abortOnFail,
    delayAbortMs,
    optional,
  };
}

function convertLimit(expression: ThresholdExpression, metric: string, unit: string): number {
  const factor = unitFactor(expression.unit, unit);
  if (factor === undefined) {
    throw new EngineError(
      'invalid-threshold',
      `threshold ${show(expression.source)} of ${metric}: unit ${show(expression.unit)} does not fit what is measured ` +
        `(${unit === '' ? 'a plain number' : unit}); expected ${unitsFor(unit)}, or the number alone.`,
    );
  }
  // 1 % is 0.01, and 29 % is 0.29, not 0.29000000000000004.
  return factor === 1 ? expression.limit : Number((expression.limit * factor).toPrecision(15));
}

function measuredUnit(metric: MetricType, aggregate: Aggregate): string {
  switch (metric.kind) {
    case 'rate':
      return aggregate.kind === 'rate' ? 'share' : 'count';
    case 'counter': {
      const bytes = metric.unit === 'bytes';
      if (aggregate.kind === 'rate') return bytes ? 'bytes per second' : 'per second';
      return bytes ? 'bytes' : 'count';
    }
    case 'trend':
      return aggregate.kind === 'count' ? 'count' : metric.unit;
    case 'gauge':
      return metric.unit;
  }
}

function methodName(aggregate: Aggregate): string {
  return aggregate.kind === 'quantile' ? `p(${Number((aggregate.p * 100).toPrecision(12))})` : aggregate.kind;
}
