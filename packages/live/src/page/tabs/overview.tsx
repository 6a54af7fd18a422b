import { EarlierRun, earlier } from '../components/earlier-run.tsx';
import { KeyFigures } from '../components/key-figures.tsx';
import { LiveChart } from '../components/live-chart.tsx';
import { bandsBeside, mainPanels, secondsOf } from '../components/history-charts.ts';
import { Promises } from '../components/promises.tsx';
import { stateWords } from '../components/state-words.ts';
import { StartForm } from '../components/start-form.tsx';
import { VerdictBox } from '../components/verdict-box.tsx';
import { Downloads, DownloadsSoFar } from '../components/downloads.tsx';
import { canControl, live } from '../live.ts';
import { RunsTab } from './runs.tsx';

/** The run at a glance: does it hold, how much, how fast. */
export function OverviewTab() {
  const state = live.value;
  if (state === undefined) return null;
  if (state.session.state === 'idle' && canControl.value)
    return (
      <>
        <StartForm />
        <section aria-labelledby="runs-title">
          <h2 id="runs-title">Earlier runs</h2>
          <RunsTab />
        </section>
      </>
    );
  const { now, history, marks } = state;
  if (now === null)
    return (
      <>
        <VerdictBox />
        {state.session.error === null ? (
          <p class="empty">
            {stateWords(state).text} … The first numbers come one second after the load starts.
            {state.log.length === 0 ? null : <span class="note below">{state.log.at(-1)?.text}</span>}
          </p>
        ) : null}
      </>
    );
  return (
    <>
      <VerdictBox />
      <Downloads />
      <KeyFigures now={now} points={history.points} />
      <LiveChart
        title="Course of the run"
        atSeconds={secondsOf(history.points)}
        panels={mainPanels(history.points, now.promises ?? [], earlier.value?.history.points)}
        marks={marks}
        bands={bandsBeside(history.points, earlier.value?.history.points)}
      />
      <EarlierRun />
      <DownloadsSoFar />
      <Promises promises={now.promises} />
    </>
  );
}
