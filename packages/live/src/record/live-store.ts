import { randomBytes } from 'node:crypto';
import { MOST_LOG_LINES, MOST_MARKS } from '../api/most-kept.ts';
import type { LogLine, Mark, Now, Point, RunHead, VerdictView } from '../api/run-schema.ts';
import type { LiveState, SessionView } from '../api/session-schema.ts';
import { EventJournal, type LiveEvent } from './event-journal.ts';
import type { ShownRun } from './shown-run.ts';

type CourseOf = ShownRun['courseOf'];

/**
 * Everything that the page shows, kept in the server, so that a page opened or reloaded during a run shows all of it. Each
 * change is an event with an id; a page that reconnects gets the events after the last one it saw, or the whole state.
 *
 * Must hold:
 * - A method that changes a field also adds the event with the change: pages that are open get nothing else.
 * - Fields are replaced, never mutated: `state` hands them out.
 * - Texts are redacted by the caller; nothing is redacted here.
 * - The page has a handler for each name of an event, with the same change (`page/live.ts`).
 * - `begin`, `second` and `end` are called by `LiveOutput`; `ended` is set by the command line, after the reports.
 */
export class LiveStore {
  #session: SessionView;
  #run: RunHead | null = null;
  #now: Now | null = null;
  #history: LiveState['history'] = { binMs: 1000, points: [] };
  #marks: Mark[] = [];
  #log: LogLine[] = [];
  #verdict: VerdictView | null = null;
  #courseOf: CourseOf = () => undefined;
  readonly #journal: EventJournal;

  /** @param mode what pages may do */
  constructor(mode: SessionView['mode']) {
    this.#session = {
      state: 'idle',
      phase: null,
      mode,
      steered: null,
      mock: false,
      error: null,
      reports: [],
    };
    // The random prefix makes ids of an earlier server process unknown here, so its pages get the whole state.
    this.#journal = new EventJournal(randomBytes(4).toString('hex'));
  }

  get session(): SessionView {
    return this.#session;
  }

  get state(): LiveState {
    return {
      session: this.#session,
      run: this.#run,
      now: this.#now,
      history: this.#history,
      marks: this.#marks,
      log: this.#log,
      verdict: this.#verdict,
    };
  }

  /** Id of the last event. There is one before the first event too, so that any state can be resumed from. */
  get lastEventId(): string {
    return this.#journal.lastId;
  }

  /** Events after the one with this id; undefined: not kept, send the state. */
  eventsAfter(id: string): readonly LiveEvent[] | undefined {
    return this.#journal.after(id);
  }

  subscribe(listener: (event: LiveEvent) => void): () => void {
    return this.#journal.subscribe(listener);
  }

  setSession(change: Partial<SessionView>): void {
    this.#session = { ...this.#session, ...change };
    this.#journal.add('session', this.#session);
  }

  /** Values over time of one operation of this run; undefined: it had no request yet. */
  course(...[scenario, operation]: Parameters<CourseOf>): ReturnType<CourseOf> {
    return this.#courseOf(scenario, operation);
  }

  /**
   * Starts a run: clears run, history, marks, log and verdict of the one before.
   * @param courseOf called when a page shows one operation
   */
  begin(run: RunHead, courseOf: CourseOf): void {
    this.#clear();
    this.#run = run;
    this.#courseOf = courseOf;
    this.#journal.add('state', this.state);
  }

  /** Back to the state before the first run. */
  clear(): void {
    this.#clear();
    this.#session = { ...this.#session, state: 'idle', phase: null, steered: null, error: null, reports: [] };
    this.#journal.add('state', this.state);
  }

  /**
   * A second has passed.
   * @param point what it adds to the history
   * @param history all of it, `point` included
   * @param isWidened the width of points doubled and earlier ones were merged: the whole history is sent
   */
  second(point: Point | null, now: Now, history: LiveState['history'], isWidened: boolean): void {
    this.#now = now;
    this.#history = history;
    this.#journal.add('second', { point: isWidened ? null : point, now });
    if (isWidened) this.#journal.add('history', history);
  }

  /** The load of the run was set. */
  steer(steered: SessionView['steered']): void {
    this.setSession({ steered });
    if (steered?.value !== null && steered !== null)
      this.#markNow('load', `${steered.by} set to ${steered.value}`);
  }

  /** The run was paused, or goes on. */
  paused(isPaused: boolean): void {
    this.setSession({ state: isPaused ? 'paused' : 'running' });
    this.#markNow('pause', isPaused ? 'paused' : 'resumed');
  }

  mark(mark: Mark): void {
    this.#marks = [...this.#marks, mark].slice(-MOST_MARKS);
    this.#journal.add('mark', mark);
  }

  log(level: LogLine['level'], text: string): void {
    const line: LogLine = { at: new Date().toISOString(), level, text };
    this.#log = [...this.#log, line].slice(-MOST_LOG_LINES);
    this.#journal.add('log', line);
  }

  /** The run has a verdict, and its final numbers. */
  end(now: Now, verdict: VerdictView): void {
    this.#now = now;
    this.#verdict = verdict;
    this.#journal.add('end', { now, verdict });
  }

  /** Shows a run that ended before this process started, or was cut off with an earlier one. */
  show({ run, now, history, verdict, courseOf, reports }: ShownRun): void {
    this.#clear();
    this.#run = run;
    this.#now = now;
    this.#history = history;
    this.#verdict = verdict;
    this.#courseOf = courseOf;
    this.#session = {
      ...this.#session,
      state: 'ended',
      phase: null,
      steered: null,
      mock: false,
      error: null,
      reports: [...reports],
    };
    this.#journal.add('state', this.state);
  }

  #markNow(kind: Mark['kind'], text: string): void {
    this.mark({ atMs: this.#now?.elapsedMs ?? 0, kind, text });
  }

  #clear(): void {
    this.#run = null;
    this.#now = null;
    this.#history = { binMs: 1000, points: [] };
    this.#marks = [];
    this.#log = [];
    this.#verdict = null;
    this.#courseOf = () => undefined;
  }
}
