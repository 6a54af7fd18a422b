import { computed, signal } from '@preact/signals';
import type { LogLine, Mark, Now, Point, VerdictView } from '../api/run-schema.ts';
import type { LiveState, SessionView } from '../api/session-schema.ts';
import { MOST_LOG_LINES, MOST_MARKS } from '../api/most-kept.ts';
import { call } from './api.ts';

/*
 * The page's copy of what the server has. Must hold:
 * - Each event that `LiveStore` adds (`record/live-store.ts`) has a handler of its name here, which makes the same change: the
 *   copy equals `GET /api/state` after any event. An event without a handler is ignored.
 * - Signals get new objects; nothing that they hold is changed. Components read them, and only this file sets them.
 */

/** `denied`: the token is missing, or of an earlier start of jarvis-load that left no cookie for this one. */
export type Connection = 'connecting' | 'open' | 'lost' | 'denied';

const RECONNECT_MS = 1000;
/** Another tab may get the cookie that this one lacks. */
const DENIED_MS = 5000;

export const connection = signal<Connection>('connecting');
/** The state of the server; undefined before the first event. */
export const live = signal<LiveState | undefined>(undefined);
/** The run that was on when jarvis-load was killed, and how far its record is. */
export const cutOff = signal<{ readonly runId: string; readonly problem: string | null } | undefined>(
  undefined,
);
export const canControl = computed(() => live.value?.session.mode === 'control');
export const isOn = computed(() =>
  ['preparing', 'running', 'paused', 'stopping'].includes(live.value?.session.state ?? 'idle'),
);

function update(change: (state: LiveState) => LiveState): void {
  if (live.value !== undefined) live.value = change(live.value);
}

/** A point of the same time as the last one replaces it: the second was not complete. */
function withPoint(points: readonly Point[], point: Point | null): Point[] {
  if (point === null) return [...points];
  return points.at(-1)?.atMs === point.atMs ? [...points.slice(0, -1), point] : [...points, point];
}

/**
 * Handles a restart of the server during a run: requests the numbers that the journal of that run has. Until they come, the page
 * keeps the last ones.
 * @returns whether the page keeps them
 */
function keepsCutOffRun(state: LiveState): boolean {
  const runId = live.value?.run?.runId;
  const { mode, state: now } = state.session;
  if (!isOn.value || runId === undefined || mode !== 'control' || now !== 'idle') return false;
  cutOff.value = { runId, problem: null };
  update((shown) => ({ ...shown, session: { ...state.session, state: 'ended' } }));
  void call('POST', `/runs/${encodeURIComponent(runId)}/show`).then((answer) => {
    if (!answer.ok) cutOff.value = { runId, problem: answer.error.message };
  });
  return true;
}

let startOfServer: string | undefined;

/** Ids of events are those of one start of the server. @returns whether this is the first event of another start */
function isOtherStart(eventId: string): boolean {
  const [start] = eventId.split('-', 1);
  const before = startOfServer;
  startOfServer = start;
  return before !== undefined && before !== start;
}

const HANDLERS: Readonly<Record<string, (data: never) => void>> = {
  state: (state: LiveState) => {
    live.value = state;
    cutOff.value = undefined;
  },
  session: (view: SessionView) => update((state) => ({ ...state, session: view })),
  second: ({ point, now }: { point: Point | null; now: Now }) => {
    update((state) => ({
      ...state,
      now,
      history: { ...state.history, points: withPoint(state.history.points, point) },
    }));
  },
  history: (history: LiveState['history']) => update((state) => ({ ...state, history })),
  mark: (mark: Mark) => update((state) => ({ ...state, marks: [...state.marks, mark].slice(-MOST_MARKS) })),
  log: (line: LogLine) => update((state) => ({ ...state, log: [...state.log, line].slice(-MOST_LOG_LINES) })),
  end: ({ now, verdict }: { now: Now | null; verdict: VerdictView }) =>
    update((state) => ({ ...state, now: now ?? state.now, verdict })),
};

/** Exchanges the token of the address for a cookie, and takes it out of the address. */
async function logIn(): Promise<void> {
  const [, token] = /[#&]token=([\w-]+)/.exec(location.hash) ?? [];
  if (token === undefined) return;
  history.replaceState(null, '', location.pathname);
  await call('POST', '/login', { token });
}

function open(): void {
  const source = new EventSource('/api/events');
  source.addEventListener('open', () => (connection.value = 'open'));
  for (const [name, handle] of Object.entries(HANDLERS))
    source.addEventListener(name, (event) => {
      const { data, lastEventId } = event as MessageEvent<string>;
      const value: unknown = JSON.parse(data);
      if (isOtherStart(lastEventId) && name === 'state' && keepsCutOffRun(value as LiveState)) return;
      handle(value as never);
    });
  source.addEventListener('error', () => {
    if (connection.value === 'open') connection.value = 'lost';
    // The browser connects again by itself, except after an answer that is no stream.
    if (source.readyState !== EventSource.CLOSED) return;
    void call('GET', '/state').then((answer) => {
      const isDenied = !answer.ok && 'error' in answer.error && answer.error.error === 'token';
      if (isDenied) connection.value = 'denied';
      setTimeout(open, isDenied ? DENIED_MS : RECONNECT_MS);
    });
  });
}

/** Connects to the server and keeps {@link live} up to date. */
export async function connect(): Promise<void> {
  await logIn();
  open();
  addEventListener('hashchange', () => void logIn().then(() => location.reload()));
}
