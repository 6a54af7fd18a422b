import { DataqueryBuilder, PromQueryFormat } from '@grafana/grafana-foundation-sdk/prometheus';
import { SOURCE } from './panels.ts';

/** A query over time. @param legend Grafana's pattern, such as `{{operation}}` */
export function over(expression: string, legend: string): DataqueryBuilder {
  return new DataqueryBuilder().datasource(SOURCE).expr(expression).legendFormat(legend).range();
}

/** The value at the end of the time range, for tables and single numbers. */
export function last(expression: string, legend = ''): DataqueryBuilder {
  return new DataqueryBuilder().datasource(SOURCE).expr(expression).legendFormat(legend).instant();
}

/** A table of the values at the end of the time range. */
export function table(expression: string, refId: string): DataqueryBuilder {
  return last(expression).format(PromQueryFormat.Table).refId(refId);
}

/** Selects the runs, and the operations where they apply, that a person chose: variables of `prometheusDashboard`. */
export const RUN = 'testid=~"$testid"';
export const OPERATION = `${RUN}, operation=~"$operation"`;

/** The rate of a counter. @param by labels that stay */
export function rate(counter: string, selector: string, by: string): string {
  return `sum by (${by}) (rate(${counter}{${selector}}[$__rate_interval]))`;
}

/** A quantile of a histogram, from its merged buckets. @param by labels that stay */
export function quantile(q: number, histogram: string, selector: string, by: string): string {
  const labels = by === '' ? 'le' : `le, ${by}`;
  return `histogram_quantile(${q}, ${rate(`${histogram}_bucket`, selector, labels)})`;
}

/** The last value of each series in the time range, also of runs that have ended. */
export function lastOf(series: string, selector: string): string {
  return `last_over_time(${series}{${selector}}[$__range])`;
}
