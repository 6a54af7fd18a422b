import { signal } from '@preact/signals';

const KEY = 'jarvis-load-theme';

/** `system` follows the setting of the browser. */
export type Theme = 'system' | 'light' | 'dark';

function stored(): Theme {
  const value = localStorage.getItem(KEY);
  return value === 'light' || value === 'dark' ? value : 'system';
}

export const theme = signal<Theme>(stored());

/** Puts the theme on the page; `data-theme` overrides the system. */
export function applyTheme(next: Theme = theme.value): void {
  theme.value = next;
  localStorage.setItem(KEY, next);
  if (next === 'system') delete document.documentElement.dataset['theme'];
  else document.documentElement.dataset['theme'] = next;
}
