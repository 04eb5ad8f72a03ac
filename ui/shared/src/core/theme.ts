export type Theme = 'light' | 'dark' | 'system';

const KEY = 'wfm.theme';

/** What this browser shows; `system` follows it. */
export function storedTheme(): Theme {
  const stored = read();
  return stored === 'light' || stored === 'dark' ? stored : 'system';
}

/** Shows a theme from now on, and goes along with the system where that is asked. Returns how to stop following it. */
export function applyTheme(theme: Theme): () => void {
  const dark = globalThis.matchMedia('(prefers-color-scheme: dark)');
  const show = (): void => {
    document.documentElement.dataset.theme = theme === 'system' ? (dark.matches ? 'dark' : 'light') : theme;
  };
  show();
  if (theme !== 'system') return () => undefined;
  dark.addEventListener('change', show);
  return () => dark.removeEventListener('change', show);
}

export function keepTheme(theme: Theme): void {
  try {
    globalThis.localStorage.setItem(KEY, theme);
  } catch {
    // A browser that keeps nothing shows it for as long as the page is open.
  }
}

function read(): string | null {
  try {
    return globalThis.localStorage.getItem(KEY);
  } catch {
    return null;
  }
}
