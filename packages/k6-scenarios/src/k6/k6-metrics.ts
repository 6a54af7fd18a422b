import type { MetricDeclaration, Tags } from '@jarvis-load/engine';
import { Counter, Gauge, Rate, Trend } from 'k6/metrics';
import type { Metric } from 'k6/metrics';

/** Every request of the run by its outcome: tags `name`, `outcome`, and of failures `code` and `reason`. */
export const OUTCOMES_METRIC = 'jarvis_outcomes';
/** From asking for a request to its last byte: the native engine's metric of that name; tagged as the outcomes. */
export const RESPONSE_TIME_METRIC = 'response_time';
/** Iterations that ended with an exception, by `message`. */
export const EXCEPTIONS_METRIC = 'jarvis_exceptions';
/** Iterations that began: k6 counts those that ended, and the difference was cut off by the end of the run. */
export const STARTED_METRIC = 'jarvis_started_iterations';

/** The metrics of a test. k6 lets them be made in the init phase only. */
export class K6Metrics {
  readonly outcomes = new Counter(OUTCOMES_METRIC);
  readonly responseTime = new Trend(RESPONSE_TIME_METRIC, true);
  readonly exceptions = new Counter(EXCEPTIONS_METRIC);
  readonly started = new Counter(STARTED_METRIC);
  readonly #declared = new Map<string, Metric>();

  constructor(declarations: Iterable<MetricDeclaration>) {
    for (const declaration of declarations) {
      if (!this.#declared.has(declaration.name)) this.#declared.set(declaration.name, make(declaration));
    }
  }

  /** Adds a value; false when the scenario declares no such metric. */
  add(name: string, value: number, tags: Tags | undefined): boolean {
    const metric = this.#declared.get(name);
    metric?.add(value, tags);
    return metric !== undefined;
  }
}

function make({ name, kind, unit }: MetricDeclaration): Metric {
  // k6 formats a trend as a time only when it is told so, and takes it as milliseconds.
  const isTime = unit === 'ms';
  switch (kind) {
    case 'counter':
      return new Counter(name);
    case 'gauge':
      return new Gauge(name, isTime);
    case 'rate':
      return new Rate(name);
    case 'trend':
      return new Trend(name, isTime);
  }
}
