import { useQuery } from '@tanstack/react-query';
import { ErrorCard, useCopy, useLate } from '@wfm/shared/app';
import { Badge, Button, EmptyState, IconButton, Skeleton } from '@wfm/shared/components';
import { dataOf, productionApi } from '@wfm/shared/core';
import { Copy, PhoneCall } from 'lucide-react';
import { useFormatter, useTranslations } from 'use-intl';
import { Cost, Duration, Tokens } from '../figures.tsx';
import { runKey, useLiveRun } from '../model/use-run.ts';
import { TextBox } from '../text-box.tsx';
import { type CallMessage, messagesOf, replyText } from './call-text.ts';
import { type Call, useCalls } from './use-calls.ts';

/** Every call to a model or an address: what was sent and answered, tokens, cost, time; what all came to (U18). */
export function CallsPanel() {
  const words = useTranslations('run.calls');
  const common = useTranslations('common');
  const { items, hasMore, busy, error, loadMore, reload } = useCalls();
  const late = useLate(items === undefined && !error);
  if (error) return <ErrorCard error={error} onRetry={reload} />;
  if (!items) return late ? <Skeleton className="m-4 h-32" /> : null;
  if (items.length === 0)
    return (
      <EmptyState icon={<PhoneCall aria-hidden className="size-6" />} title={words('empty')}>
        {words('emptyText')}
      </EmptyState>
    );
  return (
    <div className="grid gap-2 p-3">
      <Totals />
      <ol className="grid gap-2">
        {items.map((call) => (
          <CallItem key={call.call_id} call={call} />
        ))}
      </ol>
      {hasMore ? (
        <Button busy={busy} onClick={loadMore}>
          {common('loadMore')}
        </Button>
      ) : null}
    </div>
  );
}

function Totals() {
  const words = useTranslations('run.calls');
  const { runId } = useLiveRun();
  const { data } = useQuery({
    queryKey: runKey(runId, 'usage'),
    queryFn: () => dataOf(productionApi().GET('/workflow/{run}/usage', { params: { path: { run: runId } } })),
  });
  if (!data) return <Skeleton className="h-16" />;
  const { total, media } = data;
  return (
    <dl className="grid grid-cols-3 gap-2 rounded-md bg-sunken p-3 text-sm">
      <div>
        <dt className="text-xs text-ink-faint">{words('count')}</dt>
        <dd className="font-semibold tabular-nums">{total.calls ?? 0}</dd>
      </div>
      <div>
        <dt className="text-xs text-ink-faint">{words('tokens')}</dt>
        <dd className="font-semibold tabular-nums">
          <Tokens usage={total} />
        </dd>
      </div>
      <div>
        <dt className="text-xs text-ink-faint">{words('cost')}</dt>
        <dd className="font-semibold tabular-nums">
          <Cost usage={{ cost_usd: total.cost_usd }} />
        </dd>
      </div>
      {media.contents > 0 ? (
        <div className="col-span-3 text-xs text-ink-soft">
          {words('media', { count: media.contents })} <Cost usage={{ cost_usd: media.usd }} />
        </div>
      ) : null}
    </dl>
  );
}

function CallItem({ call }: { call: Call }) {
  const words = useTranslations('run.calls');
  const format = useFormatter();
  const error = call.error as { message?: string } | null | undefined;
  return (
    <li className="rounded-md border border-line">
      <details>
        <summary className="grid min-h-11 gap-0.5 px-3 py-2 text-sm hover:bg-sunken">
          <span className="flex flex-wrap items-center gap-2">
            <span className="min-w-0 truncate font-medium" data-content>
              {call.target}
            </span>
            {call.mock ? <Badge>{words('mock')}</Badge> : null}
            {error ? <Badge tone="bad">{words('failed')}</Badge> : null}
          </span>
          <span className="flex flex-wrap gap-x-3 text-xs text-ink-soft tabular-nums">
            <code data-content>{call.module_name}</code>
            <time dateTime={call.created_at}>
              {format.dateTime(new Date(call.created_at), { hour: 'numeric', minute: '2-digit', second: '2-digit' })}
            </time>
            <span>
              <Duration ms={call.duration_ms} />
            </span>
            {call.usage ? (
              <>
                <span>
                  <Tokens usage={call.usage} />
                </span>
                <span>
                  <Cost usage={call.usage} />
                </span>
              </>
            ) : null}
            {call.cost?.unit === 'credits' ? <span>{words('credits', { amount: call.cost.amount })}</span> : null}
          </span>
        </summary>
        <div className="grid gap-3 border-t border-line p-3">
          {messagesOf(call.request).map((message, index) => (
            <Part key={index} message={message} />
          ))}
          {error ? (
            <p className="text-sm text-bad" data-content dir="auto">
              {error.message}
            </p>
          ) : (
            <Part message={{ role: words('reply'), text: replyText(call.reply) }} isOurs />
          )}
        </div>
      </details>
    </li>
  );
}

function Part({ message, isOurs = false }: { message: CallMessage; isOurs?: boolean }) {
  const words = useTranslations('run.calls');
  const copy = useCopy();
  return (
    <div className="grid gap-1">
      <div className="flex items-center justify-between">
        <span className="text-xs font-medium text-ink-soft" {...(isOurs ? {} : { 'data-content': '' })}>
          {message.role === '' ? words('request') : message.role}
        </span>
        <IconButton
          size="small"
          label={words('copy')}
          icon={<Copy aria-hidden className="size-3.5" />}
          onClick={() => copy(message.text)}
        />
      </div>
      <TextBox className="max-h-72 rounded-md bg-sunken p-2">{message.text}</TextBox>
    </div>
  );
}
