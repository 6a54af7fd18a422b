import { Header } from './components/header.tsx';
import { Tabs, type Tab } from './components/tabs.tsx';
import { connection, live } from './live.ts';
import { FailuresTab } from './tabs/failures.tsx';
import { GeneratorTab } from './tabs/generator.tsx';
import { LogTab } from './tabs/log.tsx';
import { MockTab } from './tabs/mock.tsx';
import { OperationsTab } from './tabs/operations.tsx';
import { OverviewTab } from './tabs/overview.tsx';
import { RatioTab } from './tabs/ratio.tsx';
import { RunsTab } from './tabs/runs.tsx';
import { StreamsTab } from './tabs/streams.tsx';
import { count } from './format.ts';

function tabs(): readonly Tab[] {
  const state = live.value;
  const failed = state?.now?.failed ?? 0;
  return [
    { id: 'overview', title: 'Overview', show: () => <OverviewTab /> },
    { id: 'operations', title: 'Operations', show: () => <OperationsTab /> },
    ...((state?.now?.streams.length ?? 0) > 0
      ? [{ id: 'streams', title: 'Streams', show: () => <StreamsTab /> }]
      : []),
    {
      id: 'failures',
      title: 'Failures',
      badge: failed > 0 ? count(failed) : undefined,
      show: () => <FailuresTab />,
    },
    { id: 'ratio', title: 'Ratio', show: () => <RatioTab /> },
    { id: 'generator', title: 'Generator', show: () => <GeneratorTab /> },
    { id: 'log', title: 'Log', show: () => <LogTab /> },
    ...(state?.session.mock === true ? [{ id: 'mock', title: 'Mock', show: () => <MockTab /> }] : []),
    { id: 'runs', title: 'Runs', show: () => <RunsTab /> },
  ];
}

/** Shown without a valid token: how to get in, no more. */
function WayIn() {
  return (
    <main class="way-in">
      <h1>jarvis-load</h1>
      <p>
        This page belongs to a running <code>jarvis-load</code>. Open the address that it printed in the
        terminal: it ends in <code>#token=…</code>. The token is new for each start; pages that are open come
        back by themselves.
      </p>
    </main>
  );
}

export function App() {
  if (live.value === undefined)
    return connection.value === 'denied' ? (
      <WayIn />
    ) : (
      <main class="way-in">
        <h1>jarvis-load</h1>
        <p role="status">Connecting …</p>
      </main>
    );
  return (
    <>
      <a class="skip" href="#panel">
        Skip to the numbers
      </a>
      <Header />
      <main>
        <Tabs tabs={tabs()} />
      </main>
    </>
  );
}
