import { useMutation, useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { ErrorCard, GonePage, isGone, useLate } from '@wfm/shared/app';
import { Badge, Button, Card, Dialog, EmptyState, Skeleton } from '@wfm/shared/components';
import { dataOf, productionApi } from '@wfm/shared/core';
import { GitCompare, History, PencilRuler, Play, Sparkles } from 'lucide-react';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { RunList } from '../lists/run-list.tsx';
import { Section } from '../lists/section.tsx';
import { Ago } from '../lists/time.tsx';
import { usePages } from '../lists/use-pages.ts';
import { editorAddress } from '../start/open-editor.ts';
import { StartDialog } from '../start/start-dialog.tsx';
import { VersionChanges } from '../start/version-changes.tsx';

/** One workflow: what it is, its versions and what changed between them, its runs. */
export function WorkflowPage() {
  const { id = '' } = useParams({ strict: false });
  const words = useTranslations('workflow');
  const path = { path: { template: id } };
  const template = useQuery({
    queryKey: ['templates', id],
    queryFn: () => dataOf(productionApi().GET('/workflow-templates/{template}', { params: path })),
  });
  const versions = usePages(['templates', id, 'versions'], (cursor) =>
    dataOf(
      productionApi().GET('/workflow-templates/{template}/versions', {
        params: { ...path, query: { limit: 20, ...(cursor === undefined ? {} : { cursor }) } as never },
      }),
    ),
  );
  const runs = usePages(['runs', { template: id }], (cursor) =>
    dataOf(
      productionApi().GET('/workflows', {
        params: { query: { template: id, limit: 20, ...(cursor === undefined ? {} : { cursor }) } },
      }),
    ),
  );
  const [starting, setStarting] = useState<string | null>(null);
  const [comparing, setComparing] = useState<{ a: string; b: string } | null>(null);
  const editor = useMutation({
    mutationFn: () => editorAddress({ templateId: id }),
    onSuccess: (address) => globalThis.location.assign(address),
  });
  const late = useLate(template.isPending);
  if (isGone(template.error)) return <GonePage action={<Link to="/">{words('toHome')}</Link>} />;
  if (template.error) return <ErrorCard error={template.error} onRetry={() => void template.refetch()} />;
  if (!template.data) return late ? <Skeleton className="h-96" /> : null;
  const { name, description, newest_version_id: newest, is_global: isGlobal } = template.data;
  return (
    <div className="grid gap-8">
      <header className="flex flex-wrap items-start gap-4">
        <div className="min-w-64 flex-1">
          <h1 className="text-2xl font-semibold text-balance" data-content dir="auto">
            {name}
          </h1>
          {description === '' ? null : (
            <p className="mt-2 max-w-prose whitespace-pre-wrap text-ink-soft" data-content dir="auto">
              {description}
            </p>
          )}
          {isGlobal ? <Badge className="mt-2">{words('everybody')}</Badge> : null}
        </div>
        <Button
          busy={editor.isPending}
          icon={<PencilRuler aria-hidden className="size-4" />}
          onClick={() => editor.mutate()}
        >
          {words('edit')}
        </Button>
        <Button look="primary" icon={<Play aria-hidden className="size-4" />} onClick={() => setStarting(newest)}>
          {words('start')}
        </Button>
      </header>
      {editor.error ? <ErrorCard error={editor.error} onRetry={() => editor.mutate()} /> : null}
      <Section title={words('runs')} query={runs}>
        {runs.items.length === 0 ? (
          <Card>
            <EmptyState icon={<Sparkles aria-hidden className="size-7" />} title={words('noRuns')}>
              {words('noRunsText')}
            </EmptyState>
          </Card>
        ) : (
          <RunList runs={runs.items} />
        )}
      </Section>
      <Section title={words('versions')} query={versions}>
        <ol className="divide-y divide-line rounded-lg border border-line bg-surface shadow-1">
          {versions.items.map((version, index) => {
            const before = versions.items[index + 1];
            return (
              <li key={version.version_id} className="flex flex-wrap items-center gap-3 px-4 py-2">
                <History aria-hidden className="size-4 text-ink-faint" />
                <span className="font-medium">{words('version', { number: version.number })}</span>
                {version.version_id === newest ? <Badge tone="accent">{words('newest')}</Badge> : null}
                <span className="min-w-0 flex-1 truncate text-sm text-ink-soft" data-content dir="auto">
                  {version.note}
                </span>
                <Ago at={version.created_at} />
                {before ? (
                  <Button
                    size="small"
                    look="quiet"
                    className="min-h-11"
                    icon={<GitCompare aria-hidden className="size-4" />}
                    onClick={() => setComparing({ a: before.version_id, b: version.version_id })}
                  >
                    {words('whatChanged')}
                  </Button>
                ) : null}
                <Button
                  size="small"
                  className="min-h-11"
                  aria-label={words('startVersion', { number: version.number })}
                  onClick={() => setStarting(version.version_id)}
                >
                  {words('start')}
                </Button>
              </li>
            );
          })}
        </ol>
      </Section>
      {starting === null ? null : (
        <StartDialog title={name} source={{ workflow_version_id: starting }} onClose={() => setStarting(null)} />
      )}
      {comparing ? <Comparison templateId={id} {...comparing} onClose={() => setComparing(null)} /> : null}
    </div>
  );
}

function Comparison({ templateId, a, b, onClose }: { templateId: string; a: string; b: string; onClose: () => void }) {
  const words = useTranslations('workflow');
  const query = useQuery({
    queryKey: ['templates', templateId, 'compare', a, b],
    queryFn: () =>
      dataOf(
        productionApi().GET('/workflow-templates/{template}/versions/compare', {
          params: { path: { template: templateId }, query: { a, b } },
        }),
      ),
  });
  return (
    <Dialog
      open
      onClose={onClose}
      title={words('whatChanged')}
      {...(query.data ? { description: query.data.summary } : {})}
    >
      <Section title={words('whatChanged')} hideTitle query={query}>
        <VersionChanges changes={query.data?.changes ?? []} />
      </Section>
    </Dialog>
  );
}
