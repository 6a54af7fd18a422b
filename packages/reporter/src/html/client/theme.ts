const THEMES = ['system', 'light', 'dark'] as const;
/** Also the key of the live page (`packages/live/src/page/theme.ts`). */
const STORAGE_KEY = 'jarvis-load-theme';

/** Button that switches between system, light and dark theme. */
export function setUpTheme(): void {
  const button = document.getElementById('theme');
  const word = button?.querySelector('span');
  if (button === null || word === undefined || word === null) return;
  let current = read();
  const apply = (theme: string) => {
    if (theme === 'system') delete document.documentElement.dataset['theme'];
    else document.documentElement.dataset['theme'] = theme;
  };
  const show = () => {
    word.textContent = current;
    apply(current);
  };
  button.hidden = false;
  button.addEventListener('click', () => {
    current = THEMES[(THEMES.indexOf(current) + 1) % THEMES.length] ?? 'system';
    write(current);
    show();
  });
  // Print on white paper.
  addEventListener('beforeprint', () => apply('light'));
  addEventListener('afterprint', () => apply(current));
  show();
}

function read(): (typeof THEMES)[number] {
  try {
    const stored = localStorage.getItem(STORAGE_KEY);
    return THEMES.find((theme) => theme === stored) ?? 'system';
  } catch {
    return 'system'; // Browsers may deny storage for file: URLs.
  }
}

function write(theme: string): void {
  try {
    localStorage.setItem(STORAGE_KEY, theme);
  } catch {
    // Without storage, the choice is lost when the page is closed.
  }
}
