interface Series {
  readonly tags?: Readonly<Record<string, string>>;
  readonly columns: readonly string[];
  readonly values: readonly (readonly (string | number | null)[])[];
}

/** Asks an InfluxDB in InfluxQL. */
export class InfluxApi {
  readonly #url: string;
  readonly #headers: Readonly<Record<string, string>>;

  constructor(url: string, headers: Readonly<Record<string, string>> = {}) {
    this.#url = url;
    this.#headers = headers;
  }

  async ask(query: string, database: string): Promise<readonly Series[]> {
    const parameters = new URLSearchParams({ db: database, q: query }).toString();
    const response = await fetch(`${this.#url}/query?${parameters}`, { headers: this.#headers });
    const { results, error } = (await response.json()) as {
      readonly results?: readonly { readonly series?: readonly Series[]; readonly error?: string }[];
      readonly error?: string;
    };
    const problem = error ?? results?.[0]?.error;
    if (problem !== undefined) throw new Error(`${query}: ${problem}`);
    return results?.[0]?.series ?? [];
  }

  /** Sums of fields over the points of a run. */
  async sums(
    measurement: string,
    fields: readonly string[],
    testid: string,
    database: string,
  ): Promise<readonly (string | number | null)[]> {
    const chosen = fields.map((field) => `sum("${field}")`).join(', ');
    const [series] = await this.ask(
      `SELECT ${chosen} FROM "${measurement}" WHERE "testid" = '${testid}'`,
      database,
    );
    return series?.values[0]?.slice(1) ?? [];
  }
}

/** The query as Grafana sends it. @param testid pattern of the runs that a person chose */
export function filledInInflux(text: string, testid: string): string {
  return text
    .replaceAll('$timeFilter', 'time > now() - 1h')
    .replaceAll('$testid', testid)
    .replaceAll('$operation', '.*')
    .replaceAll('$__interval_ms', '1000')
    .replaceAll('$__interval', '1s');
}

/** Columns of annotations, of values of a tag and of the verdict. */
const TEXTS = new Set(['time', 'title', 'text', 'key', 'value', 'verdict', 'reasons']);

/**
 * Whether there is something to draw: a number beside the time; of annotations, values of a tag and verdicts, a text.
 */
export function hasValue(series: readonly Series[]): boolean {
  return series.some(({ columns, values }) => {
    const words = columns.every((column) => TEXTS.has(column));
    const isValue = (value: string | number | null): boolean =>
      words ? typeof value === 'string' && value !== '' : Number.isFinite(value);
    return values.some((row) => row.some((value, place) => columns[place] !== 'time' && isValue(value)));
  });
}
