import { createWriteStream, mkdirSync, openSync, rmSync, type WriteStream } from 'node:fs';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import type { Output, Redactor, RunEnd, RunInfo, RunResult, RunSnapshot } from '@jarvis-load/engine';
import { packSnapshotInSteps, serializeRunEnd, serializeRunInfo } from '@jarvis-load/engine/replay';
import { JOURNAL_NAME, JournalEncoder } from './journal-format.ts';
import { rehearseJournal } from './rehearse-journal.ts';

/** Unwritten text is kept in memory while the disk is slow; beyond this the journal ends. */
const MOST_BYTES_WAITING = 16 * 2 ** 20;

/**
 * Writes the snapshots of a run to a file while it goes on, a line each second. If the process is killed, at most the last
 * second is missing; `report` makes the document from the file. It is removed once the document is written.
 *
 * Must hold:
 * - Snapshots are consecutive: after a line that was lost nothing more is written, because `Replay` rejects a gap.
 * - It holds no secrets: every text passes the redactor. Only its owner may read it (mode 0600).
 * - At most 16 MiB wait for a slow disk; what comes after that is lost, and a note of the document says so.
 */
export class Journal implements Output {
  readonly name = 'journal';
  readonly #reportDirectory: string;
  readonly #redactor: Redactor;
  readonly #lines = new JournalEncoder();
  #path: string | undefined;
  #stream: WriteStream | undefined;
  /** Why writing stopped early. Nothing is written afterwards, because replay needs consecutive snapshots. */
  #broken: Error | undefined;

  /** @param reportDirectory has a folder for each run */
  constructor(reportDirectory: string, redactor: Redactor) {
    this.#reportDirectory = reportDirectory;
    this.#redactor = redactor;
  }

  start(run: RunInfo): void {
    const folder = join(this.#reportDirectory, run.runId);
    mkdirSync(folder, { recursive: true });
    this.#path = join(folder, JOURNAL_NAME);
    this.#stream = createWriteStream(this.#path, { fd: openSync(this.#path, 'w', 0o600) });
    this.#stream.on('error', (error) => (this.#broken ??= error));
    this.#write(this.#lines.line('run', this.#clean(serializeRunInfo(run))));
    rehearseJournal(run);
  }

  *interval(snapshot: RunSnapshot): Generator<undefined, void> {
    let isWritten = false;
    try {
      const packed = yield* packSnapshotInSteps(snapshot, (value) => this.#redactor.texts(value));
      yield;
      this.#write(yield* this.#lines.second(packed));
      isWritten = true;
    } finally {
      // Also when the engine ends the steps early.
      if (!isWritten) this.#broken ??= new Error(`second ${snapshot.index} could not be written`);
    }
  }

  /** @throws the error that ended the journal early: it becomes a note of the document */
  async stop(_result: RunResult | undefined, end: RunEnd | undefined): Promise<void> {
    if (end !== undefined) this.#write(this.#lines.line('end', this.#clean(serializeRunEnd(end))));
    if (this.#stream === undefined) return;
    this.#stream.end();
    // A failed write is in #broken already.
    await finished(this.#stream).catch(() => undefined);
    if (this.#broken !== undefined) throw this.#broken;
  }

  /** Removes the file, when the document of the run is on disk. */
  remove(): void {
    if (this.#path !== undefined) rmSync(this.#path, { force: true });
  }

  #write(line: string): void {
    if (this.#stream === undefined || this.#broken !== undefined) return;
    if (this.#stream.writableLength > MOST_BYTES_WAITING) {
      this.#broken = new Error('the disk was too slow');
      return;
    }
    this.#stream.write(line);
  }

  #clean(text: string): string {
    return JSON.stringify(this.#redactor.json(JSON.parse(text)));
  }
}
