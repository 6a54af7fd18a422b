import { signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { LoadRequest, Offer, SessionView, StartRequest } from '../../api/session-schema.ts';
import { call, type ApiError } from '../api.ts';
import { fieldText } from '../field-text.ts';
import { clock, parseDuration } from '../format.ts';

const offer = signal<Offer | null>(null);
const problem = signal<ApiError | null>(null);
const kind = signal<LoadRequest['kind']>('users');
const isStarting = signal(false);

/** Reads the load of the form. @returns the problem in words when it is not understood */
function readLoad(data: FormData): LoadRequest | string {
  if (kind.value === 'profile') return { kind: 'profile', profile: fieldText(data, 'profile') };
  const text = fieldText(data, 'runTime');
  const durationMs = text === '' ? undefined : parseDuration(text);
  if (text !== '' && (durationMs === undefined || durationMs < 1000))
    return `Run time "${text}" is no duration: 30s, 5m and 1h30m are, and an empty field runs until you stop it`;
  const length = durationMs === undefined ? {} : { durationMs };
  if (kind.value === 'rate') return { kind: 'rate', rate: Number(data.get('rate')), ...length };
  const perSecond = Number(data.get('perSecond'));
  return {
    kind: 'users',
    users: Number(data.get('users')),
    ...(perSecond > 0 ? { perSecond } : {}),
    ...length,
  };
}

async function start(form: HTMLFormElement): Promise<void> {
  const data = new FormData(form);
  const load = readLoad(data);
  const scenarios = data.getAll('scenario').map(String);
  problem.value =
    typeof load === 'string'
      ? { message: load, next: null }
      : scenarios.length === 0
        ? { message: 'Choose a scenario', next: null }
        : null;
  if (problem.value !== null || typeof load === 'string') return;
  const request: StartRequest = { target: fieldText(data, 'target'), scenarios, load };
  isStarting.value = true;
  const answer = await call<SessionView>('POST', '/run', request);
  isStarting.value = false;
  if (!answer.ok) problem.value = answer.error;
}

/** Chooses target, scenarios and load, and starts. */
export function StartForm() {
  useEffect(() => {
    void call<Offer>('GET', '/offer').then((answer) => {
      if (answer.ok) offer.value = answer.value;
      else problem.value = answer.error;
    });
  }, []);
  if (offer.value === null) return <p class="empty">{problem.value?.message ?? 'Loading …'}</p>;
  const { targets, scenarios, profiles } = offer.value;
  return (
    <form
      class="start"
      aria-labelledby="start-title"
      onSubmit={(event) => {
        event.preventDefault();
        void start(event.currentTarget);
      }}
    >
      <h2 id="start-title">New run</h2>
      <label class="field">
        Target
        <select name="target">
          {targets.map(({ name, url, refused }) => (
            <option key={name} value={name} disabled={refused !== null}>
              {name}
              {url === null ? '' : ` (${url})`}
              {refused === null ? '' : `: ${refused}`}
            </option>
          ))}
        </select>
        <span class="note">
          The mock is started for the run. Other targets come from jarvis-load.config.json.
        </span>
      </label>
      <fieldset>
        <legend>Scenarios</legend>
        {scenarios.map(({ name, description, byDefault }) => (
          <label key={name} class="choice">
            <input type="checkbox" name="scenario" value={name} defaultChecked={byDefault} />
            <span>
              {name}
              <span class="note"> {description}</span>
            </span>
          </label>
        ))}
      </fieldset>
      <fieldset>
        <legend>Load</legend>
        <div class="kinds">
          {(
            [
              ['users', 'Users'],
              ['rate', 'Rate'],
              ['profile', 'Profile'],
            ] as const
          ).map(([value, title]) => (
            <label key={value} class="choice">
              <input
                type="radio"
                name="kind"
                value={value}
                checked={kind.value === value}
                onChange={() => (kind.value = value)}
              />
              {title}
            </label>
          ))}
        </div>
        <div class="row">
          {kind.value === 'users' ? (
            <>
              <label class="field">
                Users in all
                <input name="users" type="number" min={1} step={1} required defaultValue="10" />
              </label>
              <label class="field">
                Started per second
                <input name="perSecond" type="number" min={0} step="any" placeholder="all at once" />
              </label>
            </>
          ) : null}
          {kind.value === 'rate' ? (
            <label class="field">
              Iterations per second in all
              <input name="rate" type="number" min={0.01} step="any" required defaultValue="20" />
            </label>
          ) : null}
          {kind.value === 'profile' ? (
            <label class="field">
              Profile
              <select name="profile">
                {profiles.map(({ name, description, durationMs }) => (
                  <option key={name} value={name}>
                    {name} ({clock(durationMs)}): {description}
                  </option>
                ))}
              </select>
            </label>
          ) : (
            <label class="field">
              Run time
              <input name="runTime" type="text" placeholder="until stopped" autocomplete="off" />
            </label>
          )}
        </div>
        <p class="note">
          {kind.value === 'users'
            ? 'Users wait for each answer before they go on. You can change their number while the run is on.'
            : kind.value === 'rate'
              ? 'Iterations start at this rate, whatever the target answers. You can change it while the run is on.'
              : 'A profile follows its own stages of users.'}
        </p>
      </fieldset>
      {problem.value === null ? null : (
        <p class="banner banner-fail" role="alert">
          {problem.value.message}
          {problem.value.next === null ? '' : `. ${problem.value.next}`}
        </p>
      )}
      <button type="submit" class="primary" disabled={isStarting.value}>
        {isStarting.value ? 'Starting …' : 'Start'}
      </button>
    </form>
  );
}
