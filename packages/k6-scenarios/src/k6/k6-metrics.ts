import type { MetricDeclaration, Tags } from '@jarvis-load/engine';
import { Counter, Gauge, Rate, Trend } from 'k6/metrics';
import type { Metric } from 'k6/metrics';
import { OWN_METRICS } from './own-metrics.ts';

/** The metrics of a test. Must be created in the init phase, as k6 requires. */
export class K6Metrics {
  readonly outcomes = new Counter(OWN_METRICS.outcomes);
  readonly responseTime = new Trend(OWN_METRICS.responseTime, true);
  readonly exceptions = new Counter(OWN_METRICS.exceptions);
  readonly started = new Counter(OWN_METRICS.started);
  readonly #declared = new Map<string, Metric>();

  constructor(declarations: Iterable<MetricDeclaration>) {
    for (const declaration of declarations) {
      if (!this.#declared.has(declaration.name)) this.#declared.set(declaration.name, make(declaration));
    }
  }

  /** Adds a value; returns false when the scenario does not declare the metric. */
  add(name: string, value: number, tags: Tags | undefined): boolean {
    const metric = this.#declared.get(name);
    metric?.add(value, tags);
    return metric !== undefined;
  }
}

function make({ name, kind, unit }: MetricDeclaration): Metric {
  // k6 formats a trend as time, in milliseconds, only with this flag.
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
