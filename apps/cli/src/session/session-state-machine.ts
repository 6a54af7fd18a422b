/**
 * The state of a session, and who listens to it.
 *
 * Must hold:
 * - The transitions are those of the table of `RunSession` (engine): both change together.
 * - A listener may call the session, so change its state, while it is told of a change: those after it are told the newer state only.
 *   Every listener hears states in the order in which they were reached, and the last one it hears is the current one.
 * - What a listener throws ends neither the change nor the calls of the others.
 * - `act` comes after what the new state lets a listener use: a listener stops the run at the first `running`.
 */
import { EngineError, type SessionAction, type SessionState, type SessionStatus } from '@jarvis-load/engine';

type Transitions = Partial<Record<SessionAction, SessionState>>;

/** What each state allows, and where it leads: the table of `RunSession` as data. */
const ALLOWED: Readonly<Record<SessionState, Transitions>> = {
  idle: { prepare: 'preparing', reset: 'idle' },
  preparing: { stop: 'idle' },
  ready: { prepare: 'preparing', start: 'running', reset: 'idle' },
  running: { setUsers: 'running', setRate: 'running', pause: 'paused', stop: 'stopping' },
  paused: { setUsers: 'paused', setRate: 'paused', resume: 'running', stop: 'stopping' },
  stopping: { stop: 'stopping' },
  ended: { prepare: 'preparing', start: 'preparing', reset: 'idle' },
  failed: { prepare: 'preparing', reset: 'idle' },
};

/** Transitions caused by the run itself, not by a call of the client. */
const BY_ITSELF: Readonly<Record<SessionState, readonly SessionState[]>> = {
  idle: [],
  preparing: ['ready', 'failed'],
  ready: ['failed'],
  running: ['stopping', 'ended', 'failed'],
  paused: ['stopping', 'ended', 'failed'],
  stopping: ['ended', 'failed'],
  ended: [],
  failed: [],
};

/** The state of a session, and who listens to it. */
export class SessionStateMachine {
  readonly #listeners = new Set<(status: SessionStatus) => void>();
  readonly #listenerFailed: (error: unknown) => void;
  #status: SessionStatus = statusOf('idle', { runId: null, phase: null, error: null });

  /** @param listenerFailed called with what a listener throws */
  constructor(listenerFailed: (error: unknown) => void) {
    this.#listenerFailed = listenerFailed;
  }

  get status(): SessionStatus {
    return this.#status;
  }

  onStatus(listener: (status: SessionStatus) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** @throws EngineError `wrong-state` */
  require(action: SessionAction): void {
    const { state, allowed } = this.#status;
    if (ALLOWED[state][action] !== undefined) return;
    throw new EngineError(
      'wrong-state',
      `${action}: the session is ${state}; expected a state that allows it. Now allowed: ${allowed.join(', ')}.`,
    );
  }

  /** Performs an action of the client: changes to the state that `ALLOWED` gives. @throws EngineError `wrong-state` */
  act(action: SessionAction, changes: Partial<SessionStatus> = {}): void {
    this.require(action);
    this.#to(ALLOWED[this.#status.state][action]!, changes);
  }

  /** Performs a transition caused by the run. Ignored if the current state does not allow it, such as after a stop. */
  reach(state: SessionState, changes: Partial<SessionStatus> = {}): void {
    if (BY_ITSELF[this.#status.state].includes(state)) this.#to(state, changes);
  }

  /** The same state with other facts. */
  note(changes: Partial<SessionStatus>): void {
    this.#to(this.#status.state, changes);
  }

  #to(state: SessionState, changes: Partial<SessionStatus>): void {
    const error = state === 'failed' ? this.#status.error : null;
    const next = statusOf(state, { ...this.#status, error, ...changes });
    const { allowed: _, ...before } = this.#status;
    const { allowed: __, ...after } = next;
    this.#status = next;
    if (JSON.stringify(before) === JSON.stringify(after)) return;
    for (const listener of this.#listeners) {
      // A listener has changed the state: all have been told the newer one.
      if (this.#status !== next) return;
      try {
        listener(next);
      } catch (thrown) {
        this.#listenerFailed(thrown);
      }
    }
  }
}

function statusOf(state: SessionState, facts: Omit<SessionStatus, 'state' | 'allowed'>): SessionStatus {
  const { runId, phase, error } = facts;
  return { state, allowed: Object.keys(ALLOWED[state]) as SessionAction[], runId, phase, error };
}
