import { createWriteStream, mkdirSync, openSync, rmSync, type WriteStream } from 'node:fs';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import type { Output, Redactor, RunEnd, RunInfo, RunResult, RunSnapshot } from '@jarvis-load/engine';
import { serializeRunEnd, serializeRunInfo, serializeSnapshotInSteps } from '@jarvis-load/engine/replay';
import { JOURNAL_NAME, journalLine } from './journal-format.ts';

/** Unwritten text is kept in memory while the disk is slow; beyond this the journal ends. */
const MOST_BYTES_WAITING = 16 * 2 ** 20;

/**
 * Writes the record of a run to a file while it goes on, a line each second, so that a killed process leaves everything
 * but its last second. `report` makes the document from it. The file is removed once the document is written.
 */
export class Journal implements Output {
  readonly name = 'journal';
  readonly #reportDirectory: string;
  readonly #redactor: Redactor;
  #path: string | undefined;
  #stream: WriteStream | undefined;
  /** The journal has ended early: later lines would not be the next ones. */
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
    this.#write(journalLine('run', this.#clean(serializeRunInfo(run))));
  }

  *interval(snapshot: RunSnapshot): Generator<undefined, void> {
    const text = yield* serializeSnapshotInSteps(snapshot, (value) => this.#redactor.texts(value));
    yield;
    this.#write(journalLine('snapshot', text));
  }

  /** @throws the error that ended the journal early: it becomes a note of the document */
  async stop(_result: RunResult | undefined, end: RunEnd | undefined): Promise<void> {
    if (end !== undefined) this.#write(journalLine('end', this.#clean(serializeRunEnd(end))));
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
