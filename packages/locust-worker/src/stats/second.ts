import type { Outcome, RunInfo, RunSnapshot } from '@jarvis-load/engine';
import type { HistogramSnapshot } from '@jarvis-load/engine/recorder';

/** What one interval of a run adds to the reports: the part of a snapshot that goes to the thread of the socket. */
export interface ReportedSecond {
  /** Milliseconds since the epoch. */
  readonly startWallMs: number;
  readonly endWallMs: number;
  readonly last: boolean;
  readonly operations: readonly ReportedOperation[];
  readonly errors: readonly ReportedError[];
  /** Failed requests beyond the number of groups that the engine keeps. */
  readonly errorsNotKept: number;
  readonly exceptions: readonly ReportedException[];
}

interface ReportedOperation {
  readonly name: string;
  readonly method: string;
  readonly outcomes: Readonly<Record<Outcome, number>>;
  readonly bytesReceived: number;
  /** From the intended start, microseconds, by outcome. */
  readonly response: readonly HistogramSnapshot[];
}

interface ReportedError {
  readonly name: string;
  readonly method: string;
  /** Redacted; text of the target. */
  readonly text: string;
  readonly count: number;
  readonly firstWallMs: number;
  readonly lastWallMs: number;
}

interface ReportedException {
  readonly message: string;
  /** null: of an earlier one with this message. */
  readonly traceback: string | null;
  readonly count: number;
}

/** How the master names the operations of a run: by method and name. */
export type EntryNames = (
  scenario: string,
  operation: string,
) => { readonly name: string; readonly method: string };

/**
 * Locust knows an entry by method and name. An operation that several scenarios declare gets the scenario appended, as
 * in the CSV files of a run.
 */
export function entryNames({ operations }: Pick<RunInfo, 'operations'>): EntryNames {
  const methods = new Map(
    operations.map(({ scenario, operation, method }) => [`${scenario}\n${operation}`, method]),
  );
  const scenarios = new Map<string, number>();
  for (const { operation } of operations) scenarios.set(operation, (scenarios.get(operation) ?? 0) + 1);
  return (scenario, operation) => ({
    name: (scenarios.get(operation) ?? 0) > 1 ? `${operation} (${scenario})` : operation,
    method: methods.get(`${scenario}\n${operation}`) ?? '',
  });
}

/**
 * Plain data for the protocol thread, texts of target and scenario code redacted. Reads few properties of the snapshot, as each is
 * computed when read.
 */
export function reportedSecond(
  { startWallMs, startMs, endMs, last, delta }: RunSnapshot,
  nameOf: EntryNames,
  redact: (text: string) => string,
): ReportedSecond {
  return {
    startWallMs: startWallMs + startMs,
    endWallMs: startWallMs + endMs,
    last,
    operations: delta.operations.map(({ scenario, operation, outcomes, bytesReceived, response }) => ({
      ...nameOf(scenario, operation),
      outcomes,
      bytesReceived,
      response: Object.values(response),
    })),
    errors: delta.errors.map(({ scenario, operation, outcome, code, message, count, firstMs, lastMs }) => ({
      ...nameOf(scenario, operation),
      text: redact(`${outcome} ${code}: ${message}`),
      count,
      firstWallMs: startWallMs + firstMs,
      lastWallMs: startWallMs + lastMs,
    })),
    errorsNotKept: delta.errorsNotKept,
    exceptions: delta.exceptions.map(({ message, traceback, count }) => ({
      message: redact(message),
      traceback: traceback === null ? null : redact(traceback),
      count,
    })),
  };
}
