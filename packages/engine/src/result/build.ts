import type { ResolvedExecutor, UnknownExecutor } from '../model/resolved-executor.ts';
import type { Measures } from '../recorder/measures.ts';
import type { RecordedRun } from '../model/compiled-run.ts';
import { RESULT_SCHEMA_VERSION } from '../document/document-format.ts';
import { OF_NO_SCENARIO, type ErrorGroups } from './error-groups.ts';
import { environment } from './environment.ts';
import type { MachineFacts } from './excuse-objective.ts';
import { goodputOf } from '../metrics/goodput.ts';
import { known } from './known.ts';
import { latencyStats } from './latency-stats.ts';
import { clampNotes, judgeNotes, modelNotes } from './model-notes.ts';
import type { Objective } from '../model/objective.ts';
import { objectiveResults } from './objective-results.ts';
import type { SteeringChange } from '../model/steering.ts';
import { operationStats } from './operation-stats.ts';
import { tracesOf } from './traces.ts';
import type {
  GeneratorHealth,
  Iterations,
  MetricResult,
  ResultNote,
  RunResult,
  ScenarioResult,
  ThresholdResult,
} from '../document/schema.ts';
import { DEFAULT_MAX_DROPPED_SHARE } from '../definition/max-dropped-share.ts';
import { tagNotes, tagStats } from './tag-stats.ts';
import { judgeRun, type Finding } from './verdict.ts';

/*
 * Makes the document of a run. Pure, but for the environment of this machine where none is given.
 *
 * Must hold:
 * - `total` is complete, `durationMs` and the load times included; thresholds come judged, objectives are judged here.
 * - Texts are taken as they are: who shows or writes the document redacts it first (`Redactor.result`).
 * - A new part of the document also goes into `document/schema.ts`; `document/upgrade.ts` says what earlier documents lack.
 */

const MAX_STAGES = 300;

/** All inputs of a result document, from this engine or another load generator. */
export interface ResultParts {
  readonly generator: RunResult['generator'];
  readonly identity: Pick<RunResult['run'], 'id' | 'seed' | 'tags' | 'end' | 'pausedMs'>;
  readonly target: RunResult['target'];
  readonly config: RunResult['config'];
  readonly run: RecordedRun;
  readonly total: Measures;
  readonly errors: ErrorGroups;
  readonly series: RunResult['series'];
  /** Undefined where there was no request. */
  readonly blocks: RunResult['blocks'];
  readonly thresholds: readonly ThresholdResult[];
  readonly objectives: readonly Objective[];
  readonly metrics: readonly MetricResult[];
  readonly health: GeneratorHealth;
  /** What was measured of the machine; without it no failed promise is excused. @default nothing */
  readonly machine?: MachineFacts | undefined;
  /** The share of the planned rate that `total` is of: less than 1 of a part of a run. @default 1 */
  readonly offeredShare?: number;
  readonly strict: boolean;
  /**
   * The document restates the verdict of another tool: where no promise is proven, the run still passes if at least 20
   * samples stand behind one of them; not with `strict`. Otherwise a run in which nothing was proven is not valid. @default false
   */
  readonly restated?: boolean;
  /** Further findings of the load generator. @default none */
  readonly findings?: readonly Finding[];
  /** Scenarios that may do their work without an HTTP request, by name, such as those of WebSockets. @default none */
  readonly withoutRequests?: readonly string[];
  /** @default 0.01 */
  readonly maxDroppedShare?: number;
  /** Start of the clock of the run, milliseconds since the epoch. */
  readonly startWallMs: number;
  readonly notes: readonly ResultNote[];
  /** Changes of the load by the caller. @default none */
  readonly steering?: readonly SteeringChange[];
  /** The machine that generated the load; null: not known. @default this one */
  readonly environment?: RunResult['environment'];
  readonly extensions?: RunResult['extensions'];
}

/** The result document of a run. */
export function buildResult(parts: ResultParts): RunResult {
  const { run, total, errors, identity, health, startWallMs, thresholds } = parts;
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
      plannedDurationMs: executor.kind === null ? null : known(executor.plannedDurationMs),
      activeMs: total.activeMsOf(scenario.index) || null,
      maxUsers: known(measures.maxUsers),
      exceptions: errors.exceptionsOf(scenario.index),
      tags: { ...definition.tags, ...executor.tags },
    };
  });
  // Omit operations without a request in the load, such as a shared login in `setup`: they have no measurements.
  const used = run.operations.filter(({ index }) => {
    const { requests, interrupted } = total.operations[index]!;
    return requests + interrupted > 0;
  });
  const operations = used.map(({ index, scenario, operation }) =>
    operationStats(
      { scenario, operation: operation.name, method: operation.method, route: operation.route },
      total.operations[index]!,
      total.activeMs((name) => name === scenario),
      goodputOf(total, (each) => each.index === index),
    ),
  );
  const totals = operationStats(
    { scenario: '*', operation: '*', method: '', route: '' },
    total.mergeOperations(),
    total.activeMs(),
    goodputOf(total, () => true),
  );
  const traces = tracesOf(run, total);
  const tags = tagStats(total);
  const objectives = objectiveResults(parts.objectives, run, total, parts.machine, parts.offeredShare);
  const requestsOf = new Map<string, { requests: number; ok: number }>();
  for (const { scenario, requests, failed } of operations) {
    const sum = requestsOf.get(scenario) ?? { requests: 0, ok: 0 };
    requestsOf.set(scenario, { requests: sum.requests + requests, ok: sum.ok + requests - failed });
  }
  return {
    schemaVersion: RESULT_SCHEMA_VERSION,
    kind: 'jarvis-load.result',
    generator: parts.generator,
    run: {
      id: identity.id,
      startedAt: new Date(startWallMs).toISOString(),
      endedAt: new Date(startWallMs + durationMs).toISOString(),
      durationMs,
      plannedDurationMs: run.plannedDurationMs === null ? null : known(run.plannedDurationMs),
      pausedMs: identity.pausedMs,
      seed: identity.seed,
      tags: identity.tags,
      end: identity.end,
    },
    target: parts.target,
    config: parts.config,
    environment: parts.environment === undefined ? environment() : parts.environment,
    verdict: judgeRun({
      end: identity.end,
      requests: totals.requests,
      retries: totals.retries,
      scenarios,
      notAwaited: run.scenarios.flatMap(({ name, index }) => {
        const { notAwaited } = total.scenarios[index]!.counts;
        return notAwaited === 0 ? [] : [{ scenario: name, iterations: notAwaited }];
      }),
      unhandledErrors: errors.exceptionsOf(OF_NO_SCENARIO),
      requestsOf,
      thresholds,
      objectives,
      health,
      strict: parts.strict,
      restated: parts.restated === true,
      findings: [...(parts.findings ?? []), ...startFindings(run, total)],
      withoutRequests: new Set(parts.withoutRequests),
      maxDroppedShare: parts.maxDroppedShare ?? DEFAULT_MAX_DROPPED_SHARE,
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
    ...(tags.length === 0 ? {} : { tags }),
    thresholds: [...thresholds],
    objectives,
    checks: total.checks.flatMap((checks, index) =>
      [...checks].map(([name, counts]) => ({ scenario: run.scenarios[index]!.name, name, ...counts })),
    ),
    metrics: [...parts.metrics],
    errors: errors.errors(run, startWallMs),
    errorsNotKept: errors.notKept,
    exceptions: errors.exceptions(run, startWallMs),
    ...(traces === undefined ? {} : { traces }),
    series: parts.series,
    ...(parts.blocks === undefined ? {} : { blocks: parts.blocks }),
    health,
    notes: [
      ...parts.notes,
      ...modelNotes(total),
      ...clampNotes(total),
      ...tagNotes(tags),
      ...judgeNotes(thresholds.length + judgedObjectives(objectives)),
    ],
    ...(parts.steering === undefined || parts.steering.length === 0 ? {} : { steering: [...parts.steering] }),
    ...(parts.extensions === undefined ? {} : { extensions: parts.extensions }),
  };
}

/** Users whose `onStart` took too long are missing from the load. */
function startFindings(run: RecordedRun, total: Measures): Finding[] {
  return run.scenarios.flatMap(({ index, name }) => {
    const { startTimeouts } = total.scenarios[index]!.counts;
    if (startTimeouts === 0) return [];
    const times = startTimeouts === 1 ? 'once' : `${startTimeouts} times`;
    const text = `scenario ${name}: onStart did not end within its time limit (timeouts.setupMs), ${times}`;
    return [{ status: 'not-valid' as const, code: 'setup-timeout', text }];
  });
}

function judgedObjectives(objectives: RunResult['objectives']): number {
  return objectives.filter(({ status }) => status !== 'not-measurable').length;
}

/** Executor options as they were resolved; the stages of a long load shape would be most of the document. */
function describeExecutor(executor: ResolvedExecutor | UnknownExecutor): Record<string, unknown> {
  if (executor.kind === null) return {};
  if (!('stages' in executor) || executor.stages.length <= MAX_STAGES) {
    return { ...executor, plannedDurationMs: known(executor.plannedDurationMs) };
  }
  const stagesOmitted = executor.stages.length - MAX_STAGES;
  return { ...executor, stages: executor.stages.slice(0, MAX_STAGES), stagesOmitted };
}

function iterationsOf(counts: Record<keyof Iterations, number>): Iterations {
  const { planned, completed, failed, dropped, interrupted } = counts;
  return { planned, completed, failed, dropped, interrupted: known(interrupted) };
}
