import { signal } from '@preact/signals';
import type { LoadRequest, SuiteOffer } from '../../api/start-schema.ts';
import { fieldText } from '../field-text.ts';
import { clock, durationText, parseDuration } from '../format.ts';
import { DescribedSelect } from './described-select.tsx';

/*
 * The load of the form, and how it is read. Must hold:
 * - The fields have the names that `readLoad` reads; a field that is absent or empty means the default of the server.
 * - The proposal of the offer is shown until a kind is chosen; the choice stays while the page is open.
 */

type Kind = LoadRequest['kind'];

/** The kind of load that was chosen; null: as the offer proposes. */
const chosen = signal<Kind | null>(null);

const TITLES: Readonly<Record<Kind, string>> = {
  users: 'Users',
  rate: 'Rate',
  profile: 'Profile',
  own: 'As in the file',
};
const NOTES: Readonly<Record<Kind, string>> = {
  users: 'Users wait for each answer before they go on. You can change their number while the run is on.',
  rate: 'Iterations start at this rate, whatever the target answers. You can change it while the run is on.',
  profile: 'A profile follows its own stages of users, until you set their number while the run is on.',
  own: 'Each scenario starts as its file says; one without a load of its own follows the profile.',
};

/** The chosen kind where the suite has it. */
function kindFor({ ownLoad, profiles }: SuiteOffer, proposed: Kind): Kind {
  const kind = chosen.value ?? proposed;
  if (kind === 'own') return ownLoad ? 'own' : 'users';
  return kind === 'profile' && profiles.length === 0 ? 'users' : kind;
}

/**
 * Reads the load of the form; what the target allows is checked by the server.
 * @returns the problem in words when it is not understood
 */
export function readLoad(data: FormData): LoadRequest | string {
  const kind = fieldText(data, 'kind') as Kind;
  if (kind === 'own') return { kind };
  const text = fieldText(data, 'runTime');
  const durationMs = text === '' ? undefined : parseDuration(text);
  if (text !== '' && (durationMs === undefined || durationMs < 1000))
    return `Run time "${text}" is not understood: 30s, 5m and 1h30m are`;
  const length = durationMs === undefined ? {} : { durationMs };
  if (kind === 'rate') return { kind, rate: Number(data.get('rate')), ...length };
  const users = Number(data.get('users'));
  if (kind === 'profile')
    return { kind, profile: fieldText(data, 'profile'), ...(users > 0 ? { users } : {}), ...length };
  const perSecond = Number(data.get('perSecond'));
  return { kind, users, ...(perSecond > 0 ? { perSecond } : {}), ...length };
}

/** Chooses how much load, and for how long. */
export function StartLoad({
  suite,
  proposed,
}: {
  readonly suite: SuiteOffer;
  readonly proposed: LoadRequest;
}) {
  const kind = kindFor(suite, proposed.kind);
  const given = proposed.kind === kind ? proposed : undefined;
  const kinds = (['users', 'rate', 'profile', 'own'] as const).filter(
    (each) => (each !== 'own' || suite.ownLoad) && (each !== 'profile' || suite.profiles.length > 0),
  );
  const durationMs = given !== undefined && 'durationMs' in given ? given.durationMs : undefined;
  return (
    <fieldset class="start-load">
      <legend>Load</legend>
      <div class="kinds">
        {kinds.map((value) => (
          <label key={value} class="choice">
            <input
              type="radio"
              name="kind"
              value={value}
              checked={kind === value}
              onChange={() => (chosen.value = value)}
            />
            {TITLES[value]}
          </label>
        ))}
      </div>
      <div class="row" key={kind}>
        {kind === 'users' ? (
          <>
            <label class="field">
              Users in all
              <input
                name="users"
                type="number"
                min={1}
                step={1}
                required
                defaultValue={String(given?.kind === 'users' ? given.users : 10)}
              />
            </label>
            <label class="field">
              Started per second
              <input
                name="perSecond"
                type="number"
                min={0}
                step="any"
                placeholder="all at once"
                defaultValue={given?.kind === 'users' ? String(given.perSecond ?? '') : ''}
              />
            </label>
          </>
        ) : null}
        {kind === 'rate' ? (
          <label class="field">
            Iterations per second in all
            <input
              name="rate"
              type="number"
              min={0.01}
              step="any"
              required
              defaultValue={String(given?.kind === 'rate' ? given.rate : 20)}
            />
          </label>
        ) : null}
        {kind === 'profile' ? (
          <>
            <DescribedSelect
              className="field-whole"
              label="Profile"
              name="profile"
              options={suite.profiles.map(({ name, description, durationMs: length }) => ({
                value: name,
                text: `${name} (${clock(length)})`,
                description,
              }))}
              initial={given?.kind === 'profile' ? given.profile : undefined}
            />
            <label class="field">
              Most users
              <input
                name="users"
                type="number"
                min={1}
                step={1}
                placeholder="the profile's"
                defaultValue={given?.kind === 'profile' ? String(given.users ?? '') : ''}
              />
            </label>
          </>
        ) : null}
        {kind === 'own' ? null : (
          <label class="field">
            Run time
            <input
              name="runTime"
              type="text"
              placeholder={kind === 'profile' ? "the profile's" : 'until stopped'}
              autocomplete="off"
              defaultValue={durationMs === undefined ? '' : durationText(durationMs)}
            />
          </label>
        )}
      </div>
      <p class="note">{NOTES[kind]}</p>
    </fieldset>
  );
}
