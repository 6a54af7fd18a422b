import type { RunBasis } from '../aggregation/run-record.ts';
import { ENGINE_VERSION, type ResolvedRun } from '../definition/resolve-options.ts';
import type { MetricCatalog } from '../metrics/metric-catalog.ts';
import type { CompiledRun } from '../model/compiled-run.ts';
import { environment } from '../result/environment.ts';
import { known } from '../result/known.ts';

/**
 * What the record of a run is made of: plain data, as a journal and the document hold it.
 *
 * Must hold:
 * - `format` is `RECORD_FORMAT` of `replay/record-format.ts`, a higher layer: both change together.
 * - `tags` and `describe` are taken as given: the caller of the engine has removed secrets from them.
 */
export function runBasis(resolved: ResolvedRun, run: CompiledRun, { declared }: MetricCatalog): RunBasis {
  const { options, target, clock } = resolved;
  const { name, dialect, detail, clockAheadMs } = options.describe?.target ?? { name: target.origin };
  return {
    format: 3,
    generator: { name: 'jarvis-load', version: ENGINE_VERSION, engine: 'native' },
    runId: resolved.runId,
    seed: resolved.seed,
    preparedWallMs: clock.wallNow(),
    target: {
      name,
      url: target.origin + target.pathPrefix,
      ...(dialect === undefined ? {} : { dialect }),
      ...(detail === undefined ? {} : { detail }),
      ...(clockAheadMs === undefined ? {} : { clockAheadMs: { ...clockAheadMs } }),
    },
    environment: environment(),
    tags: { ...options.tags },
    config: { ...options.describe?.config },
    notes: [...(options.describe?.notes ?? [])],
    plannedDurationMs: known(run.plannedDurationMs),
    threads: resolved.threads,
    ...(options.part === undefined ? {} : { part: { ...options.part } }),
    scenarios: run.scenarios.map(({ name: scenario, definition, executor }) => ({
      name: scenario,
      ...(definition.description === undefined ? {} : { description: definition.description }),
      executor,
      tags: { ...definition.tags, ...executor.tags },
      ...(definition.demand === undefined ? {} : { demand: definition.demand }),
      thresholds: definition.thresholds ?? {},
      ...(definition.requestTags === undefined ? {} : { requestTags: definition.requestTags }),
    })),
    operations: run.operations.map(({ scenario, operation }) => ({
      scenario,
      operation: operation.name,
      method: operation.method,
      route: operation.route,
      ...(operation.tags === undefined ? {} : { tags: operation.tags }),
      ...(operation.stream === undefined ? {} : { stream: operation.stream }),
      ...(operation.good === undefined ? {} : { good: operation.good }),
    })),
    metrics: [...declared.values()].map(({ name: metric, kind, unit }) => ({
      name: metric,
      kind,
      ...(unit === undefined ? {} : { unit }),
      scenarios: run.scenarios.flatMap(({ name: owner, metrics }) => (metrics.has(metric) ? owner : [])),
      selections: [],
    })),
    objectives: options.objectives ?? [],
    judging: {
      thresholds: options.thresholds ?? {},
      strict: options.strict ?? false,
      maxDroppedShare: resolved.maxDroppedShare,
      realTime: options.clock === undefined,
      http2: resolved.transport.http2,
    },
  };
}
