import type { MetricDeclaration, Tags } from '@jarvis-load/engine';
import { Counter, Gauge, Rate, Trend } from 'k6/metrics';
import type { Metric } from 'k6/metrics';
import { OWN_METRICS, STREAM_METRICS, type StreamMetric } from './own-metrics.ts';

/** The metrics of a test. Must be created in the init phase, as k6 requires. */
export class K6Metrics {
  readonly outcomes = new Counter(OWN_METRICS.outcomes);
  readonly responseTime = new Trend(OWN_METRICS.responseTime, true);
  readonly exceptions = new Counter(OWN_METRICS.exceptions);
  readonly started = new Counter(OWN_METRICS.started);
  /** k6's own metric: a metric of the same name and kind is the same one. */
  readonly groupDuration = new Trend('group_duration', true);
  /** Present where the test can open WebSockets. */
  readonly turnTime: Trend | undefined;
  readonly #declared = new Map<string, Metric>();
  readonly #streams = new Map<StreamMetric, Trend>();

  /** @param hasSockets whether the test can open WebSockets */
  constructor(declarations: Iterable<MetricDeclaration>, hasSockets = false) {
    if (hasSockets) {
      this.turnTime = new Trend(OWN_METRICS.turnTime, true);
      for (const name of STREAM_METRICS) this.#streams.set(name, new Trend(name, true));
    }
    for (const declaration of declarations) {
      if (!this.#declared.has(declaration.name)) this.#declared.set(declaration.name, make(declaration));
    }
  }

  /** Adds a time of a stream. */
  stream(name: StreamMetric, ms: number, tags: Tags): void {
    this.#streams.get(name)?.add(ms, tags);
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
