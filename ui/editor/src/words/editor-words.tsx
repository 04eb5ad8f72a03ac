import { useAppearance } from '@wfm/shared/app';
import { type Language, localeOf, pseudoOf } from '@wfm/shared/core';
import { type ReactNode, useEffect, useState } from 'react';
import { IntlProvider, useMessages, useTimeZone } from 'use-intl';
import { en, type EditorWords } from './en.ts';

async function loadEditorWords(language: Language): Promise<EditorWords> {
  if (language === 'ar') return (await import('./ar.ts')).ar;
  return language === 'pseudo' ? pseudoOf<EditorWords>(en) : en;
}

/** The editor's own words beside the shared ones, in the page's language. */
export function EditorWordsProvider({ children }: { children: ReactNode }) {
  const { language } = useAppearance();
  const shared = useMessages();
  const timeZone = useTimeZone();
  const [loaded, setLoaded] = useState<{ language: Language; words: EditorWords } | null>(
    language === 'en' ? { language, words: en } : null,
  );
  useEffect(() => {
    let wanted = true;
    void loadEditorWords(language).then((words) => wanted && setLoaded({ language, words }));
    return () => {
      wanted = false;
    };
  }, [language]);
  if (!loaded) return null;
  return (
    <IntlProvider
      locale={localeOf(loaded.language)}
      messages={{ ...shared, ...loaded.words }}
      {...(timeZone === undefined ? {} : { timeZone })}
    >
      {children}
    </IntlProvider>
  );
}
