import { signal } from '@preact/signals';
import { call, type ApiError } from '../api.ts';
import { canControl, connection, live } from '../live.ts';
import { openTab } from './tabs.tsx';

const problem = signal<ApiError | null>(null);

async function send(method: 'POST' | 'DELETE', path: string, body?: object): Promise<void> {
  const answer = await call(method, path, body);
  problem.value = answer.ok ? null : answer.error;
}

/** A change of a tenth, at least one. */
const step = (value: number): number => Math.max(1, Math.round(value / 10));

/** Users or rate of the run, changed while it is on. */
function LoadControl() {
  const steered = live.value?.session.steered;
  if (steered === null || steered === undefined)
    return <p class="note">The load of this run follows its plan: it can be paused and stopped.</p>;
  const { by, value, max } = steered;
  // While the load follows its plan, a step starts from the planned number of now.
  const current = value ?? live.value?.now?.targetUsers ?? 0;
  const name = by === 'users' ? 'Users' : 'Iterations per second';
  const set = (next: number): void => {
    const bounded = Math.min(max, Math.max(0, next));
    void send('POST', `/run/${by}`, by === 'users' ? { users: Math.round(bounded) } : { rate: bounded });
  };
  return (
    <form
      class="load-control"
      aria-label="Load of the run"
      onSubmit={(event) => {
        event.preventDefault();
        const data = new FormData(event.currentTarget);
        const perSecond = Number(data.get('perSecond'));
        if (by === 'users')
          void send('POST', '/run/users', {
            users: Number(data.get('value')),
            ...(perSecond > 0 ? { perSecond } : {}),
          });
        else set(Number(data.get('value')));
      }}
    >
      <label>
        {name}
        <input
          key={value ?? 'planned'}
          name="value"
          type="number"
          min={0}
          max={max}
          step={by === 'users' ? 1 : 'any'}
          required
          defaultValue={value === null ? '' : String(value)}
          placeholder="as planned"
        />
      </label>
      {by === 'users' ? (
        <label>
          per second
          <input name="perSecond" type="number" min={0} step="any" placeholder="at once" />
        </label>
      ) : null}
      <button type="submit">Set</button>
      <span class="steps">
        <button type="button" aria-label={`${name}: fewer`} onClick={() => set(current - step(current))}>
          −
        </button>
        <button type="button" aria-label={`${name}: more`} onClick={() => set(current + step(current))}>
          +
        </button>
      </span>
    </form>
  );
}

/** Buttons that steer the run; none on a page that only watches. They change nothing here: what they did comes as an event. */
export function RunControls() {
  const session = live.value?.session;
  if (session === undefined || session.state === 'idle') return null;
  if (!canControl.value)
    return session.mode === 'view' && session.state !== 'ended' ? (
      <p class="note">This page watches a run of the command line. Ctrl-C there stops it.</p>
    ) : null;
  return (
    <div class="controls" inert={connection.value !== 'open'}>
      {session.state === 'running' || session.state === 'paused' ? <LoadControl /> : null}
      {session.state === 'running' ? (
        <button type="button" onClick={() => void send('POST', '/run/pause')}>
          Pause
        </button>
      ) : null}
      {session.state === 'paused' ? (
        <button type="button" onClick={() => void send('POST', '/run/resume')}>
          Resume
        </button>
      ) : null}
      {['preparing', 'running', 'paused', 'stopping'].includes(session.state) ? (
        <button type="button" class="danger" onClick={() => void send('DELETE', '/run')}>
          {session.state === 'stopping' ? 'Stop now' : 'Stop'}
        </button>
      ) : null}
      {session.state === 'ended' ? (
        <button
          type="button"
          class="primary"
          onClick={() => {
            openTab.value = 'overview';
            void send('POST', '/run/reset');
          }}
        >
          New run
        </button>
      ) : null}
      {problem.value === null ? null : (
        <p class="banner banner-fail" role="alert">
          {problem.value.message}
          {problem.value.next === null ? '' : `. ${problem.value.next}`}
        </p>
      )}
    </div>
  );
}
