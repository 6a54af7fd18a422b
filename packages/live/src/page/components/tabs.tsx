import { signal } from '@preact/signals';
import type { ComponentChildren } from 'preact';

/** A tab and what it shows. */
export interface Tab {
  readonly id: string;
  readonly title: string;
  /** A number behind the title. */
  readonly badge?: string | undefined;
  readonly show: () => ComponentChildren;
}

export const openTab = signal('overview');

const STEPS: Readonly<Record<string, number>> = { ArrowRight: 1, ArrowLeft: -1 };

function tabAfter(tabs: readonly Tab[], index: number, key: string): Tab | undefined {
  if (key === 'Home') return tabs[0];
  if (key === 'End') return tabs.at(-1);
  const step = STEPS[key];
  return step === undefined ? undefined : tabs[(index + step + tabs.length) % tabs.length];
}

/** Tabs by the pattern of the ARIA practices: arrow keys, Home and End move between them. */
export function Tabs({ tabs }: { readonly tabs: readonly Tab[] }) {
  const index = Math.max(
    0,
    tabs.findIndex(({ id }) => id === openTab.value),
  );
  const current = tabs[index];
  const onKeyDown = (event: KeyboardEvent): void => {
    const next = tabAfter(tabs, index, event.key);
    if (next === undefined) return;
    event.preventDefault();
    openTab.value = next.id;
    document.getElementById(`tab-${next.id}`)?.focus();
  };
  return (
    <>
      <div class="tabs" role="tablist" aria-label="Views of the run" onKeyDown={onKeyDown}>
        {tabs.map(({ id, title, badge }) => (
          <button
            key={id}
            id={`tab-${id}`}
            type="button"
            role="tab"
            aria-selected={id === current?.id}
            aria-controls="panel"
            tabIndex={id === current?.id ? 0 : -1}
            onClick={() => (openTab.value = id)}
          >
            {title}
            {badge === undefined ? null : <span class="badge">{badge}</span>}
          </button>
        ))}
      </div>
      <div id="panel" role="tabpanel" tabIndex={0} aria-labelledby={`tab-${current?.id ?? ''}`}>
        {current?.show()}
      </div>
    </>
  );
}
