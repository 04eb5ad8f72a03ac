import type { InteractionRequest } from '@wfm/workflow-engine/models';
import { type ReactNode, useState } from 'react';
import { useTranslations } from 'use-intl';
import { classNames } from '../../components/class-names.ts';
import { DataView } from '../../schema/index.ts';
import { AskedFor } from '../answered-card.tsx';
import type { Attempt } from '../host.ts';
import { AttemptsBar, newest, type Shown } from './attempts-bar.tsx';

/**
 * The question as it stands, and the tries before it: one at a time, or two side by side (U6). The present one is never
 * taken away, only put out of sight: what was entered in it stays.
 */
export function Attempts({
  request,
  attempts: given,
  children,
}: {
  request: InteractionRequest;
  attempts: readonly Attempt[];
  children: ReactNode;
}) {
  const words = useTranslations('interaction');
  const attempts = compared.has(request.interaction_type) ? given : none;
  const total = attempts.length + 1;
  const [shown, setShown] = useState<Shown>([newest]);
  const isPair = shown.length === 2;
  const earlier = shown.filter((index) => index !== newest).toSorted((a, b) => a - b);
  const hasNewest = shown.includes(newest);
  return (
    <div className="grid gap-4">
      {attempts.length > 0 ? <AttemptsBar total={total} shown={shown} onShow={setShown} /> : null}
      <div className={classNames('grid gap-4', isPair && 'md:grid-cols-2')}>
        {earlier.map((index) => {
          const attempt = attempts[index];
          const title = words('attempt', { number: index + 1, total });
          return attempt ? (
            <section key={index} aria-label={title} className="grid min-w-0 content-start gap-3">
              <h3 className="text-sm font-medium text-ink-soft tabular-nums">{title}</h3>
              <Earlier request={request} attempt={attempt} />
            </section>
          ) : null;
        })}
        <section
          key="newest"
          aria-label={words('newest')}
          className={classNames('min-w-0 content-start gap-3', hasNewest ? 'grid' : 'hidden')}
        >
          {isPair ? <h3 className="text-sm font-medium text-ink-soft">{words('newest')}</h3> : null}
          {children}
        </section>
      </div>
    </div>
  );
}

/** Types whose question is something to look at. */
const compared = new Set(['review_grouped', 'select_from_structured']);
const none: readonly Attempt[] = [];

function Earlier({ request: now, attempt: { request, feedback } }: { request: InteractionRequest; attempt: Attempt }) {
  return (
    <>
      <div className="rounded-md border border-line bg-surface p-3">
        <DataView data={request.data} schema={request.schema ?? now.schema} />
      </div>
      {feedback ? <AskedFor feedback={feedback} /> : null}
    </>
  );
}
