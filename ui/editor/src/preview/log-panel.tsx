import { Badge, EmptyState } from '@wfm/shared/components';
import type { Usage } from '@wfm/workflow-engine/events';
import { ScrollText } from 'lucide-react';
import { useFormatter, useTranslations } from 'use-intl';
import { Virtualizer } from 'virtua';
import { usePreview, useWorkbench } from '../workbench/workbench.ts';
import { Code, Fold } from './failure-card.tsx';
import { type ModuleRecord, recordsOf } from './module-records.ts';
import { valueText } from './value-text.ts';

/** What the preview has run, the newest first: inputs, outputs, tokens, time and cost of each module. */
export function LogPanel() {
  const words = useTranslations('preview.log');
  const response = usePreview((state) => state.response);
  const records = response ? [...recordsOf(response).values()].filter(({ moduleId }) => moduleId !== undefined) : [];
  if (records.length === 0) {
    return (
      <section aria-label={words('title')} className="h-full bg-surface">
        <EmptyState icon={<ScrollText aria-hidden className="size-6" />} title={words('empty')}>
          {words('emptyText')}
        </EmptyState>
      </section>
    );
  }
  const calls = records.reduce((sum, { usage }) => sum + (usage?.calls ?? 0), 0);
  const cost = records.reduce((sum, { usage }) => sum + (usage?.cost_usd ?? 0), 0);
  return (
    <section aria-label={words('title')} className="flex h-full min-h-0 flex-col bg-surface">
      <p className="flex gap-3 border-b border-line px-4 py-2 text-xs text-ink-soft">
        {words('total', { count: records.length, calls })}
        <Cost usd={cost} />
      </p>
      <div role="list" aria-label={words('title')} className="min-h-0 flex-1 overflow-auto">
        <Virtualizer data={records.toReversed()} itemSize={44}>
          {(record) => (
            <div key={record.key} role="listitem">
              <LogEntry record={record} />
            </div>
          )}
        </Virtualizer>
      </div>
    </section>
  );
}

function LogEntry({ record }: { record: ModuleRecord }) {
  const words = useTranslations('preview.log');
  const outcomes = useTranslations('preview.outcomes');
  const format = useFormatter();
  const { store } = useWorkbench();
  const { key, moduleId, inputs, outputs, usage, durationMs, startedAt, warnings } = record;
  return (
    <details data-log={key} className="border-b border-line">
      <summary className="flex min-h-10 flex-wrap items-center gap-x-3 px-4 py-1 text-sm hover:bg-sunken">
        <code className="text-xs font-medium" data-content dir="ltr">
          {key}
        </code>
        <code className="text-xs text-ink-faint" data-content dir="ltr">
          {moduleId}
        </code>
        {warnings.length > 0 ? <Badge tone="warn">{words('warnings', { count: warnings.length })}</Badge> : null}
        <span className="ms-auto flex flex-wrap gap-x-3 text-xs text-ink-soft tabular-nums">
          <Tokens usage={usage} />
          {usage ? <Cost usd={usage.cost_usd ?? 0} /> : null}
          {durationMs === undefined ? null : <span>{outcomes('ms', { ms: Math.round(durationMs) })}</span>}
          {startedAt === undefined ? null : (
            <time dateTime={startedAt}>{format.dateTime(new Date(startedAt), { timeStyle: 'medium' })}</time>
          )}
        </span>
      </summary>
      <div className="grid gap-2 px-4 pb-3">
        <button
          type="button"
          className="min-h-6 justify-self-start text-xs text-accent-strong underline"
          onClick={() => store.acts.select({ kind: 'module', key })}
        >
          {words('show')}
        </button>
        {warnings.map(({ code, message }) => (
          <p key={`${code} ${message}`} className="text-xs text-warn" data-content dir="auto">
            {message}
          </p>
        ))}
        {inputs ? (
          <Fold title={words('inputs')} isOpen>
            <Code>{valueText(inputs)}</Code>
          </Fold>
        ) : null}
        {outputs ? (
          <Fold title={words('outputs')} isOpen>
            <Code>{valueText(outputs)}</Code>
          </Fold>
        ) : null}
      </div>
    </details>
  );
}

function Tokens({ usage }: { usage: Usage | undefined }) {
  const words = useTranslations('preview.log');
  if (usage?.input_tokens === undefined && usage?.output_tokens === undefined) return null;
  return <span>{words('tokens', { input: usage.input_tokens ?? 0, output: usage.output_tokens ?? 0 })}</span>;
}

function Cost({ usd }: { usd: number }) {
  const words = useTranslations('preview.log');
  const format = useFormatter();
  if (usd === 0) return <span>{words('free')}</span>;
  return (
    <span>{format.number(usd, { style: 'currency', currency: 'USD', maximumFractionDigits: usd < 0.1 ? 4 : 2 })}</span>
  );
}
