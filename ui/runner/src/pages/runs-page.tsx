import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { Button, Card, EmptyState, IconButton, Menu, MenuItem } from '@wfm/shared/components';
import { dataOf, productionApi } from '@wfm/shared/core';
import { Ban, ListX, MoreHorizontal, Trash2 } from 'lucide-react';
import { type ReactNode, useEffect, useState } from 'react';
import { useTranslations } from 'use-intl';
import { type RunLine, RunList } from '../lists/run-list.tsx';
import { Section } from '../lists/section.tsx';
import { usePages } from '../lists/use-pages.ts';
import { ConfirmDialog } from '../run/confirm-dialog.tsx';

interface Filter {
  status?: string;
  template?: string;
  q?: string;
  from?: string;
  to?: string;
}

const statuses = ['awaiting_input', 'processing', 'awaiting_task', 'completed', 'error', 'cancelled'] as const;
const ended = new Set(['completed', 'error', 'cancelled']);
const typingMs = 300;
const box = 'min-h-11 rounded-md border border-line-strong bg-surface px-3 text-sm';

/** All runs, by state, workflow, date and text; the filter stands in the address (U13). */
export function RunsPage() {
  const words = useTranslations('runs');
  const filter = readFilter(useSearch({ strict: false }));
  const query = usePages(['runs', filter], (cursor) =>
    dataOf(
      productionApi().GET('/workflows', {
        params: { query: { limit: 30, ...filter, ...(cursor === undefined ? {} : { cursor }) } as never },
      }),
    ),
  );
  const [acting, setActing] = useState<{ run: RunLine; act: 'cancel' | 'delete' } | null>(null);
  const isFiltered = Object.keys(filter).length > 0;
  return (
    <div className="grid gap-6">
      <h1 className="text-2xl font-semibold">{words('title')}</h1>
      <Filters filter={filter} />
      <Section title={words('title')} hideTitle query={query}>
        {query.items.length === 0 ? (
          <Card>
            <EmptyState
              icon={<ListX aria-hidden className="size-7" />}
              title={words(isFiltered ? 'noneFound' : 'none')}
            >
              {words(isFiltered ? 'noneFoundText' : 'noneText')}
            </EmptyState>
          </Card>
        ) : (
          <RunList runs={query.items} menu={(run) => <RunMenu run={run} onAct={(act) => setActing({ run, act })} />} />
        )}
      </Section>
      {acting ? <Confirm {...acting} onClose={() => setActing(null)} /> : null}
    </div>
  );
}

function Filters({ filter }: { filter: Filter }) {
  const words = useTranslations('runs');
  const status = useTranslations('status');
  const navigate = useNavigate();
  const templates = useQuery({
    queryKey: ['templates', { limit: 200 }],
    queryFn: () => dataOf(productionApi().GET('/workflow-templates', { params: { query: { limit: 200 } } })),
  });
  const [text, setText] = useState(filter.q ?? '');
  const set = (change: Filter): void => {
    const next = Object.fromEntries(
      Object.entries({ ...filter, ...change }).filter(([, value]) => value !== undefined && value !== ''),
    );
    void navigate({ to: '/runs', search: next as never, replace: true });
  };
  useEffect(() => {
    if (text === (filter.q ?? '')) return undefined;
    const timer = setTimeout(() => set({ q: text }), typingMs);
    return () => clearTimeout(timer);
  });
  return (
    <search className="grid grid-cols-2 items-end gap-3 sm:flex sm:flex-wrap">
      <Labelled label={words('text')}>
        <input
          type="search"
          dir="auto"
          value={text}
          onChange={(event) => setText(event.target.value)}
          className={`${box} w-full sm:w-56`}
        />
      </Labelled>
      <Labelled label={words('state')}>
        <select value={filter.status ?? ''} onChange={(event) => set({ status: event.target.value })} className={box}>
          <option value="">{words('anyState')}</option>
          {statuses.map((name) => (
            <option key={name} value={name}>
              {status(name)}
            </option>
          ))}
        </select>
      </Labelled>
      <Labelled label={words('workflow')}>
        <select
          value={filter.template ?? ''}
          onChange={(event) => set({ template: event.target.value })}
          className={`${box} w-full sm:w-56`}
        >
          <option value="">{words('anyWorkflow')}</option>
          {templates.data?.items.map(({ template_id: id, name }) => (
            <option key={id} value={id} data-content>
              {name}
            </option>
          ))}
        </select>
      </Labelled>
      <Labelled label={words('from')}>
        <input
          type="date"
          value={filter.from ?? ''}
          onChange={(event) => set({ from: event.target.value })}
          className={box}
        />
      </Labelled>
      <Labelled label={words('to')}>
        <input
          type="date"
          value={filter.to ?? ''}
          onChange={(event) => set({ to: event.target.value })}
          className={box}
        />
      </Labelled>
      {Object.keys(filter).length > 0 ? (
        <Button
          look="quiet"
          onClick={() => {
            setText('');
            void navigate({ to: '/runs', search: {} as never, replace: true });
          }}
        >
          {words('clear')}
        </Button>
      ) : null}
    </search>
  );
}

function Labelled({ label, children }: { label: string; children: ReactNode }) {
  return (
    <label className="grid gap-1 text-xs font-medium text-ink-soft">
      {label}
      {children}
    </label>
  );
}

function RunMenu({ run, onAct }: { run: RunLine; onAct: (act: 'cancel' | 'delete') => void }) {
  const words = useTranslations('runs');
  return (
    <Menu
      trigger={
        <IconButton
          label={words('actsOn', { name: run.project_name })}
          icon={<MoreHorizontal aria-hidden className="size-5" />}
        />
      }
    >
      {ended.has(run.status) ? null : (
        <MenuItem icon={<Ban aria-hidden className="size-4" />} onSelect={() => onAct('cancel')}>
          {words('cancel')}
        </MenuItem>
      )}
      <MenuItem tone="danger" icon={<Trash2 aria-hidden className="size-4" />} onSelect={() => onAct('delete')}>
        {words('delete')}
      </MenuItem>
    </Menu>
  );
}

function Confirm({ run, act, onClose }: { run: RunLine; act: 'cancel' | 'delete'; onClose: () => void }) {
  const words = useTranslations('runs');
  const client = useQueryClient();
  const params = { path: { run: run.workflow_run_id } };
  return (
    <ConfirmDialog
      title={words(`${act}Title`, { name: run.project_name })}
      act={words(act)}
      onClose={onClose}
      onAct={async () => {
        if (act === 'cancel') await productionApi().POST('/workflow/{run}/cancel', { params, body: {} as never });
        else await productionApi().DELETE('/workflow/{run}', { params });
        await Promise.all([
          client.invalidateQueries({ queryKey: ['runs'] }),
          client.invalidateQueries({ queryKey: ['inbox'] }),
        ]);
      }}
    >
      <p>{words(`${act}Text`)}</p>
    </ConfirmDialog>
  );
}

/** Only what the page knows: an address may say anything. */
function readFilter(search: Record<string, unknown>): Filter {
  const filter: Filter = {};
  const known = statuses.find((status) => status === search['status']);
  if (known) filter.status = known;
  for (const name of ['template', 'q', 'from', 'to'] as const) {
    const value = search[name];
    if (typeof value === 'string' && value !== '') filter[name] = value.slice(0, 200);
    // The router reads digits as a number.
    else if (typeof value === 'number') filter[name] = String(value);
  }
  return filter;
}
