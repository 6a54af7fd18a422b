import type { History } from '../api/run-schema.ts';
import type { ArchivedRun, MockChange, MockView } from '../api/session-schema.ts';
import type { Offer, StartRequest } from '../api/start-schema.ts';
import type { ShownRun } from '../record/shown-run.ts';

/*
 * What the server of the page asks of the command line, which implements it. Must hold of the implementation:
 * - Requests have the form of their schema, no more: names and amounts are checked by it. Guard, ceilings and targets stay there.
 * - `runId` and `file` come from a request as they are: it compares them with the names that it knows, and makes no path of
 *   others.
 * - It also shows what it did in the session of the `LiveStore`, which the routes answer with.
 * - For what cannot be done, methods throw or reject with a `LiveError`, whose texts are shown to the person: secrets removed.
 */

/** A request that cannot be done; its message is for the person at the page. */
export class LiveError extends Error {
  /** Stable, such as `target-unknown` or `ceiling`. */
  readonly code: string;
  /** HTTP status. */
  readonly status: number;
  /** What to do. */
  readonly next: string | null;

  constructor(status: number, code: string, message: string, next: string | null = null) {
    super(message);
    this.name = 'LiveError';
    this.status = status;
    this.code = code;
    this.next = next;
  }
}

/** What the page may do to runs. */
export interface LiveControl {
  /** What a start may choose from. */
  offer(): Promise<Offer>;
  /** Resolves once the run is being prepared; later progress and errors appear in the `LiveStore`. */
  start(request: StartRequest): Promise<void>;
  setUsers(users: number, perSecond: number | undefined): void;
  setRate(rate: number): void;
  pause(): void;
  resume(): void;
  /** Lets running iterations end; a second call ends them at once. */
  stop(): void;
  /** Removes an ended run from the page. */
  reset(): void;
}

/** Earlier runs. */
export interface LiveArchive {
  /** Newest first. */
  list(): readonly ArchivedRun[];
  /** A file of a run; undefined: the folder has no such run or file. */
  read(runId: string, file: string): Uint8Array | undefined;
  /** The course of a run; undefined: not known. */
  history(runId: string): History | undefined;
  /**
   * A run, for the whole page; one that was cut off gets its reports first. Undefined: not in the folder.
   * @throws LiveError 409 while another process writes it, 422 where it cannot be read
   */
  show(runId: string): Promise<ShownRun | undefined>;
}

/** Reports of the run that is on, of what there is so far. */
export interface LiveReports {
  /**
   * @returns undefined: not a name that a page was offered
   * @throws LiveError 409 where the run cannot be reported on
   */
  read(file: string): Promise<Uint8Array | undefined>;
}

/** The mock, when it is the target. */
export interface LiveMock {
  read(): Promise<MockView>;
  change(change: MockChange): Promise<MockView>;
}
