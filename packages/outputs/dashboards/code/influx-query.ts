import type * as cog from '@grafana/grafana-foundation-sdk/cog';
import { SOURCE } from './panels.ts';

/** A query of Grafana's InfluxDB data source in InfluxQL, for which the SDK has no type. */
interface InfluxQuery extends cog.Dataquery {
  readonly refId?: string;
  readonly datasource: typeof SOURCE;
  readonly query: string;
  readonly rawQuery: true;
  readonly resultFormat: 'time_series' | 'table';
  readonly alias: string;
}

/** @param alias Grafana's pattern, such as `$tag_operation` */
export function influx(
  query: string,
  alias: string,
  resultFormat: 'time_series' | 'table' = 'time_series',
): cog.Builder<InfluxQuery> {
  return {
    build: () => ({
      datasource: SOURCE,
      query,
      rawQuery: true,
      resultFormat,
      alias,
      _implementsDataqueryVariant: () => undefined,
    }),
  };
}

/**
 * `SELECT fields FROM measurement` over the runs of the variable `$testid`, per interval.
 * @param by tags that stay
 * @param where a further condition, beginning with ` AND`
 */
export function series(fields: string, measurement: string, by: readonly string[], where = ''): string {
  const tags = by.map((tag) => `, "${tag}"`).join('');
  return `SELECT ${fields} FROM "${measurement}" WHERE $timeFilter AND "testid" =~ /^$testid$/${where} GROUP BY time($__interval)${tags} fill(none)`;
}

/** The last value of a gauge of each run, added up over the parts of one. @param by tag that stays */
export function sumOfRuns(gauge: string, measurement: string, by: string): string {
  const each = series(`last("${gauge}") AS "each"`, measurement, ['testid', 'run_id', by]);
  return `SELECT sum("each") FROM (${each}) WHERE $timeFilter GROUP BY time($__interval), "${by}" fill(none)`;
}

/** A counted field per second, whatever the interval of a panel. */
export function perSecond(field: string): string {
  return `sum("${field}") * 1000 / $__interval_ms`;
}
