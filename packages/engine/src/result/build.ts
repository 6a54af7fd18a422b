import { arch, cpus, platform, release, totalmem } from 'node:os';
import type { MetricCatalog } from '../metrics/catalog.ts';
import type { ResolvedExecutor } from '../executors/resolved.ts';
import type { RunOptions } from '../options.ts';
import type { Aggregator } from '../run/aggregator.ts';
import type { CompiledRun } from '../run/compile.ts';
import { ENGINE_VERSION, type ResolvedRun } from '../run/resolve-options.ts';
import type { ThresholdJudge } from '../thresholds/judge.ts';
import { judgeObjectives } from './judge-objectives.ts';
import { latencyStats } from './latency-stats.ts';
import { metricResults } from './metric-results.ts';
import { judgeNotes, modelNotes } from './model-notes.ts';
import { operationStats } from './operation-stats.ts';
import {
  RESULT_SCHEMA_VERSION,
  type GeneratorHealth,
  type Iterations,
  type ResultNote,
  type RunResult,
  type ScenarioResult,
} from './schema.ts';
import { judgeRun } from './verdict.ts';

const MAX_STAGES = 300;

/** Everything a document is made of. */
export interface ResultParts {
  readonly resolved: ResolvedRun;
  readonly run: CompiledRun;
  readonly aggregator: Aggregator;
  readonly catalog: MetricCatalog;
  readonly thresholds: ThresholdJudge;
  readonly health: GeneratorHealth;
  readonly end: RunResult['run']['end'];
  /** Milliseconds since the epoch. */
  readonly startWallMs: number;
  readonly notes: readonly ResultNote[];
}

/** The result document of a run. */
export function buildResult(parts: ResultParts): RunResult {
  const { resolved, run, aggregator, end, health, startWallMs } = parts;
  const { options } = resolved;
  const { total, errors } = aggregator;
  const durationMs = total.durationMs;
  const scenarios = run.scenarios.map((scenario): ScenarioResult => {
    const measures = total.scenarios[scenario.index]!;
    const { definition, executor } = scenario;
    return {
      name: scenario.name,
      ...(definition.description === undefined ? {} : { description: definition.description }),
      executor: describeExecutor(executor),
      model: executor.model,
      iterations: iterationsOf(measures.counts),
      iterationDuration: latencyStats(measures.iterationDuration),
      plannedDurationMs: executor.plannedDurationMs,
      maxUsers: measures.maxUsers,
      exceptions: errors.exceptionsOf(scenario.index),
      tags: { ...definition.tags, ...executor.tags },
    };
  });
  // Operations of setup alone, such as a shared login, have nothing to say about the load.
  const used = run.operations.filter(({ index }) => {
    const { requests, interrupted } = total.operations[index]!;
    return requests + interrupted > 0;
  });
  const operations = used.map(({ index, scenario, operation }) =>
    operationStats(
      { scenario, operation: operation.name, method: operation.method, route: operation.route },
      total.operations[index]!,
      durationMs,
    ),
  );
  const totals = operationStats(
    { scenario: '*', operation: '*', method: '', route: '' },
    total.mergeOperations(),
    durationMs,
  );
  const objectives = judgeObjectives(options.objectives ?? [], {
    run,
    total,
    maxUsers: total.scenarios.map(({ maxUsers }) => maxUsers),
    durationMs,
  });
  const thresholds = parts.thresholds.results(total);
  const requestsOf = new Map<string, { requests: number; ok: number }>();
  for (const { scenario, requests, outcomes } of operations) {
    const sum = requestsOf.get(scenario) ?? { requests: 0, ok: 0 };
    requestsOf.set(scenario, { requests: sum.requests + requests, ok: sum.ok + outcomes.ok });
  }
  return {
    schemaVersion: RESULT_SCHEMA_VERSION,
    kind: 'jarvis-load.result',
    generator: { name: 'jarvis-load', version: ENGINE_VERSION, engine: 'native' },
    run: {
      id: resolved.runId,
      startedAt: new Date(startWallMs).toISOString(),
      endedAt: new Date(startWallMs + durationMs).toISOString(),
      durationMs,
      plannedDurationMs: run.plannedDurationMs,
      seed: resolved.seed,
      tags: { ...options.tags },
      end,
    },
    target: target(options, resolved),
    config: { ...options.describe?.config },
    environment: environment(),
    verdict: judgeRun({
      end,
      requests: totals.requests,
      scenarios,
      requestsOf,
      thresholds,
      objectives,
      health,
      strict: options.strict ?? false,
    }),
    iterations: iterationsOf({
      planned: total.total('planned'),
      completed: total.total('completed'),
      failed: total.total('failed'),
      dropped: total.total('dropped'),
      interrupted: total.total('interrupted'),
    }),
    totals,
    scenarios,
    operations,
    thresholds,
    objectives,
    checks: total.checks.flatMap((checks, index) =>
      [...checks].map(([name, counts]) => ({ scenario: run.scenarios[index]!.name, name, ...counts })),
    ),
    metrics: metricResults(parts.catalog, total),
    errors: errors.errors(run, startWallMs),
    errorsNotKept: errors.notKept,
    exceptions: errors.exceptions(run, startWallMs),
    series: aggregator.series.result(),
    health,
    notes: [...parts.notes, ...modelNotes(total), ...judgeNotes(thresholds.length + objectives.length)],
  };
}

function target(
  { describe }: RunOptions,
  { target: { origin, pathPrefix } }: ResolvedRun,
): RunResult['target'] {
  const { name, dialect, detail } = describe?.target ?? { name: origin };
  return {
    name,
    url: origin + pathPrefix,
    ...(dialect === undefined ? {} : { dialect }),
    ...(detail === undefined ? {} : { detail }),
  };
}

/** Executor options as they were resolved; the stages of a long load shape would be most of the document. */
function describeExecutor(executor: ResolvedExecutor): Record<string, unknown> {
  if (!('stages' in executor) || executor.stages.length <= MAX_STAGES) return { ...executor };
  const stagesOmitted = executor.stages.length - MAX_STAGES;
  return { ...executor, stages: executor.stages.slice(0, MAX_STAGES), stagesOmitted };
}

function iterationsOf({ planned, completed, failed, dropped, interrupted }: Iterations): Iterations {
  return { planned, completed, failed, dropped, interrupted };
}

function environment(): RunResult['environment'] {
  const all = cpus();
  return {
    node: process.version,
    platform: `${platform()} ${release()} ${arch()}`,
    cpu: all[0]?.model ?? 'unknown',
    cpus: all.length,
    memoryBytes: totalmem(),
  };
}
