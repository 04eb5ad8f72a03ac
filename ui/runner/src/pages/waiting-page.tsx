import { Card, EmptyState } from '@wfm/shared/components';
import { dataOf, productionApi } from '@wfm/shared/core';
import { Inbox } from 'lucide-react';
import { useTranslations } from 'use-intl';
import { RunList } from '../lists/run-list.tsx';
import { Section } from '../lists/section.tsx';
import { usePages } from '../lists/use-pages.ts';

/** Everything that waits for one, over all runs (U20). */
export function WaitingPage() {
  const words = useTranslations('home');
  const query = usePages(['inbox', 'all'], (cursor) =>
    dataOf(
      productionApi().GET('/inbox', { params: { query: { limit: 50, ...(cursor === undefined ? {} : { cursor }) } } }),
    ),
  );
  return (
    <div className="grid gap-6">
      <h1 className="text-2xl font-semibold">{words('needsYou')}</h1>
      <Section title={words('needsYou')} hideTitle query={query}>
        {query.items.length === 0 ? (
          <Card>
            <EmptyState icon={<Inbox aria-hidden className="size-7" />} title={words('nothingWaits')}>
              {words('nothingWaitsText')}
            </EmptyState>
          </Card>
        ) : (
          <RunList runs={query.items} />
        )}
      </Section>
    </div>
  );
}
