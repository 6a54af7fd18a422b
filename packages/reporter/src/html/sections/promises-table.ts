import { FURTHER, METRICS, type FurtherMetric, type Metric } from '@jarvis-load/compare';
import { Arrows, type Arrow } from '../../comparison/arrow.ts';
import { isMissed, promisesOf, type PromiseView } from '../../view/promise.ts';
import { formatCount, type RunResult } from '@jarvis-load/engine/result';
import { STATUS_WORDS } from '../../view/status.ts';
import { isLatency, judgedOperation, scopeOf, statisticOf } from '../../view/threshold-scope.ts';
import type { HtmlCell, HtmlTable } from '../table-model.ts';

/** Thresholds and objectives: a table of those missed or not proven, one of those kept, one of those not measurable. */
export function promisesTables(
  result: RunResult,
  arrows: Arrows = new Arrows(undefined),
): {
  readonly open: HtmlTable;
  readonly kept: HtmlTable;
  readonly keptTitle: string;
  readonly unmeasurable: HtmlTable;
  readonly unmeasurableTitle: string;
} {
  const promises = promisesOf(result);
  const arrowOf = (promise: PromiseView): Arrow | undefined => {
    const figure = comparedFigure(result, promise);
    return figure && arrows.ofAll(figure.operation, figure.metric);
  };
  const kept = promises.filter(({ status }) => status === 'pass');
  const unmeasurable = promises.filter(({ status }) => status === 'not-measurable');
  const open = promises
    .filter((promise) => !kept.includes(promise) && !unmeasurable.includes(promise))
    .toSorted((a, b) => Number(isMissed(b)) - Number(isMissed(a)));
  return {
    open: table('Promises that were missed or could not be proven', open, arrowOf),
    kept: table('Promises that were kept', kept, arrowOf),
    keptTitle: `${formatCount(kept.length)} kept`,
    unmeasurable: table('Promises that this profile cannot measure', unmeasurable, arrowOf),
    unmeasurableTitle: `${formatCount(unmeasurable.length)} not measurable with this profile`,
  };
}

/** The figure of a comparison that a promise is about: its operation, {@link ALL} for all, and the metric. */
function comparedFigure(
  result: RunResult,
  { kind, index }: PromiseView,
): { readonly operation: string; readonly metric: Metric | FurtherMetric } | undefined {
  if (kind === 'objective') {
    const { operation, aspect } = result.objectives[index]!;
    return { operation, metric: ASPECTS[aspect] };
  }
  const threshold = result.thresholds[index]!;
  const scope = scopeOf(threshold);
  // A window is not the run.
  const operation =
    scope === undefined || scope.windowMs !== undefined
      ? undefined
      : judgedOperation(scope, result.operations);
  if (scope === undefined || operation === undefined) return undefined;
  if (scope.metric === 'http_req_failed')
    return scope.aggregate.kind === 'rate' ? { operation, metric: 'errors' } : undefined;
  const statistic = statisticOf(scope);
  const name = statistic === 'avg' ? 'mean' : statistic;
  const metric = [...METRICS, ...FURTHER].find((each) => each === name);
  // Response times are compared, so no others.
  const isCompared = scope.metric === 'response_time' && isLatency(scope.metric, result);
  return isCompared && metric !== undefined ? { operation, metric } : undefined;
}

const ASPECTS = {
  p50: 'p50',
  p95: 'p95',
  p99: 'p99',
  errorRate: 'errors',
  requestsPerSecond: 'throughput',
} as const satisfies Record<RunResult['objectives'][number]['aspect'], Metric>;

function table(
  caption: string,
  promises: readonly PromiseView[],
  arrowOf: (promise: PromiseView) => Arrow | undefined,
): HtmlTable {
  return {
    caption,
    columns: [
      { title: 'Of' },
      { title: 'Promise' },
      { title: 'Verdict' },
      { title: 'Measured', numeric: true },
      { title: 'Limit', numeric: true },
      { title: 'Margin', numeric: true },
      { title: 'Remark' },
    ],
    rows: promises.map((promise, index) => ({
      cells: [
        {
          text: promise.subject,
          code: true,
          repeated: promises[index - 1]?.subject === promise.subject,
        },
        { text: promise.name },
        { text: STATUS_WORDS[promise.status], status: promise.status },
        measuredCell(promise, arrowOf(promise)),
        { text: promise.limit },
        { text: promise.margin },
        { text: promise.remark },
      ],
    })),
  };
}

function measuredCell({ measured, status }: PromiseView, arrow: Arrow | undefined): HtmlCell {
  return {
    text: measured,
    ...(status === 'fail' ? { tone: 'fail' } : {}),
    ...(arrow === undefined ? {} : { arrow }),
  };
}
