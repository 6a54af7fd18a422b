import type { Query } from './dashboards.ts';

/** A series of an answer: one value, or several over time, which may be native histograms. */
export interface Row {
  readonly metric: Readonly<Record<string, string>>;
  readonly value?: readonly [time: number, value: string];
  readonly values?: readonly (readonly [time: number, value: string])[];
  readonly histograms?: readonly (readonly [time: number, histogram: { readonly count: string }])[];
}

/** Asks a server that speaks Prometheus' HTTP API. Times are seconds since the epoch. */
export class PrometheusApi {
  readonly #url: string;

  constructor(url: string) {
    this.#url = url;
  }

  async ask<T = readonly Row[]>(path: string, parameters: Readonly<Record<string, string>>): Promise<T> {
    const response = await fetch(`${this.#url}/api/v1/${path}?${new URLSearchParams(parameters).toString()}`);
    if (!response.ok) throw new Error(`${JSON.stringify(parameters)}: ${await response.text()}`);
    const { data } = (await response.json()) as { data: { result: T } | T };
    return Array.isArray(data) ? (data as T) : (data as { result: T }).result;
  }

  at(query: string, time?: number): Promise<readonly Row[]> {
    return this.ask('query', { query, ...(time === undefined ? {} : { time: String(time) }) });
  }

  over(query: string, start: number, end: number, step = 1): Promise<readonly Row[]> {
    return this.ask('query_range', { query, start: String(start), end: String(end), step: String(step) });
  }

  /** Names of metrics, or values of another label, of the series that match. */
  values(label: string, match: string): Promise<readonly string[]> {
    return this.ask(`label/${label}/values`, { 'match[]': match });
  }
}

/** Whether there is a number to draw: a row of NaN alone is an empty chart. */
export function hasNumber(rows: readonly Row[]): boolean {
  return rows.some(({ value, values = [], histograms = [] }) =>
    [
      ...(value === undefined ? [] : [value[1]]),
      ...values.map(([, each]) => each),
      ...histograms.map(([, { count }]) => count),
    ].some((text) => Number.isFinite(Number(text))),
  );
}

/** A run as Grafana asks for it. */
export interface Shown {
  /** Pattern of the runs that a person chose. */
  readonly testid: string;
  /** Pattern of the servers that a person chose. */
  readonly server: string;
  /** Time range, seconds since the epoch. */
  readonly start: number;
  readonly end: number;
  /** When the person looks at figures and tables. */
  readonly looks: readonly number[];
}

/** The query as Grafana sends it for a scrape interval of 2 s. */
export function filledIn(text: string, { testid, server }: Pick<Shown, 'testid' | 'server'>): string {
  return text
    .replaceAll('$testid', testid)
    .replaceAll('$operation', '.*')
    .replaceAll('$server', server)
    .replaceAll('$__rate_interval', '8s')
    .replaceAll('$__range', '10m');
}

const LABEL_VALUES = /^label_values\((?<match>.*), (?<label>\w+)\)$/;

/** Whether a query of a dashboard has data: over the time range, or at one of the looks. */
export async function answers(prometheus: PrometheusApi, query: Query, shown: Shown): Promise<boolean> {
  const { start, end, looks } = shown;
  const text = filledIn(query.text, shown);
  const variable = LABEL_VALUES.exec(text)?.groups;
  if (variable !== undefined)
    return (await prometheus.values(variable['label']!, variable['match']!)).length > 0;
  if (query.kind === 'instant')
    return (await Promise.all(looks.map((time) => prometheus.at(text, time)))).some(hasNumber);
  if (text !== '$analyze_metric') return hasNumber(await prometheus.over(text, start, end));
  // A person chooses one of these names.
  const names = await prometheus.values('__name__', `{__name__=~"k6_.+", testid=~"${shown.testid}"}`);
  const shownNames = await Promise.all(
    names.map(async (name) => hasNumber(await prometheus.over(name, start, end))),
  );
  return names.length > 20 && shownNames.every(Boolean);
}
