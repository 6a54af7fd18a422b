import { openSync, writeFileSync } from 'node:fs';
import type { OperationPart, SnapshotRecord } from '@jarvis-load/engine';
import { reasonOf } from '@jarvis-load/engine/show';
import { packSnapshot } from '@jarvis-load/engine/replay';
import { JournalEncoder } from './journal-format.ts';

/** A journal that has its first line. */
export interface JournalStart {
  readonly path: string;
  /** JSON of the first line. */
  readonly head: string;
}

/**
 * What comes after it: for each second of the run its operations, in any number of messages, then the record, without them; at last
 * the end of the run as JSON, undefined if it has none.
 */
export type JournalMessage =
  | { readonly kind: 'operations'; readonly operations: readonly OperationPart[] }
  | { readonly kind: 'second'; readonly record: SnapshotRecord }
  | { readonly kind: 'end'; readonly end: string | undefined };

/** Why lines are no longer written; undefined: they are. */
export type JournalProblem = string | undefined;

/**
 * Makes the lines of a journal after the first one, and writes them.
 *
 * Must hold:
 * - The file has its first line, of the same `head`: it is the dictionary of the second line. `Journal` has created it.
 * - After a line that could not be written nothing more is written; each `take` says why.
 * - The file is closed by the end of the thread.
 */
export class JournalFile {
  readonly #file: number;
  readonly #lines = new JournalEncoder();
  readonly #pause: () => void;
  /** Of the second whose record comes next. */
  #operations: OperationPart[] = [];
  #problem: JournalProblem;

  /** @param pause called between parts of a line, each a fraction of a millisecond @throws the error of the file system */
  constructor({ path, head }: JournalStart, pause: () => void = () => undefined) {
    this.#pause = pause;
    this.#file = openSync(path, 'a');
    this.#lines.line('run', head);
  }

  /** Writes the line of a second or of the end; blocks until the system has taken it. */
  take(message: JournalMessage): JournalProblem {
    if (this.#problem !== undefined) return this.#problem;
    try {
      const line = this.#line(message);
      if (line !== undefined) writeFileSync(this.#file, line);
    } catch (error) {
      this.#problem = reasonOf(error);
    }
    return this.#problem;
  }

  #line(message: JournalMessage): string | undefined {
    if (message.kind === 'operations') {
      this.#operations.push(...message.operations);
      return undefined;
    }
    if (message.kind === 'second') {
      const operations = this.#operations;
      this.#operations = [];
      const { record } = message;
      const packed = packSnapshot({ ...record, delta: { ...record.delta, operations } }, this.#pause);
      this.#pause();
      return this.#lines.second(packed);
    }
    return message.end === undefined ? undefined : this.#lines.line('end', message.end);
  }
}
