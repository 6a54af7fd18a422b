/** The figures that are compared. */
export const METRICS = ['p50', 'p95', 'p99', 'errors', 'throughput'] as const;
/** One of them: response times of good answers, share of failed requests, completed requests per second. */
export type Metric = (typeof METRICS)[number];

/** Further response times of good answers: told beside their figures, without a part in the finding of an operation or of the whole. */
export const FURTHER = ['mean', 'p99.9', 'max'] as const;
/** One of them. */
export type FurtherMetric = (typeof FURTHER)[number];

/** The quantile of a latency metric. */
export const QUANTILES: Readonly<Partial<Record<Metric | FurtherMetric, number>>> = {
  p50: 0.5,
  p95: 0.95,
  p99: 0.99,
  'p99.9': 0.999,
};

/** What counts as a difference. */
export interface Tolerance {
  /** A change up to here is never called worse or better: a share of the base, of errors a difference of shares. */
  readonly change: number;
  /** The same in milliseconds, of latencies. */
  readonly floorMs?: number;
  /** The finding is no-difference if the interval excludes changes larger than this; else it cannot be told. */
  readonly largest: number;
}

/** Tolerances by metric. */
export type Tolerances = Readonly<Record<Metric, Tolerance>>;

/** The tolerances where none are given. */
export const DEFAULT_TOLERANCES: Tolerances = {
  p50: { change: 0.05, floorMs: 1, largest: 0.25 },
  p95: { change: 0.1, floorMs: 1, largest: 0.25 },
  p99: { change: 0.1, floorMs: 1, largest: 0.25 },
  errors: { change: 0.001, largest: 0.025 },
  throughput: { change: 0.05, largest: 0.25 },
};

/** The metric whose tolerance a further one has. */
export const TOLERANCE_OF: Readonly<Record<FurtherMetric, Metric>> = {
  mean: 'p50',
  'p99.9': 'p99',
  max: 'p99',
};

/** Whether more of it is better. */
export function higherIsBetter(metric: Metric | FurtherMetric): boolean {
  return metric === 'throughput';
}
