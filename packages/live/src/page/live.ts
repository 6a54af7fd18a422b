import { computed, signal } from '@preact/signals';
import type { LogLine, Mark, Now, Point, VerdictView } from '../api/run-schema.ts';
import type { LiveState, SessionView } from '../api/session-schema.ts';
import { call } from './api.ts';

/** `denied`: the token is missing, or of an earlier start of jarvis-load. */
export type Connection = 'connecting' | 'open' | 'lost' | 'denied';

const RECONNECT_MS = 1000;
const MOST_LOG_LINES = 500;

export const connection = signal<Connection>('connecting');
/** The state of the server; undefined before the first event. */
export const live = signal<LiveState | undefined>(undefined);
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

const HANDLERS: Readonly<Record<string, (data: never) => void>> = {
  state: (state: LiveState) => {
    live.value = state;
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
  mark: (mark: Mark) => update((state) => ({ ...state, marks: [...state.marks, mark] })),
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
    source.addEventListener(name, (event) =>
      handle(JSON.parse((event as MessageEvent<string>).data) as never),
    );
  source.addEventListener('error', () => {
    if (connection.value === 'open') connection.value = 'lost';
    // The browser connects again by itself, except after an answer that is no stream.
    if (source.readyState !== EventSource.CLOSED) return;
    void call('GET', '/state').then((answer) => {
      if (!answer.ok && 'error' in answer.error && answer.error.error === 'token')
        connection.value = 'denied';
      else setTimeout(open, RECONNECT_MS);
    });
  });
}

/** Connects to the server and keeps {@link live} up to date. */
export async function connect(): Promise<void> {
  await logIn();
  open();
  addEventListener('hashchange', () => void logIn().then(() => location.reload()));
}
