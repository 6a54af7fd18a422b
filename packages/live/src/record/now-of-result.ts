import type { RunResult } from '@jarvis-load/engine/result';
import type { History, Now, OperationRow, RunHead, StreamRow } from '../api/run-schema.ts';
import { promisesOf } from './promise-rows.ts';
import { failingInWords, type Wording } from './wording.ts';

/**
 * The final numbers of a run, from its document: the fields that `LiveOutput` fills during the run.
 * @param redact for failures and exceptions of a document that is not redacted yet; other texts stay as they are
 */
export function nowOfResult(
  result: RunResult,
  wording: Wording,
  redact: (text: string) => string = (text) => text,
): Now {
  const { run, totals, iterations, health } = result;
  return {
    elapsedMs: run.durationMs,
    plannedMs: run.plannedDurationMs,
    stage: null,
    paused: false,
    users: 0,
    targetUsers: 0,
    inFlight: 0,
    requests: totals.requests,
    requestsPerSecond: totals.requestsPerSecond,
    failed: totals.failed,
    iterations: iterations.completed,
    dropped: iterations.dropped,
    outcomes: totals.outcomes,
    ...quantiles(totals.responseTime),
    operations: result.operations.map(operationRow),
    streams: result.operations.flatMap((stats) => streamRow(stats) ?? []),
    promises: promisesOf(result),
    missed: [...failingInWords(result, wording)],
    failures: failuresOf(result, redact),
    failuresNotListed: result.errorsNotKept,
    exceptions: result.exceptions.map(({ scenario, message, count }) => ({
      scenario,
      message: redact(message),
      count,
    })),
    // The document has those beyond its limit in a group of their own.
    exceptionsNotListed: 0,
    scenarios: result.scenarios.map((scenario) => ({
      scenario: scenario.name,
      users: 0,
      targetUsers: 0,
      iterations: scenario.iterations.completed,
      plannedRequests: null,
    })),
    generator: {
      eventLoopUtilization: health.eventLoopUtilization,
      pacerLagP99Ms: health.pacerLag.percentiles.p99,
      waitShare: waitShareOf(health),
      rssBytes: health.maxRssBytes,
      machineCpuShare: health.machineCpuShare,
      cpuSeconds: health.cpuSeconds,
      threads: health.threads.length,
      reasons: health.reasons,
    },
  };
}

/** Waiting of all processes that were watched, as a share of the time in which they ran or waited. */
function waitShareOf({ machine }: RunResult['health']): number | null {
  const sum = (of: 'runMs' | 'waitMs'): number =>
    (machine?.processes ?? []).reduce((total, each) => total + each[of], 0);
  const wantedMs = sum('runMs') + sum('waitMs');
  return wantedMs === 0 ? null : sum('waitMs') / wantedMs;
}

/** What a document says of its run before the load. */
export function headOfResult({ run, target, config, scenarios }: RunResult): RunHead {
  return {
    runId: run.id,
    target: { name: target.name, url: target.url },
    startedAt: run.startedAt,
    seed: run.seed,
    load: typeof config['load'] === 'string' ? config['load'] : '',
    scenarios: scenarios.map(({ name }) => name),
  };
}

/** The history of a finished run, with the stages of its plan. */
export function historyOfResult(result: RunResult, wording: Wording): History {
  const { series } = result;
  const stages = wording.stages(result);
  const stageOf = ({ atMs, durationMs }: { readonly atMs: number; readonly durationMs: number }) => {
    const middle = (atMs + durationMs / 2) / 1000;
    return (
      stages.find(({ fromSeconds, toSeconds }) => fromSeconds <= middle && middle < toSeconds)?.label ?? null
    );
  };
  return {
    binMs: series.binMs,
    points: series.points.map((point) => ({
      atMs: point.atMs,
      durationMs: point.durationMs,
      users: point.users ?? 0,
      targetUsers: point.targetUsers ?? 0,
      inFlight: point.inFlight ?? 0,
      iterations: point.iterations,
      dropped: point.dropped,
      requests: point.requests,
      outcomes: point.outcomes,
      ...quantiles(point.responseTime),
      stage: stageOf(point),
    })),
  };
}

function quantiles({
  percentiles,
}: {
  readonly percentiles: RunResult['totals']['responseTime']['percentiles'];
}) {
  return { p50Ms: percentiles.p50, p95Ms: percentiles.p95, p99Ms: percentiles.p99 };
}

function operationRow(stats: RunResult['operations'][number]): OperationRow {
  const { scenario, operation, requests, requestsPerSecond, retries, outcomes, responseTime } = stats;
  const { minMs, maxMs, meanMs } = responseTime;
  return {
    scenario,
    operation,
    requests,
    requestsPerSecond,
    retries,
    outcomes,
    ...quantiles(responseTime),
    minMs,
    maxMs,
    meanMs,
    last: null,
  };
}

function streamRow({ scenario, operation, streams }: RunResult['operations'][number]): StreamRow | undefined {
  if (streams === undefined || streams.streams === 0) return undefined;
  const { tokens, ttft, ttlt, gap, longestGap, goodput } = streams;
  return {
    scenario,
    operation,
    streams: streams.streams,
    tokens,
    judged: Math.round(goodput?.planned ?? 0),
    good: goodput?.good ?? 0,
    ttft: quantiles(ttft),
    ttlt: quantiles(ttlt),
    gap: quantiles(gap),
    longestGap: quantiles(longestGap),
    last: null,
  };
}

function failuresOf({ errors, run }: RunResult, redact: (text: string) => string): Now['failures'] {
  const start = Date.parse(run.startedAt);
  return errors.map(
    ({ scenario, operation, outcome, code, message, count, firstSeen, lastSeen, example }) => ({
      scenario,
      operation,
      outcome,
      code,
      message: redact(message),
      count,
      firstMs: Date.parse(firstSeen) - start,
      lastMs: Date.parse(lastSeen) - start,
      example: {
        status: example.status,
        request: redact(example.request),
        body: redact(example.body),
        ...(example.traceId === undefined ? {} : { traceId: example.traceId }),
      },
    }),
  );
}
