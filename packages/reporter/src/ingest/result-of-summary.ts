/**
 * The document of a k6 run of which only the summary was kept.
 *
 * Must hold:
 * - k6 leaves out metrics without a sample: a counter of requests or iterations that the summary lacks is 0.
 * - Without a sample of `http_req_failed` (a script that judges no request, or removed the metric) it is not known how many of the requests
 *   failed: their share is null in the document, which counts them as ok. That of status 429 is never known.
 * - What no summary has (retries, bytes of an operation, interrupted iterations) is NaN in the measures and null in the document, as is
 *   a number of users that it lacks. An unknown length is 0.
 * - Requests of all scenarios, `setup` and `teardown` are one operation; the verdict restates that of k6.
 */
import { buildResult, ENGINE_VERSION, SampleRecorder, type Finding } from '@jarvis-load/engine/ingest';
import { OUTCOMES } from '@jarvis-load/engine/outcome';
import type { OperationStats, ResultNote, RunResult } from '@jarvis-load/engine/result';
import { ReporterError } from '../errors.ts';
import { checkFindings } from './check-findings.ts';
import { FoundRun } from './found-run.ts';
import { k6Findings, outcomeNotes } from './k6-findings.ts';
import { k6Health } from './k6-health.ts';
import { readSummary, type K6Summary } from './k6-summary.ts';
import type { K6ResultOptions } from './k6-result-options.ts';
import { summaryMetric, summaryTimes } from './summary-metrics.ts';
import { summaryThresholds } from './summary-thresholds.ts';

/** Name of the operation that stands for all requests. */
const ALL = '(all requests)';
/** Outcome of requests that k6 calls failed, where nothing says why, as in samples without a status. */
const FAILED = OUTCOMES.indexOf('invalid_body');
const OK = OUTCOMES.indexOf('ok');

/** Facts beside a summary that is the only record of a run. */
export interface SummaryOptions extends Pick<
  K6ResultOptions,
  'runId' | 'target' | 'tags' | 'exitCode' | 'end' | 'notes' | 'strict'
> {
  /** Named in errors and notes. */
  readonly fileName: string;
  /** End of the run where the summary does not say it, Unix time: such as the time of the file. */
  readonly endedMs: number;
}

/**
 * The document of a k6 run of which only the summary was kept, in any of its formats: totals, thresholds and checks, and no
 * course of time. A note names what a summary does not have.
 *
 * @throws ReporterError `not_k6_output`
 */
export function resultOfSummary(json: unknown, options: SummaryOptions): RunResult {
  const summary = readSummary(json);
  if (summary === undefined) {
    throw new ReporterError('not_k6_output', `${options.fileName} is no summary of k6.`);
  }
  const durationMs = summary.durationMs ?? 0;
  const found = new FoundRun([], () => false);
  const scenario = found.scenario('default');
  const operation = found.operation(scenario, ALL, '');
  const { total, errors, series } = new SampleRecorder(found.run).finish();
  const requests = summary.metrics['http_reqs']?.['count'] ?? 0;
  const failed = failedIn(summary) ?? 0;
  total.durationMs = durationMs;
  const measures = total.operations[operation.index]!;
  measures.outcomes[OK] = requests - failed;
  measures.outcomes[FAILED] = failed;
  measures.retries = measures.bytesSent = measures.bytesReceived = Number.NaN;
  errors.notKept = failed;
  addIterations(total.scenarios[scenario.index]!, summary);
  for (const { name, passes, fails } of summary.checks) total.addCheck(scenario.index, name, passes, fails);

  const thresholds = summaryThresholds(summary, durationMs);
  const { fileName, exitCode } = options;
  const outcome = {
    fileName,
    exitCode,
    summary,
    selections: [],
    thresholds: thresholds.results,
    unreadable: thresholds.unreadable,
    untold: !summary.judges,
  };
  const findings = [...k6Findings(outcome), ...checkFindings(total, found)];
  const document = buildResult({
    generator: { name: 'jarvis-load', version: ENGINE_VERSION, engine: 'k6' },
    identity: {
      id: options.runId ?? 'k6',
      seed: null,
      tags: { ...options.tags },
      end: options.end ?? { kind: 'completed' },
      pausedMs: null,
    },
    target: options.target ?? { name: 'unknown', url: '' },
    config: {},
    run: found.run,
    environment: null,
    total,
    errors,
    series,
    blocks: undefined,
    thresholds: thresholds.results,
    objectives: [],
    metrics: Object.keys(summary.metrics).flatMap((name) => summaryMetric(name, summary, durationMs) ?? []),
    health: k6Health(total),
    strict: options.strict === true,
    restated: true,
    startWallMs: (summary.endedMs ?? options.endedMs) - durationMs,
    findings: findings.some(({ status }) => status === 'fail')
      ? findings
      : [...findings, ...unjudged(summary, thresholds.results.length)],
    withoutRequests: requests === 0 ? [scenario.name] : [],
    notes: [...(options.notes ?? []), ...notesOf(summary, fileName, requests), ...outcomeNotes(outcome)],
    extensions: {
      k6: { ...(exitCode === undefined ? {} : { exitCode }), durationMs, summary: summary.metrics },
    },
  });
  return withTimes(document, summary);
}

/** That nothing is known of the answers: a pass of such a file would be one about nothing. */
function unjudged(summary: K6Summary, thresholds: number): Finding[] {
  const requests = summary.metrics['http_reqs']?.['count'] ?? 0;
  if (requests === 0 || failedIn(summary) !== undefined || thresholds > 0) return [];
  const text = 'how many requests failed is not in the file, and no threshold judged them';
  return [{ status: 'not-valid', code: 'k6-outcome-unknown', text }];
}

/** Number of failed requests; undefined where no request was judged, or the summary does not tell. */
function failedIn({ metrics }: K6Summary): number | undefined {
  const { passes, fails } = metrics['http_req_failed'] ?? {};
  return passes === undefined || passes + (fails ?? 0) === 0 ? undefined : passes;
}

function addIterations(
  measures: { readonly counts: Record<string, number>; maxUsers: number },
  { metrics }: K6Summary,
): void {
  const { counts } = measures;
  const completed = metrics['iterations']?.['count'] ?? 0;
  const dropped = metrics['dropped_iterations']?.['count'] ?? 0;
  Object.assign(counts, {
    completed,
    started: completed,
    dropped,
    planned: completed + dropped,
    interrupted: Number.NaN,
  });
  measures.maxUsers = metrics['vus']?.['max'] ?? Number.NaN;
}

/** Times and bytes, which a summary has for all requests together. */
function withTimes(document: RunResult, summary: K6Summary): RunResult {
  const { metrics } = summary;
  const failed = failedIn(summary);
  const timed = (stats: OperationStats): OperationStats => {
    const times = (name: string) => summaryTimes(metrics[name], stats.requests);
    const ok = metrics['http_req_duration{expected_response:true}'];
    return {
      ...stats,
      failureShare: failed === undefined ? null : stats.failureShare,
      rateLimitedShare: null,
      responseTime: times('http_req_duration'),
      responseTimeOk: summaryTimes(
        ok ?? (failed === 0 ? metrics['http_req_duration'] : undefined),
        ok === undefined && failed === undefined ? 0 : stats.requests - stats.failed,
      ),
      serviceTime: times('http_req_duration'),
      queueWait: times('http_req_blocked'),
      phases: {
        blocked: times('http_req_blocked'),
        connecting: times('http_req_connecting'),
        tlsHandshaking: times('http_req_tls_handshaking'),
        sending: times('http_req_sending'),
        waiting: times('http_req_waiting'),
        receiving: times('http_req_receiving'),
      },
    };
  };
  const iterations = summaryTimes(metrics['iteration_duration'], document.iterations.completed);
  return {
    ...document,
    totals: {
      ...timed(document.totals),
      bytesSent: metrics['data_sent']?.['count'] ?? null,
      bytesReceived: metrics['data_received']?.['count'] ?? null,
    },
    operations: document.operations.map(timed),
    scenarios: document.scenarios.map((scenario) => ({ ...scenario, iterationDuration: iterations })),
  };
}

function notesOf(summary: K6Summary, fileName: string, requests: number): ResultNote[] {
  const { durationMs, endedMs } = summary;
  const failed = failedIn(summary);
  const untold = [
    'the course of the run',
    'single operations and scenarios',
    'percentiles other than those of summaryTrendStats',
    ...(requests > 0 && failed === undefined
      ? ['how many requests failed (no request in http_req_failed)']
      : []),
    ...((failed ?? 0) > 0 ? ['why requests failed'] : []),
    ...(durationMs === undefined ? ['its length'] : []),
    ...(endedMs === undefined ? ['when it ran (the time of the file is shown)'] : []),
  ];
  return [
    {
      level: 'warning',
      code: 'k6-summary-alone',
      text: `${fileName} is a summary of k6; not known from it: ${untold.join(', ')}. The file of k6 run --out json has it.`,
    },
    {
      level: 'warning',
      code: 'k6-summary-times',
      text: "Response times are k6's http_req_duration, without the wait for a connection. Requests and iterations of setup and teardown are included.",
    },
  ];
}
