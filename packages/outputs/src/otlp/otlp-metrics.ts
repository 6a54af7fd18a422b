import type { RunInfo, RunResult } from '@jarvis-load/engine';
import type { Second } from '../exporter.ts';
import type { ResourceMetrics } from '@opentelemetry/sdk-metrics';
import { AggregationTemporality, DataPointType, type MetricData } from '@opentelemetry/sdk-metrics';
import { resourceFromAttributes } from '@opentelemetry/resources';
import type { Family, Series } from '../metrics/family.ts';
import { RunMetrics } from '../metrics/run-metrics.ts';
import type { ConventionMetric } from './convention-metric.ts';
import { CustomMetrics } from './custom-metrics.ts';
import { GenAiMetrics } from './gen-ai-metrics.ts';
import { HttpClientDuration } from './http-client-duration.ts';

/*
 * Metrics for OTLP: `OtlpMetrics`. Must hold: one object per run, as values are cumulative since it was made; order of calls as
 * of `RunMetrics`. Of `RunMetrics` only families that begin with `jarvis_load_` are sent, none of k6 or Locust.
 */

/** Attributes that the conventions have as integers. */
const INTEGERS: ReadonlySet<string> = new Set(['server.port', 'http.response.status_code']);

function attributesOf({ labels }: Series): Record<string, string | number> {
  return Object.fromEntries(
    labels.map(([name, value]) => [name, INTEGERS.has(name) ? Number(value) : value]),
  );
}

type HrTime = [seconds: number, nanoseconds: number];

function hrTime(ms: number): HrTime {
  const seconds = Math.floor(ms / 1000);
  return [seconds, Math.round((ms - seconds * 1000) * 1e6)];
}

/** `jarvis_load_response_time_seconds` becomes `jarvis_load.response_time` with unit `s`. */
function described(family: Family): MetricData['descriptor'] {
  const unit = family.name.endsWith('_seconds') ? 's' : family.name.endsWith('_bytes') ? 'By' : '';
  const name = family.name.replace(/^jarvis_load_/, 'jarvis_load.').replace(/_(seconds|bytes)$/, '');
  // The enumeration of `@opentelemetry/api`: 1 is DOUBLE.
  return { name, description: family.help, unit, valueType: 1 };
}

/** The metrics of a run as OpenTelemetry has them: our own ones, custom ones, `http.client.request.duration`, those of GenAI. */
export class OtlpMetrics {
  readonly #metrics: RunMetrics;
  readonly #duration: HttpClientDuration;
  readonly #genAi: GenAiMetrics;
  readonly #custom: CustomMetrics;
  readonly #startTime: HrTime;
  readonly #resource: ResourceMetrics['resource'];
  readonly #version: string;

  constructor(run: RunInfo, intervalMs: number) {
    this.#metrics = new RunMetrics(run, intervalMs);
    this.#duration = new HttpClientDuration(run);
    this.#genAi = new GenAiMetrics(run);
    this.#custom = new CustomMetrics(run);
    this.#startTime = hrTime(Date.now());
    this.#version = run.generator.version;
    this.#resource = resourceFromAttributes({
      'service.name': 'jarvis-load',
      'service.version': run.generator.version,
      'service.instance.id': run.runId,
    });
  }

  add(second: Second): void {
    this.#metrics.add(second);
    this.#duration.add(second.delta.operations);
    this.#genAi.add(second.delta.operations);
    this.#custom.add(second.delta);
  }

  end(result: RunResult): void {
    this.#metrics.end(result);
  }

  /** @param timeMs since the epoch */
  collect(timeMs: number): { readonly resourceMetrics: ResourceMetrics; readonly points: number } {
    const endTime = hrTime(timeMs);
    const own = this.#metrics
      .collect()
      .filter(({ name }) => name.startsWith('jarvis_load_'))
      .map((family) => ({ descriptor: described(family), family }));
    const metrics = [this.#duration, ...this.#genAi.metrics, ...this.#custom.metrics, ...own].flatMap(
      (metric) => this.#metric(metric, endTime),
    );
    const points = metrics.reduce((sum, { dataPoints }) => sum + dataPoints.length, 0);
    const scope = { name: 'jarvis-load', version: this.#version };
    return { resourceMetrics: { resource: this.#resource, scopeMetrics: [{ scope, metrics }] }, points };
  }

  #metric({ descriptor, family }: ConventionMetric, endTime: HrTime): readonly MetricData[] {
    const series = family.series.filter(({ present }) => present);
    if (series.length === 0) return [];
    const point = (one: Series) => ({
      startTime: this.#startTime,
      endTime,
      attributes: attributesOf(one),
    });
    const base = { descriptor, aggregationTemporality: AggregationTemporality.CUMULATIVE };
    if (family.type === 'histogram')
      return [
        {
          ...base,
          dataPointType: DataPointType.HISTOGRAM,
          dataPoints: series.map((one) => ({
            ...point(one),
            value: {
              buckets: {
                boundaries: [...(one.buckets?.bounds ?? [])],
                counts: [...(one.buckets?.counts ?? [])],
              },
              sum: one.buckets?.sumSeconds ?? 0,
              count: one.buckets?.count ?? 0,
            },
          })),
        },
      ];
    const dataPoints = series.map((one) => ({ ...point(one), value: one.value }));
    if (family.type === 'counter')
      return [{ ...base, dataPointType: DataPointType.SUM, isMonotonic: true, dataPoints }];
    return [{ ...base, dataPointType: DataPointType.GAUGE, dataPoints }];
  }
}
