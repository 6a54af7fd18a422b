import { effect } from '@preact/signals';
import { shownState } from './components/state-words.ts';
import { connection, isOn, live } from './live.ts';

/** What a tab of the browser says while another one is looked at. */
function pageTitle(): string {
  const state = live.value;
  if (state === undefined) return 'jarvis-load';
  if (isOn.value && connection.value === 'lost') return 'Connection lost – jarvis-load';
  const fails = isOn.value && (state.now?.promises ?? []).some(({ status }) => status === 'fail');
  return `${shownState().text}${fails ? ', fails so far' : ''} – jarvis-load`;
}

/** Keeps the title of the page up to date. */
export function followTitle(): void {
  effect(() => {
    document.title = pageTitle();
  });
}
