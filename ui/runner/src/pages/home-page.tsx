import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Button, Card, EmptyState } from '@wfm/shared/components';
import { dataOf, productionApi } from '@wfm/shared/core';
import { Inbox, Play, Plus, Sparkles } from 'lucide-react';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { RunList } from '../lists/run-list.tsx';
import { Section } from '../lists/section.tsx';
import { StartDialog } from '../start/start-dialog.tsx';
import { UploadDialog } from '../start/upload-dialog.tsx';

const recent = 8;
/** The example that shows the most in the least time; it is there from the first start. */
const exampleId = 'pocket_museum_window';

/** What needs one, what has been going on, and what can be started. */
export function HomePage() {
  const words = useTranslations('home');
  const inbox = useQuery({
    queryKey: ['inbox', recent],
    queryFn: () => dataOf(productionApi().GET('/inbox', { params: { query: { limit: recent } } })),
  });
  const runs = useQuery({
    queryKey: ['runs', { limit: recent }],
    queryFn: () => dataOf(productionApi().GET('/workflows', { params: { query: { limit: recent } } })),
  });
  const templates = useQuery({
    queryKey: ['templates', { limit: 50 }],
    queryFn: () => dataOf(productionApi().GET('/workflow-templates', { params: { query: { limit: 50 } } })),
  });
  const [starting, setStarting] = useState<{ name: string; version: string } | null>(null);
  const [uploading, setUploading] = useState(false);
  const example = templates.data?.items.find(({ workflow_id: id }) => id === exampleId);
  const isNew = runs.data?.items.length === 0;
  const waiting = inbox.data?.items ?? [];
  return (
    <div className="grid gap-8">
      <h1 className="sr-only">{words('title')}</h1>
      {isNew && example ? (
        <Card className="grid gap-4 border-accent/40 bg-accent-soft! p-6 sm:grid-cols-[1fr_auto] sm:items-center sm:p-8">
          <div>
            <h2 className="text-xl font-semibold text-balance">{words('welcome')}</h2>
            <p className="mt-1 max-w-prose text-ink-soft">{words('welcomeText')}</p>
          </div>
          <Button
            look="primary"
            icon={<Play aria-hidden className="size-4" />}
            onClick={() => setStarting({ name: example.name, version: example.newest_version_id })}
          >
            {words('startExample')}
          </Button>
        </Card>
      ) : null}
      {isNew ? null : (
        <Section
          title={words('needsYou')}
          query={inbox}
          aside={
            (inbox.data?.total ?? 0) > recent ? (
              <Link to="/waiting" className="text-sm font-medium text-accent-strong underline">
                {words('all', { count: inbox.data?.total ?? 0 })}
              </Link>
            ) : undefined
          }
        >
          {waiting.length === 0 ? (
            <Card>
              <EmptyState icon={<Inbox aria-hidden className="size-7" />} title={words('nothingWaits')}>
                {words('nothingWaitsText')}
              </EmptyState>
            </Card>
          ) : (
            <RunList runs={waiting} />
          )}
        </Section>
      )}
      <Section
        title={words('workflows')}
        query={templates}
        aside={
          <Button
            size="small"
            className="min-h-11"
            icon={<Plus aria-hidden className="size-4" />}
            onClick={() => setUploading(true)}
          >
            {words('addWorkflow')}
          </Button>
        }
      >
        {templates.data?.items.length === 0 ? (
          <Card>
            <EmptyState
              icon={<Sparkles aria-hidden className="size-7" />}
              title={words('noWorkflows')}
              action={<Button onClick={() => setUploading(true)}>{words('addWorkflow')}</Button>}
            >
              {words('noWorkflowsText')}
            </EmptyState>
          </Card>
        ) : (
          <ul className="grid gap-3 sm:grid-cols-2 lg:grid-cols-3">
            {templates.data?.items.map((template) => (
              <li key={template.template_id}>
                <Card className="flex h-full flex-col gap-3 p-4">
                  <div className="flex-1">
                    <Link
                      to="/w/$id"
                      params={{ id: template.template_id }}
                      className="font-semibold text-pretty hover:underline"
                      data-content
                      dir="auto"
                    >
                      {template.name}
                    </Link>
                    <p className="mt-1 line-clamp-3 text-sm text-ink-soft" data-content dir="auto">
                      {template.description}
                    </p>
                  </div>
                  <Button
                    className="self-start"
                    icon={<Play aria-hidden className="size-4" />}
                    aria-label={words('startNamed', { name: template.name })}
                    onClick={() => setStarting({ name: template.name, version: template.newest_version_id })}
                  >
                    {words('start')}
                  </Button>
                </Card>
              </li>
            ))}
          </ul>
        )}
      </Section>
      {isNew ? null : (
        <Section
          title={words('recent')}
          query={runs}
          aside={
            runs.data?.next_cursor == null ? undefined : (
              <Link to="/runs" className="text-sm font-medium text-accent-strong underline">
                {words('allRuns')}
              </Link>
            )
          }
        >
          <RunList runs={runs.data?.items ?? []} />
        </Section>
      )}
      {starting ? (
        <StartDialog
          title={starting.name}
          source={{ workflow_version_id: starting.version }}
          onClose={() => setStarting(null)}
        />
      ) : null}
      {uploading ? <UploadDialog onClose={() => setUploading(false)} /> : null}
    </div>
  );
}
