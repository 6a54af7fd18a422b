import { readSnapshot } from '../aggregation/read-part.ts';
import { RunRecord } from '../aggregation/run-record.ts';
import type { RunResult } from '../document/schema.ts';
import { formatDuration } from '../duration.ts';
import { EngineError } from '../errors.ts';
import type { RunEnd, RunInfo } from '../model/run-info.ts';
import type { SnapshotRecord } from '../model/run-snapshot.ts';
import { invalid } from './record-format.ts';
import { reasonOf } from '../show.ts';

/**
 * Makes the document of a run from its written record, part by part.
 *
 * Must hold: every snapshot is added once, by its `index` from 0; then one of `result` and `resultSoFar` is called, once: both
 * change the record. After an `add` that threw nothing more is added; the result counts what came before.
 */
export class Replay {
  readonly #record: RunRecord;
  #last: SnapshotRecord | undefined;

  /** @throws EngineError `invalid-snapshot`, `invalid-threshold` */
  constructor(info: RunInfo) {
    this.#record = guarded('the head of a run', () => new RunRecord(info));
  }

  /**
   * Takes the next snapshot.
   * @throws EngineError `invalid-snapshot` if it is not the next one, or of another run
   */
  add(snapshot: SnapshotRecord): void {
    const expected = (this.#last?.index ?? -1) + 1;
    if (snapshot.index !== expected) {
      throw invalid(
        'a snapshot',
        `it is number ${snapshot.index}; expected number ${expected}, as none may be missing`,
      );
    }
    guarded('a snapshot', () => this.#record.add(readSnapshot(this.#record.run, snapshot)));
    this.#last = snapshot;
  }

  /**
   * The document.
   * @param end without it the process of the run ended before the run did: the document counts everything up to the last
   * snapshot, has end `interrupted`, and is not valid
   */
  result(end?: RunEnd): RunResult {
    return guarded('the end of a run', () =>
      this.#record.result(end ?? this.#interrupted('nothing is known after')),
    );
  }

  /** The document of a run that is still on, as {@link result} without an end. */
  resultSoFar(): RunResult {
    return guarded('a run that is on', () => this.#record.result(this.#interrupted('it was still on after')));
  }

  /** @param words before the time of the last snapshot */
  #interrupted(words: string): RunEnd {
    this.#record.interrupt();
    const { endMs, pausedMs, health } = this.#last ?? { endMs: 0, pausedMs: 0, health: undefined };
    return {
      end: { kind: 'interrupted', reason: `${words} ${formatDuration(Math.round(endMs))}` },
      pausedMs,
      warmUpRequests: health?.warmUpRequests ?? 0,
      cpuSeconds: health?.cpuSeconds ?? null,
      machineCpuShare: health?.machineCpuShare ?? null,
      exceptions: [],
      notes: [],
    };
  }
}

/**
 * The document of a run from its written record: equal to the one of the run, but for notes that came after its end (outputs that
 * failed in `stop`, an `onEvent` that threw at phase `done`).
 * @param end as {@link Replay.result}
 * @throws EngineError `invalid-snapshot` if parts are missing, damaged, or of different runs; `invalid-threshold`
 * @example
 * const result = replay(parseRunInfo(head), lines.map(parseSnapshot));
 */
export function replay(info: RunInfo, snapshots: Iterable<SnapshotRecord>, end?: RunEnd): RunResult {
  const run = new Replay(info);
  for (const snapshot of snapshots) run.add(snapshot);
  return run.result(end);
}

/** A damaged record may break anything: that is no bug of the engine. */
function guarded<T>(what: string, act: () => T): T {
  try {
    return act();
  } catch (cause) {
    if (cause instanceof EngineError) throw cause;
    throw invalid(what, `it is damaged (${reasonOf(cause)})`, cause);
  }
}
