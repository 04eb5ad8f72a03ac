import { useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import { useTranslations } from 'use-intl';
import { dataOf, productionApi } from '../core/index.ts';

export const inboxTotalKey = ['inbox-total'] as const;

/** A page that no stream tells of the inbox asks so often, also while it is hidden (ux.md 2.7, U20). */
const POLL_MS = 30_000;

/** How many runs wait for the person; undefined until it is known. The frame writes it, from `/me/stream` or by polling. */
export function useInboxTotal({ poll = false, enabled = true } = {}): number | undefined {
  const { data } = useQuery({
    queryKey: inboxTotalKey,
    queryFn: async () => (await dataOf(productionApi().GET('/inbox', { params: { query: { limit: 0 } } }))).total,
    enabled,
    refetchInterval: poll ? POLL_MS : false,
    refetchIntervalInBackground: true,
  });
  return data;
}

/** The tab's title: what the page shows, and how many runs need the person. */
export function usePageTitle(name: string, waiting: number | undefined): void {
  const common = useTranslations('common');
  const appName = common('appName');
  useEffect(() => {
    const mark = waiting === undefined || waiting === 0 ? '' : `(${waiting}) `;
    document.title = `${mark}${name === '' ? appName : `${name} · ${appName}`}`;
  }, [name, waiting, appName]);
}
