import { connection, isOn, live } from '../live.ts';
import { clock } from '../format.ts';
import { applyTheme, theme, type Theme } from '../theme.ts';
import { RunControls } from './run-controls.tsx';
import { shownState } from './state-words.ts';

const THEMES: readonly Theme[] = ['system', 'light', 'dark'];

function ThemeChoice() {
  return (
    <label class="theme">
      Theme
      <select value={theme.value} onChange={(event) => applyTheme(event.currentTarget.value as Theme)}>
        {THEMES.map((each) => (
          <option key={each} value={each}>
            {each}
          </option>
        ))}
      </select>
    </label>
  );
}

/** What runs, since when, and the buttons that steer it. */
export function Header() {
  const state = live.value;
  const { tone, text } = shownState();
  const now = state?.now;
  return (
    <header class="top">
      <div class="top-row">
        <h1>
          jarvis-load
          <span class={`chip chip-${tone}`} id="state">
            {text}
          </span>
        </h1>
        {state?.run === undefined || state.run === null ? null : (
          <p class="facts">
            <span>{state.run.target.name === 'mock' ? 'mock' : state.run.target.url}</span>
            <span>{state.run.load}</span>
            {now === null || now === undefined ? null : (
              <span class="num">
                {clock(now.elapsedMs)}
                {now.plannedMs === null || !isOn.value ? '' : ` of ${clock(now.plannedMs)}`}
                {now.stage === null ? '' : `, stage ${now.stage.index} of ${now.stage.count}`}
              </span>
            )}
          </p>
        )}
        <ThemeChoice />
      </div>
      {isOn.value && now?.plannedMs ? (
        <progress
          class="progress"
          max={now.plannedMs}
          value={Math.min(now.elapsedMs, now.plannedMs)}
          aria-label="Progress of the run"
        />
      ) : null}
      <RunControls />
      {connection.value === 'denied' ? (
        <p class="banner banner-fail" role="alert">
          jarvis-load was started again, and does not know this page. Open the address that it printed. The
          numbers below are the last ones.
        </p>
      ) : connection.value === 'lost' && state?.session.state === 'ended' ? (
        <p class="banner" role="status">
          jarvis-load has ended. These are the final numbers; the reports are in its results folder.
        </p>
      ) : connection.value === 'lost' ? (
        <p class="banner banner-fail" role="alert">
          Connection lost: jarvis-load does not answer. The numbers below are the last ones. Connecting again
          …
        </p>
      ) : null}
      <p class="sr" role="status" aria-live="polite">
        {text}
      </p>
    </header>
  );
}
