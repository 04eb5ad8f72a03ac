import { en, type Messages } from './messages/en.ts';

/** Languages that ship; `pseudo` is for tests. */
export const languages = ['en', 'ar', 'pseudo'] as const;
export type Language = (typeof languages)[number];

const KEY = 'wfm.language';

/** What this browser was set to, else the first of its languages that we have. */
export function storedLanguage(): Language {
  const known = (code: string | null): Language | undefined => languages.find((language) => language === code);
  let stored: string | null = null;
  try {
    stored = globalThis.localStorage.getItem(KEY);
  } catch {
    // A browser that keeps nothing goes by its own language.
  }
  const preferred = globalThis.navigator.languages.map((tag) => known(tag.split('-')[0] ?? '')).find(Boolean);
  return known(stored) ?? preferred ?? 'en';
}

export function keepLanguage(language: Language): void {
  try {
    globalThis.localStorage.setItem(KEY, language);
  } catch {
    // See above.
  }
}

/** The words of a language, loaded when they are wanted. */
export async function loadMessages(language: Language): Promise<Messages> {
  if (language === 'ar') return (await import('./messages/ar.ts')).ar;
  if (language === 'pseudo') return (await import('./messages/pseudo.ts')).pseudoMessages();
  return en;
}

/** Words of one app alone in the language that is for tests, from those in English. */
export async function pseudoOf<T>(words: T): Promise<T> {
  return (await import('./messages/pseudo.ts')).strange(words) as T;
}

/** Says the page's language and direction to the browser. */
export function applyLanguage(language: Language): void {
  document.documentElement.lang = language === 'pseudo' ? 'en' : language;
  document.documentElement.dir = language === 'ar' ? 'rtl' : 'ltr';
}

/** The locale for numbers and times. */
export function localeOf(language: Language): string {
  return language === 'pseudo' ? 'en' : language;
}
