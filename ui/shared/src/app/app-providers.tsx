import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { Direction } from 'radix-ui';
import { createContext, type ReactNode, useContext, useEffect, useMemo, useState } from 'react';
import { Toaster } from 'sonner';
import { IntlProvider } from 'use-intl';
import {
  applyLanguage,
  applyTheme,
  isPassing,
  keepLanguage,
  keepTheme,
  type Language,
  loadMessages,
  localeOf,
  type Messages,
  storedTheme,
  type Theme,
} from '../core/index.ts';

interface Appearance {
  theme: Theme;
  setTheme: (theme: Theme) => void;
  language: Language;
  setLanguage: (language: Language) => void;
}

const AppearanceContext = createContext<Appearance | null>(null);

/** Theme and language of the page, and how a person changes them. */
export function useAppearance(): Appearance {
  const appearance = useContext(AppearanceContext);
  if (!appearance) throw new Error('useAppearance needs AppProviders around it');
  return appearance;
}

/** A fault that may pass is tried again by itself; a refusal is shown at once. */
function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        retry: (count, error) => isPassing(error) && count < 3,
        staleTime: 5_000,
        refetchOnWindowFocus: true,
        networkMode: 'always',
      },
      mutations: { networkMode: 'always' },
    },
  });
}

/** What every page of both apps stands in: words, data, theme, short messages. */
export function AppProviders({
  messages: first,
  language: firstLanguage,
  children,
}: {
  messages: Messages;
  language: Language;
  children: ReactNode;
}) {
  const [client] = useState(createQueryClient);
  const [theme, setTheme] = useState<Theme>(storedTheme);
  const [words, setWords] = useState({ language: firstLanguage, messages: first });
  useEffect(() => applyTheme(theme), [theme]);
  useEffect(() => applyLanguage(words.language), [words.language]);
  const appearance = useMemo<Appearance>(
    () => ({
      theme,
      setTheme(next) {
        keepTheme(next);
        setTheme(next);
      },
      language: words.language,
      setLanguage(next) {
        keepLanguage(next);
        void loadMessages(next).then((messages) => setWords({ language: next, messages }));
      },
    }),
    [theme, words.language],
  );
  return (
    <QueryClientProvider client={client}>
      <IntlProvider
        locale={localeOf(words.language)}
        messages={words.messages}
        timeZone={Intl.DateTimeFormat().resolvedOptions().timeZone}
      >
        <AppearanceContext value={appearance}>
          <Direction.Provider dir={words.language === 'ar' ? 'rtl' : 'ltr'}>{children}</Direction.Provider>
          <Toaster theme={theme} position="bottom-center" dir={words.language === 'ar' ? 'rtl' : 'ltr'} />
        </AppearanceContext>
      </IntlProvider>
    </QueryClientProvider>
  );
}
