/**
 * The result document of a k6 run, from what `readK6` has read and what its caller knows beside it.
 *
 * Must hold:
 * - `options` are copied as they are: the caller redacts the document. Of the summary only what `readSummary` returns is copied:
 *   `setup_data` contains tokens. A summary in no known format counts as none.
 * - The outcome of k6 decides where it is known (`judge-thresholds.ts`, `k6-findings.ts`): a run that k6 failed never passes.
 */
import { buildResult, ENGINE_VERSION, type RecordedSamples } from '@jarvis-load/engine/ingest';
import type { RunResult, ThresholdResult } from '@jarvis-load/engine/result';
import { checkFindings } from './check-findings.ts';
import type { FoundRun } from './found-run.ts';
import { ingestNotes } from './ingest-notes.ts';
import { judgeThresholds, type K6Thresholds } from './judge-thresholds.ts';
import { k6Health } from './k6-health.ts';
import { ALWAYS_KEPT, k6Findings, outcomeNotes } from './k6-findings.ts';
import { readSummary } from './k6-summary.ts';
import type { MetricTable } from './metric-table.ts';
import type { K6ResultOptions } from './k6-result-options.ts';
import type { ReadFacts } from './sample-source.ts';
import type { ReaderFacts } from './reader-facts.ts';

/** What was read from the files of a run. */
export interface Read {
  readonly fileName: string;
  readonly thresholds: K6Thresholds;
  readonly table: MetricTable;
  readonly found: FoundRun;
  readonly reader: ReaderFacts;
  readonly facts: ReadFacts;
  readonly samples: RecordedSamples;
}

/** The document of what was read. */
export function buildDocument(read: Read, options: K6ResultOptions): RunResult {
  const { table, found, reader, facts, samples } = read;
  const { total, originMs } = samples;
  const summary = options.summary === undefined ? undefined : readSummary(options.summary);
  const allMs = summary?.durationMs ?? Math.max(0, reader.lastMs - reader.firstMs);
  const thresholds = judgeThresholds(
    [read.thresholds, Object.fromEntries(table.thresholds)],
    table,
    summary,
    allMs,
  );
  const outcome = {
    fileName: read.fileName,
    exitCode: options.exitCode,
    summary,
    selections: [...table.selections],
    thresholds: thresholds.results,
    unreadable: thresholds.unreadable,
    untold: facts.csv !== undefined,
    declaredElsewhere:
      reader.expectedTold &&
      table.declaredThresholds('http_req_duration') !== undefined &&
      !table.selections.has(ALWAYS_KEPT),
    allTold: options.thresholdsKnown === true,
  };
  const document = buildResult({
    generator: { name: 'jarvis-load', version: ENGINE_VERSION, engine: 'k6' },
    identity: {
      id: options.runId ?? 'k6',
      seed: options.seed ?? null,
      tags: { ...options.tags },
      end: endOf(options.end, read, thresholds.results),
      pausedMs: null,
    },
    target: options.target ?? { name: 'unknown', url: '' },
    config: { ...options.config },
    run: found.run,
    ...(options.environment === undefined ? {} : { environment: options.environment }),
    total,
    errors: samples.errors,
    series: samples.series,
    blocks: samples.blocks,
    thresholds: thresholds.results,
    objectives: options.objectives ?? [],
    metrics: table.results(allMs),
    health: k6Health(total),
    strict: options.strict === true,
    restated: options.restated === true,
    startWallMs: Number.isNaN(originMs) ? firstOr(reader.firstMs) : originMs,
    findings: [...(options.findings ?? []), ...k6Findings(outcome), ...checkFindings(total, found)],
    withoutRequests: found.strangers,
    notes: [
      ...(options.notes ?? []),
      ...ingestNotes({ facts, reader, found, samples, unreadable: thresholds.unreadable }),
      ...outcomeNotes(outcome),
    ],
    extensions: {
      ...options.extensions,
      k6: {
        ...options.k6,
        ...(options.exitCode === undefined ? {} : { exitCode: options.exitCode }),
        durationMs: allMs,
        ...(summary === undefined ? {} : { summary: summary.metrics }),
      },
    },
  });
  // k6 counts bytes per iteration, not per request, so only the totals have them.
  document.totals.bytesSent = reader.bytesSent;
  document.totals.bytesReceived = reader.bytesReceived;
  return document;
}

function endOf(
  end: K6ResultOptions['end'],
  { facts }: Pick<Read, 'facts'>,
  thresholds: readonly ThresholdResult[],
): RunResult['run']['end'] {
  if (facts.complete) {
    const aborting = thresholds.find(({ aborted }) => aborted);
    if (aborting === undefined || (end !== undefined && end.kind !== 'completed')) {
      return end ?? { kind: 'completed' };
    }
    return { kind: 'threshold', reason: `${aborting.metric}: ${aborting.expression}, which has abortOnFail` };
  }
  const known = end === undefined || end.kind === 'completed' ? undefined : end;
  return known ?? { kind: 'error', reason: `${facts.fileName} is cut off in the middle of a line` };
}

function firstOr(firstMs: number): number {
  return Number.isFinite(firstMs) ? firstMs : Date.now();
}
