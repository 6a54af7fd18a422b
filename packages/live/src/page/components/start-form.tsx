import { signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { SessionView } from '../../api/session-schema.ts';
import type { Offer, StartRequest } from '../../api/start-schema.ts';
import { call, type ApiError } from '../api.ts';
import { fieldText } from '../field-text.ts';
import { DescribedSelect } from './described-select.tsx';
import { readLoad, StartLoad } from './start-load.tsx';
import { readPromises, StartPromises } from './start-promises.tsx';

const offer = signal<Offer | null>(null);
const problem = signal<ApiError | null>(null);
/** Name of the chosen suite; null: the first. */
const suiteName = signal<string | null>(null);
const isStarting = signal(false);

async function fetchOffer(): Promise<void> {
  const answer = await call<Offer>('GET', '/offer');
  problem.value = answer.ok ? null : answer.error;
  if (answer.ok) offer.value = answer.value;
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
  const suite = fieldText(data, 'suite');
  const request: StartRequest = {
    target: fieldText(data, 'target'),
    ...(suite === '' ? {} : { suite }),
    scenarios,
    load,
    ...readPromises(data),
  };
  isStarting.value = true;
  const answer = await call<SessionView>('POST', '/run', request);
  isStarting.value = false;
  if (!answer.ok) problem.value = answer.error;
}

function Problem({ message, next }: ApiError) {
  return (
    <p class="banner banner-fail" role="alert">
      {message}
      {next === null ? '' : `. ${next}`}
    </p>
  );
}

/**
 * Chooses target, tests and load, and starts. What is offered and allowed is checked by the server; the page shows the run when the
 * events of the server tell of it.
 */
export function StartForm() {
  useEffect(() => void fetchOffer(), []);
  if (offer.value === null)
    return problem.value === null ? (
      <p class="empty">Loading …</p>
    ) : (
      <div class="start-go">
        <Problem {...problem.value} />
        <button type="button" onClick={() => void fetchOffer()}>
          Try again
        </button>
      </div>
    );
  const { targets, suites, defaults } = offer.value;
  const suite = suites.find(({ name }) => name === suiteName.value) ?? suites[0];
  if (suite === undefined) return null;
  const isChecked = (name: string, byDefault: boolean): boolean =>
    suite.name === defaults.suite ? (defaults.scenarios ?? []).includes(name) : byDefault;
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
      <DescribedSelect
        className="start-target"
        label="Target"
        name="target"
        options={targets.map(({ name, url, refused }) => ({
          value: name,
          text: refused === null ? name : `${name}: ${refused}`,
          description: url === null || url === name ? '' : url,
          disabled: refused !== null,
        }))}
        initial={defaults.target}
        note="The mock is started for the run. Other targets come from jarvis-load.config.json."
      />
      <fieldset class="start-tests">
        <legend>Tests</legend>
        {suites.length === 1 ? null : (
          <DescribedSelect
            label="Suite"
            name="suite"
            options={suites.map(({ name, description }) => ({
              value: name,
              description: name === description.toLowerCase() ? '' : description,
            }))}
            initial={suite.name}
            onChange={(value) => (suiteName.value = value)}
          />
        )}
        <div role="group" aria-label="Scenarios" key={suite.name}>
          {suite.scenarios.map(({ name, description, byDefault }) => (
            <label key={name} class="choice">
              <input
                type="checkbox"
                name="scenario"
                value={name}
                defaultChecked={isChecked(name, byDefault)}
              />
              <span>
                {name}
                <span class="note"> {description}</span>
              </span>
            </label>
          ))}
        </div>
      </fieldset>
      <StartLoad suite={suite} proposed={defaults.load} />
      <StartPromises suite={suite} defaults={defaults} />
      <div class="start-go">
        {problem.value === null ? null : <Problem {...problem.value} />}
        <button type="submit" class="primary" disabled={isStarting.value}>
          {isStarting.value ? 'Starting …' : 'Start'}
        </button>
      </div>
    </form>
  );
}
