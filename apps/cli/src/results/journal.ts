import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import type {
  Output,
  Redactor,
  RunEnd,
  RunInfo,
  RunResult,
  RunSnapshot,
  SnapshotRecord,
} from '@jarvis-load/engine';
import { recordOf, serializeRunEnd, serializeRunInfo } from '@jarvis-load/engine/replay';
import type { JournalMessage } from './journal-file.ts';
import { JOURNAL_NAME, JournalEncoder } from './journal-format.ts';
import { startJournalThread, type JournalWriter } from './start-journal-thread.ts';

/** Seconds that wait in memory for a slow disk; beyond this the journal ends. Of a run at 5000/s each takes half a megabyte. */
const MOST_WAITING = 30;
/** Turns of the event loop over which the operations of a second are copied for the thread: 12 of them take 0.3 to 0.5 ms. */
const MOST_TURNS = 24;

/**
 * Writes the snapshots of a run to a file while it goes on, a line each second. If the process is killed, at most the last
 * second is missing, with a slow disk up to 30 that waited for it; `report` makes the document from the file. It is not synced: a
 * power cut can take what the system had not yet written, typically up to 30 s.
 *
 * The lines are made and written by a thread of low priority. In the thread that makes the load, packing a second of 12
 * operations would take 1 to 2 ms, and 25 ms until its code is compiled; requests that are due would wait for that, and for
 * the collection of its memory. They wait for the copy that the thread gets, too: it is made in several turns of the event loop.
 *
 * Must hold:
 * - Snapshots are consecutive: after a line that was lost nothing more is written, because `Replay` rejects a gap.
 * - Words of targets and of scenario code pass the redactor (`head`, `end`, `recordOf`); names by which the record is read, such
 *   as those of metrics and operations, do not. Only its owner may read it (mode 0600).
 * - What a full queue (`MOST_WAITING`) cannot take is lost, and a note of the document says so. Seconds that wait already are still sent.
 * - The caller calls `remove` once the document is written; with `--part` and in `worker` it keeps the file, as `merge` reads it.
 */
export class Journal implements Output {
  readonly name = 'journal';
  readonly #reportDirectory: string;
  readonly #redactor: Redactor;
  readonly #startWriter: typeof startJournalThread;
  #path: string | undefined;
  #writer: JournalWriter | undefined;
  #waiting = 0;
  /** Settled when every second so far is with the thread. */
  #handedOver = Promise.resolve();
  /** Why writing stopped early. Nothing is written afterwards, because replay needs consecutive snapshots. */
  #broken: Error | undefined;

  /** @param reportDirectory has a folder for each run */
  constructor(reportDirectory: string, redactor: Redactor, startWriter = startJournalThread) {
    this.#reportDirectory = reportDirectory;
    this.#redactor = redactor;
    this.#startWriter = startWriter;
  }

  /** @throws the error of the file system */
  start(run: RunInfo): void {
    const folder = join(this.#reportDirectory, run.runId);
    mkdirSync(folder, { recursive: true });
    this.#path = join(folder, JOURNAL_NAME);
    const head = serializeRunInfo(this.#redactor.head(run));
    writeFileSync(this.#path, new JournalEncoder().line('run', head), { mode: 0o600 });
    this.#writer = this.#startWriter({ path: this.#path, head });
  }

  interval(snapshot: RunSnapshot): void {
    if (this.#waiting === MOST_WAITING) this.#broken ??= new Error('the disk was too slow');
    if (this.#broken !== undefined) return;
    try {
      const record = recordOf(snapshot, (value) => this.#redactor.texts(value));
      this.#waiting++;
      this.#handedOver = this.#handedOver.then(() => this.#handOver(record));
    } catch (error) {
      this.#broken = new Error(`second ${snapshot.index} could not be written`, { cause: error });
      throw error;
    }
  }

  /** @throws the error that ended the journal early: it becomes a note of the document */
  async stop(_result: RunResult | undefined, end: RunEnd | undefined): Promise<void> {
    await this.#handedOver;
    const isWhole = end !== undefined && this.#broken === undefined;
    this.#waiting++;
    await this.#send({ kind: 'end', end: isWhole ? serializeRunEnd(this.#redactor.end(end)) : undefined });
    if (this.#broken !== undefined) throw this.#broken;
  }

  /** Removes the file. Only when the document of the run is on disk: until then it is the only record. */
  remove(): void {
    if (this.#path !== undefined) rmSync(this.#path, { force: true });
  }

  /** Never rejects, as `hand` and `send` of a `JournalWriter` never throw or reject. */
  async #handOver(record: SnapshotRecord): Promise<void> {
    const { operations } = record.delta;
    const atOnce = Math.ceil(operations.length / MOST_TURNS);
    for (let first = 0; first < operations.length; first += atOnce) {
      await setImmediate();
      this.#writer?.hand(operations.slice(first, first + atOnce));
    }
    await setImmediate();
    void this.#send({ kind: 'second', record: { ...record, delta: { ...record.delta, operations: [] } } });
  }

  async #send(message: JournalMessage): Promise<void> {
    const problem = await this.#writer?.send(message);
    this.#waiting--;
    if (problem !== undefined) this.#broken ??= new Error(problem);
  }
}
