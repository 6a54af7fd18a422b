import type { ArrivalFile, ArrivalKey } from '../data/arrival-file.ts';
import type { Turn } from '../model/executor-options.ts';

/**
 * What decides which rows of a file of arrivals start iterations of a scenario, and when.
 *
 * Must hold: scenarios that replay one file have the same `timeScale` and end, and turns with the same `of` and each `index` once,
 * or a row that names none starts several scenarios, or none. Nothing checks this. Each thread goes through all rows and takes its
 * part of them (`splitSchedule`).
 */
export interface RowsOfScenario {
  readonly scenario: string;
  /** Names of its operations. */
  readonly operations: readonly string[];
  /** Of rows that name neither a scenario nor an operation. */
  readonly turn?: Turn | undefined;
  /** By which times are multiplied. */
  readonly timeScale: number;
  /** Rows at it and after it are left out. */
  readonly endMs: number;
}

/** Whether rows with this key start a scenario; `undefined`: where it is its turn. A scenario's name precedes an operation. */
export function takesKey(
  { scenario, operation }: Pick<ArrivalKey, 'scenario' | 'operation'>,
  of: Pick<RowsOfScenario, 'scenario' | 'operations'>,
): boolean | undefined {
  if (scenario !== undefined) return scenario === of.scenario;
  return operation === undefined ? undefined : of.operations.includes(operation);
}

/** The numbers of the rows that start iterations of a scenario, ascending, over all threads; `undefined` after the last. */
export function replayedRows(file: ArrivalFile, of: RowsOfScenario): { next(): number | undefined } {
  const takes = file.keys.map((key) => takesKey(key, of));
  const turn = of.turn ?? { index: 0, of: 1 };
  const { keyOf, length } = file;
  let row = 0;
  let unnamed = 0;
  return {
    next() {
      for (; row < length && offsetOf(file, row, of) < of.endMs; row++) {
        if (takes[keyOf[row]!] ?? unnamed++ % turn.of === turn.index) return row++;
      }
      return undefined;
    },
  };
}

/** Milliseconds from the start of the executor to a row. */
export function offsetOf(file: ArrivalFile, row: number, { timeScale }: { timeScale: number }): number {
  return file.offsetsMs[row]! * timeScale;
}

/** How many arrivals there are, of a scenario or of a file. */
export interface ReplayedPlan {
  readonly rows: number;
  /** Further ones, at the end of the load and after it. */
  readonly leftOut: number;
  /** Most rows within one second, counted from the start. */
  readonly peakPerSecond: number;
}

/** Every row of a file, as {@link replayedRows} gives those of a scenario. */
export function everyRow({ length }: ArrivalFile): { next(): number | undefined } {
  let row = 0;
  return { next: () => (row < length ? row++ : undefined) };
}

/**
 * Counts rows.
 * @param all also those at the end and after it
 */
export function planReplay(
  file: ArrivalFile,
  all: { next(): number | undefined },
  of: Pick<RowsOfScenario, 'timeScale' | 'endMs'>,
): ReplayedPlan {
  let rows = 0;
  let leftOut = 0;
  let peakPerSecond = 0;
  let second = -1;
  let inSecond = 0;
  for (let row = all.next(); row !== undefined; row = all.next()) {
    const offsetMs = offsetOf(file, row, of);
    if (offsetMs >= of.endMs) {
      leftOut++;
      continue;
    }
    rows++;
    const current = Math.floor(offsetMs / 1000);
    inSecond = current === second ? inSecond + 1 : 1;
    second = current;
    peakPerSecond = Math.max(peakPerSecond, inSecond);
  }
  return { rows, leftOut, peakPerSecond };
}
