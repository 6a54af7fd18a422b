import type { Identity, LimitAdviser, RateLimit } from '@jarvis-load/engine';
import type { OperationStats, RunResult } from '@jarvis-load/engine/result';
import { usageError } from '../cli-error.ts';
import { oneOf } from '../did-you-mean.ts';
import { operationNamesOf } from '../suites/suites.ts';
import type { CliSuite } from '../suites/cli-suite.ts';
import type { PlannedScenario } from './scenarios.ts';

/**
 * The limits of a target that say something about the tests. A target may be loaded by several test files, each with
 * operations of its own; where all operations are known, another name is a mistake.
 *
 * @throws CliError exit 2
 */
export function limitsOn(suite: CliSuite, limits: readonly RateLimit[]): readonly RateLimit[] {
  const known = operationNamesOf(suite);
  return limits.filter(({ name, operations, source }) => {
    const unknown = operations.find((operation) => !known.includes(operation));
    if (unknown !== undefined && suite.operationNames !== undefined)
      throw usageError(
        'config-limit',
        `${source}: the limit "${name}" names the operation "${unknown}"`,
        oneOf(unknown, known),
      );
    return operations.some((operation) => known.includes(operation));
  });
}

type ResultNote = RunResult['notes'][number];

/** Notes before a run: known limits of the target that the load will exceed. */
export function adviceNotes(
  adviser: LimitAdviser | undefined,
  scenarios: readonly PlannedScenario[],
  limits: readonly RateLimit[],
  who: { readonly identity: Identity; readonly accounts?: number },
): readonly ResultNote[] {
  if (adviser === undefined) return [];
  const planned = scenarios.flatMap(({ name, demand, executor }) =>
    demand === undefined ? [] : [{ name, demand, executor }],
  );
  return adviser.exceeded(planned, limits, who).map((text) => ({
    level: 'warning',
    code: 'rate-limit-advice',
    text: `This run does not fit a limit of the target: ${text}`,
  }));
}

/** Notes after a run: limits that were hit, how often, and the rate that was accepted. */
export function limitHitNotes(
  adviser: LimitAdviser | undefined,
  result: RunResult,
  limits: readonly RateLimit[],
): readonly ResultNote[] {
  if (adviser === undefined) return [];
  const rowsOf = new Map<string, OperationStats[]>();
  for (const row of result.operations) {
    const rows = rowsOf.get(row.operation);
    if (rows === undefined) rowsOf.set(row.operation, [row]);
    else rows.push(row);
  }
  const sum = (rows: readonly OperationStats[], read: (row: OperationStats) => number): number =>
    rows.reduce((total, row) => total + read(row), 0);
  return [...rowsOf].flatMap(([operation, rows]): ResultNote[] => {
    const rateLimited = sum(rows, ({ outcomes }) => outcomes.rate_limited);
    if (rateLimited === 0) return [];
    const kept = result.errors.find(
      (group) => group.operation === operation && group.outcome === 'rate_limited',
    );
    const hit = {
      operation,
      method: rows[0]!.method,
      route: rows[0]!.route,
      requests: sum(rows, ({ requests }) => requests),
      rateLimited,
      accepted: sum(rows, ({ requests, failed }) => requests - failed),
      durationMs: loadMsOf(rows, result),
      ...(kept === undefined
        ? {}
        : { example: { status: kept.example.status ?? 429, body: kept.example.body } }),
    };
    return [{ level: 'warning', code: 'rate-limit-hit', text: adviser.hit(hit, limits) }];
  });
}

/**
 * The time in which the requests of one operation were made, in milliseconds: of one scenario that of the document's own rate, of
 * several from the start of the first to the end of the last, as `Measures.activeMs` counts it.
 */
function loadMsOf(rows: readonly OperationStats[], { scenarios, run }: RunResult): number {
  const made = rows
    .filter(({ requestsPerSecond }) => requestsPerSecond > 0)
    .map(({ scenario, requests, requestsPerSecond }) => {
      const startMs = scenarios.find(({ name }) => name === scenario)?.executor['startTimeMs'];
      const fromMs = typeof startMs === 'number' ? startMs : 0;
      return { fromMs, toMs: fromMs + (requests * 1000) / requestsPerSecond };
    });
  if (made.length === 0) return run.durationMs;
  const fromMs = Math.min(...made.map((each) => each.fromMs));
  // Whole: a quotient just below a minute would count as a run of less than one.
  return Math.round(Math.max(...made.map(({ toMs }) => toMs)) - fromMs);
}
