import { openArrivals, type ArrivalFile } from '../data/arrival-file.ts';
import { MAX_TIMER_MS, formatDuration } from '../duration.ts';
import type { OptionReader } from '../input/option-reader.ts';
import type { Turn } from '../model/executor-options.ts';
import { show } from '../show.ts';
import { everyRow, planReplay, replayedRows, type ReplayedPlan } from './replayed-rows.ts';
import { resolveUserCaps } from './user-caps.ts';

/** Shortest length of a replay to its last row: rates refer to it. A `duration` that is given may be shorter. */
const LEAST_MS = 1000;
const MOST_TIME_SCALE = 1_000_000;

/** The scenario that an executor belongs to. */
export interface OwnerOfRows {
  readonly scenario: string;
  readonly operations: readonly string[];
}

/**
 * Options of `replayed-arrivals`, with the rows of the scenario counted. A `duration` that is given only shortens the replay:
 * rows at it or after it are left out and counted (`leftOut`).
 * @throws EngineError `invalid-option`
 */
export function resolveReplay(reader: OptionReader, turn: { readonly turn?: Turn }, owner: OwnerOfRows) {
  const name = reader.text('file', "the path of a CSV or NDJSON file, such as 'trace.csv'");
  const timeScale = reader.number('timeScale', 'positive', 1, MOST_TIME_SCALE);
  const file = openArrivals(name);
  const given = reader.has('duration') ? reader.duration('duration', undefined, 'positive') : undefined;
  const { durationMs, endMs } = endOf(file, timeScale, given);
  if (durationMs > MAX_TIMER_MS) {
    throw reader.error(
      `the last arrival of ${show(name)} is after ${Math.round(durationMs / 1000)} s; expected at most ${formatDuration(MAX_TIMER_MS)}.`,
      'Times are seconds from the start: where they are milliseconds, name the column time_ms. Lower timeScale, or give duration.',
    );
  }
  const all = replayedRows(file, { ...owner, ...turn, timeScale, endMs: Number.POSITIVE_INFINITY });
  const plan = planReplay(file, all, { timeScale, endMs });
  if (plan.rows === 0) {
    throw reader.error(
      plan.leftOut > 0
        ? `none of its ${plan.leftOut} arrivals in ${show(name)} is within ${formatDuration(durationMs)}; expected at least one.`
        : `no row of ${show(name)} starts it: none has its name, one of its operations, or neither when it is its turn; expected at least one.`,
      plan.leftOut > 0 ? 'Raise duration or lower timeScale.' : 'Leave the scenario out, or change the file.',
    );
  }
  return {
    file: name,
    sha256: file.sha256,
    timeScale,
    durationMs,
    plannedDurationMs: durationMs,
    ...plan,
    ...resolveUserCaps(reader, plan.peakPerSecond),
    ...turn,
  };
}

/**
 * What a file of arrivals plans over all scenarios.
 * @param durationMs @default up to the last row, at least 1 s
 * @throws EngineError `invalid-option`, with the line of a wrong row
 */
export function planOfArrivals(
  path: string,
  timeScale = 1,
  durationMs?: number,
): ReplayedPlan & { readonly durationMs: number } {
  const file = openArrivals(path);
  const end = endOf(file, timeScale, durationMs);
  return {
    ...planReplay(file, everyRow(file), { timeScale, endMs: end.endMs }),
    durationMs: end.durationMs,
  };
}

/** The length of a replay, and the time from which rows are left out: none, unless a duration ends it at the last row or before. */
function endOf(file: ArrivalFile, timeScale: number, given: number | undefined) {
  const lastMs = file.lastMs * timeScale;
  const wholeMs = Math.max(LEAST_MS, Math.ceil(lastMs));
  return {
    durationMs: Math.min(given ?? wholeMs, wholeMs),
    endMs: given !== undefined && given <= lastMs ? given : Number.POSITIVE_INFINITY,
  };
}
