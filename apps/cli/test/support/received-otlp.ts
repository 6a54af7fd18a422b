import { readFileSync } from 'node:fs';

interface Attribute {
  readonly key: string;
  readonly value: { readonly stringValue?: string; readonly intValue?: string };
}

interface Point {
  readonly attributes?: readonly Attribute[];
  readonly asDouble?: number;
  readonly asInt?: string;
  readonly count?: string;
}

interface Request {
  readonly resourceMetrics: readonly {
    readonly resource: { readonly attributes: readonly Attribute[] };
    readonly scopeMetrics: readonly {
      readonly metrics: readonly {
        readonly name: string;
        readonly sum?: { readonly dataPoints: readonly Point[] };
        readonly histogram?: { readonly dataPoints: readonly Point[] };
      }[];
    }[];
  }[];
}

/** What the OTLP receiver wrote down: a line of OTLP JSON for each request that it took. */
export class ReceivedOtlp {
  readonly #requests: readonly Request[];

  constructor(file: string) {
    const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
    this.#requests = lines.map((line) => JSON.parse(line) as Request);
  }

  resource(): Record<string, string | undefined> {
    return labelsOf(this.#requests[0]?.resourceMetrics[0]?.resource.attributes);
  }

  /** Sum of a counter, or number of values in a histogram, in the first request that has it. */
  first(metric: string): number | undefined {
    return this.#sums(metric, () => true)[0];
  }

  /** The same in the last request. */
  last(metric: string, wanted: (labels: Record<string, string | undefined>) => boolean = () => true) {
    return this.#sums(metric, wanted).at(-1);
  }

  /** Values of an attribute as they were sent, each once. */
  attribute(metric: string, name: string): readonly Attribute['value'][] {
    const points = this.#requests.flatMap(({ resourceMetrics }) =>
      resourceMetrics.flatMap(({ scopeMetrics }) =>
        scopeMetrics.flatMap(({ metrics }) =>
          metrics
            .filter((one) => one.name === metric)
            .flatMap(({ sum, histogram }) => (sum ?? histogram)?.dataPoints ?? []),
        ),
      ),
    );
    const values = points.flatMap(({ attributes = [] }) =>
      attributes.filter(({ key }) => key === name).map(({ value }) => JSON.stringify(value)),
    );
    return [...new Set(values)].map((text) => JSON.parse(text) as Attribute['value']);
  }

  #sums(metric: string, wanted: (labels: Record<string, string | undefined>) => boolean): number[] {
    return this.#requests.flatMap(({ resourceMetrics }) => {
      const found = resourceMetrics.flatMap(({ scopeMetrics }) =>
        scopeMetrics.flatMap(({ metrics }) => metrics.filter(({ name }) => name === metric)),
      );
      const points = found.flatMap(({ sum, histogram }) => (sum ?? histogram)?.dataPoints ?? []);
      const values = points
        .filter(({ attributes }) => wanted(labelsOf(attributes)))
        .map(({ asDouble, asInt, count }) => Number(asDouble ?? asInt ?? count ?? 0));
      return found.length === 0 ? [] : [values.reduce((total, value) => total + value, 0)];
    });
  }
}

function labelsOf(attributes: readonly Attribute[] = []): Record<string, string | undefined> {
  return Object.fromEntries(attributes.map(({ key, value }) => [key, value.stringValue]));
}
