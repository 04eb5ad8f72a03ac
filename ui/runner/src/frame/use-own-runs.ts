import { useQueryClient } from '@tanstack/react-query';
import { inboxTotalKey, useInboxTotal } from '@wfm/shared/app';
import { callProduction, followStream } from '@wfm/shared/core';
import { useEffect, useState } from 'react';
import { useTranslations } from 'use-intl';
import { showNotice } from '../settings/desktop-notices.ts';

interface Changed {
  workflow_run_id: string;
  project_name: string;
  status: string;
}

/**
 * How many runs wait for one, kept up by `/me/stream` on every page but that of a run, which has a stream of its own; a
 * hidden page asks for the number now and then instead (ux.md 2.7). What the lists show is read anew when it changes.
 */
export function useOwnRuns(signedIn: boolean, onRunPage: boolean): number {
  const client = useQueryClient();
  const words = useTranslations('home');
  const [isAsleep, setAsleep] = useState(false);
  const total = useInboxTotal({ poll: onRunPage || isAsleep, enabled: signedIn }) ?? 0;
  useEffect(() => {
    if (!signedIn || onRunPage) return undefined;
    const stop = new AbortController();
    followStream({
      open: (headers, signal) => callProduction('/me/stream', { headers, signal }),
      onFrame({ event, data }) {
        if (event === 'inbox_changed') client.setQueryData(inboxTotalKey, (data as { total: number }).total);
        if (event === 'run_changed') {
          const run = data as Changed;
          if (run.status === 'awaiting_input') showNotice(run.workflow_run_id, run.project_name, words('needsYou'));
        }
        void client.invalidateQueries({ queryKey: ['inbox'] });
        void client.invalidateQueries({ queryKey: ['runs'] });
      },
      onConnection: ({ state }) => setAsleep(state === 'asleep'),
      signal: stop.signal,
    }).catch(() => undefined);
    return () => stop.abort();
  }, [client, signedIn, onRunPage, words]);
  useEffect(() => {
    if (!onRunPage) document.title = total > 0 ? `(${total}) WFM` : 'WFM';
  }, [total, onRunPage]);
  return signedIn ? total : 0;
}
