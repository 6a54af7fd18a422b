import type { Objective, ScenarioDefinition } from '@jarvis-load/engine';
import type { Measures } from '@jarvis-load/engine/recorder';
import {
  buildResult,
  ENGINE_VERSION,
  SampleRecorder,
  type RecordedSamples,
  type Finding,
  type OnSecond,
} from '@jarvis-load/engine/ingest';
import type { ResultNote, RunResult, ThresholdResult } from '@jarvis-load/engine/result';
import { ReporterError } from '../errors.ts';
import { FoundRun } from './found-run.ts';
import { ingestNotes } from './ingest-notes.ts';
import { judgeThresholds, type K6Thresholds } from './judge-thresholds.ts';
import { k6Health } from './k6-health.ts';
import { k6Findings, outcomeNotes } from './k6-findings.ts';
import { readSummary } from './k6-summary.ts';
import { MetricTable } from './metric-table.ts';
import { readSamples, type ReadFacts } from './read-samples.ts';
import { SampleReader, type ScriptMetrics } from './sample-reader.ts';

/** Known facts about a run before its output is read. All are optional: a document can be made from the file alone. */
export interface K6ReadOptions {
  /** Named in errors and reasons. */
  readonly fileName: string;
  /**
   * Definitions of the scenarios: names, routes, demand. One with an executor is taken to have run; one without is used
   * when a sample names it.
   */
  readonly scenarios?: readonly ScenarioDefinition[];
  /**
   * Names of custom metrics in which a script reports what k6 does not record. Without this option, or if the output
   * has none of these metrics, the script is treated as foreign, and `scenarios` without an executor are not used.
   */
  readonly scriptMetrics?: ScriptMetrics;
  /** The thresholds passed to k6; those in the output and in the summary are judged too. */
  readonly thresholds?: K6Thresholds;
  /**
   * Called for each second of load once it has been read, with a delay of some seconds: for progress of a running test.
   */
  readonly onSecond?: OnSecond;
}

/** Known facts about a run after its output was read. */
export interface K6ResultOptions {
  /** k6's summary: the JSON of `--summary-export` or of `handleSummary`, in either form. */
  readonly summary?: unknown;
  readonly objectives?: readonly Objective[];
  readonly runId?: string;
  readonly seed?: number;
  readonly tags?: Readonly<Record<string, string>>;
  readonly target?: RunResult['target'];
  readonly config?: RunResult['config'];
  /** The machine that k6 ran on; null: not known. @default this machine */
  readonly environment?: RunResult['environment'];
  /** k6's exit code, if known. */
  readonly exitCode?: number;
  /** How the run ended, if k6's exit code says so. */
  readonly end?: RunResult['run']['end'];
  readonly notes?: readonly ResultNote[];
  /**
   * Restate k6's verdict: thresholds that hold but are unproven pass if one of them has at least 20 samples.
   * @default false
   */
  readonly restated?: boolean;
  /** Unproven objectives and thresholds make the run not valid. @default false */
  readonly strict?: boolean;
  /** Added to `extensions.k6` beside k6's own values: version, exit code, ... */
  readonly k6?: Readonly<Record<string, unknown>>;
}

/** The complete output of a k6 run. */
export interface K6Reading {
  /** Names of the requested operations. */
  readonly operations: readonly string[];
  /** Whether the script writes the metrics of `scriptMetrics`. */
  readonly isOurs: boolean;
  /** Builds the result document. */
  result(options?: K6ResultOptions): RunResult;
}

/**
 * Reads k6's `--out json` (NDJSON) or `--out csv`, uncompressed, as a stream: memory use does not grow with the number of samples. A
 * truncated file is read up to its end, and the document says so.
 * @throws ReporterError `not_k6_output` when no line has k6's format
 */
export async function readK6(chunks: AsyncIterable<Uint8Array>, options: K6ReadOptions): Promise<K6Reading> {
  const { fileName, scenarios = [], thresholds = {}, scriptMetrics } = options;
  const table = new MetricTable(Object.keys(thresholds).filter((name) => name.includes('{')));
  const isOurs = (): boolean =>
    scriptMetrics !== undefined && (table.has(scriptMetrics.started) || table.has(scriptMetrics.outcomes));
  const found = new FoundRun(scenarios, isOurs);
  const recorder = new SampleRecorder(found.run, options.onSecond);
  const reader = new SampleReader(table, found, { metrics: scriptMetrics, isOurs }, recorder);
  const facts = await readSamples(chunks, table, reader, scriptMetrics);
  if (facts.readable === 0) {
    throw new ReporterError(
      'not_k6_output',
      `${fileName} is not output of k6: none of its ${facts.unreadable} lines is a metric or a sample. ` +
        'Expected what `k6 run --out json=<file>` or `--out csv=<file>` writes.',
    );
  }
  const samples = recorder.finish();
  return {
    operations: [...new Set(found.run.operations.map(({ operation }) => operation.name))],
    isOurs: isOurs(),
    result: (resultOptions = {}) =>
      buildDocument({ fileName, thresholds, table, found, reader, facts, samples }, resultOptions),
  };
}

interface Read {
  readonly fileName: string;
  readonly thresholds: K6Thresholds;
  readonly table: MetricTable;
  readonly found: FoundRun;
  readonly reader: SampleReader;
  readonly facts: ReadFacts;
  readonly samples: RecordedSamples;
}

function buildDocument(read: Read, options: K6ResultOptions): RunResult {
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
    findings: [...k6Findings(outcome), ...checkFindings(total, found)],
    withoutRequests: found.strangers,
    notes: [
      ...(options.notes ?? []),
      ...ingestNotes({ facts, reader, found, samples, unreadable: thresholds.unreadable }),
      ...outcomeNotes(outcome),
    ],
    extensions: {
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

/** A scenario without requests is judged by its checks: if all of them failed, the run fails. */
function checkFindings(total: Measures, found: FoundRun): Finding[] {
  return found.run.scenarios.flatMap(({ index, name, operations }): Finding[] => {
    const requests = [...operations.values()].some((each) => total.operations[each.index]!.requests > 0);
    const counts = [...total.checks[index]!.values()];
    const fails = counts.reduce((sum, each) => sum + each.fails, 0);
    if (requests || fails === 0 || counts.some(({ passes }) => passes > 0)) return [];
    return [
      {
        status: 'fail',
        code: 'nothing-succeeded',
        text: `scenario ${name}: none of ${fails} checks passed`,
      },
    ];
  });
}

function endOf(
  end: K6ResultOptions['end'],
  { fileName, facts }: Pick<Read, 'fileName' | 'facts'>,
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
  return known ?? { kind: 'error', reason: `${fileName} is cut off in the middle of a line` };
}

function firstOr(firstMs: number): number {
  return Number.isFinite(firstMs) ? firstMs : Date.now();
}
