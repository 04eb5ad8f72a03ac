import { EmptyState, SearchField } from '@wfm/shared/components';
import { searchState, type StateRow, stateRows, StateTree } from '@wfm/shared/state';
import { Braces } from 'lucide-react';
import { useDeferredValue, useMemo, useState } from 'react';
import { useTranslations } from 'use-intl';
import { Segments } from '../preview/segments.tsx';
import { useChecks, useDesk, usePreview, useWorkbench } from '../workbench/workbench.ts';
import { ChangesView } from './changes-view.tsx';
import { KeyDetails } from './key-details.tsx';
import { usesOf } from './key-uses.ts';

const noneOpen: ReadonlySet<string> = new Set();
const nothingNew: ReadonlySet<string> = new Set();

/** The state that modules leave behind: its keys with who writes and reads them, and what one module changes (E14). */
export function StatePanel() {
  const words = useTranslations('preview.state');
  const [view, setView] = useState<'keys' | 'changes'>('keys');
  return (
    <section aria-label={words('title')} className="flex h-full min-h-0 flex-col bg-surface">
      <div className="border-b border-line px-2 py-1.5">
        <Segments
          label={words('view')}
          value={view}
          options={[
            { value: 'keys', label: words('view_keys') },
            { value: 'changes', label: words('view_changes') },
          ]}
          onChange={setView}
        />
      </div>
      {view === 'keys' ? <Keys /> : <ChangesView />}
    </section>
  );
}

function Keys() {
  const words = useTranslations('preview.state');
  const shared = useTranslations('run.state');
  const { desk } = useWorkbench();
  const response = usePreview((state) => state.response);
  const checks = useChecks();
  const picked = useDesk(({ stateKey }) => stateKey);
  const [query, setQuery] = useState('');
  const wanted = useDeferredValue(query);
  const [open, setOpen] = useState(noneOpen);
  const uses = usesOf(checks);
  const flat = response?.state.state_mapped;
  const entries = useMemo(() => entriesOf(flat, uses), [flat, uses]);
  const found = useMemo(
    () => (wanted.trim() === '' ? { rows: stateRows(entries, open), more: false } : searchState(entries, wanted)),
    [entries, open, wanted],
  );
  const pick = (row: StateRow): void => desk.setState({ stateKey: rootOf(row) });
  const toggle = (path: string): void =>
    setOpen((before) => {
      const after = new Set(before);
      if (!after.delete(path)) after.add(path);
      return after;
    });
  if (entries.length === 0) {
    return (
      <EmptyState icon={<Braces aria-hidden className="size-6" />} title={words('empty')}>
        {words('emptyText')}
      </EmptyState>
    );
  }
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <div className="border-b border-line p-2">
        <SearchField label={shared('search')} value={query} onChange={setQuery} small />
      </div>
      {found.rows.length === 0 ? (
        <p className="flex-1 p-4 text-center text-sm text-ink-soft">{shared('nothingFits')}</p>
      ) : (
        <StateTree
          rows={found.rows}
          fresh={nothingNew}
          isSearch={wanted.trim() !== ''}
          unset={words('notYet')}
          isMarked={(row) => picked !== null && row.depth === 0 && rootOf(row) === picked}
          onToggle={(path) => {
            toggle(path);
            const row = found.rows.find((candidate) => candidate.path === path);
            if (row) pick(row);
          }}
          onShow={pick}
        />
      )}
      {found.more ? (
        <p className="border-t border-line p-2 text-center text-xs text-ink-soft">{shared('more')}</p>
      ) : null}
      {picked === null ? null : <KeyDetails stateKey={picked} value={valueOf(flat, picked)} />}
    </div>
  );
}

/** What is there, then what the workflow will write once it gets that far. */
function entriesOf(
  flat: Readonly<Record<string, unknown>> | undefined,
  uses: ReadonlyMap<string, { writes: readonly unknown[] }>,
) {
  const entries: [string, unknown][] = Object.entries(flat ?? {});
  for (const [key, { writes }] of uses) {
    if (writes.length > 0 && !(flat && Object.hasOwn(flat, key))) entries.push([key, undefined]);
  }
  return entries;
}

function valueOf(flat: Readonly<Record<string, unknown>> | undefined, key: string): unknown {
  return flat && Object.hasOwn(flat, key) ? flat[key] : undefined;
}

/** The root key that a row lies below: `state.proposal.angles[0]` is of `proposal`. */
export function rootOf({ path }: Pick<StateRow, 'path'>): string {
  const quoted = /^state\["((?:[^"\\]|\\.)*)"\]/.exec(path);
  if (quoted) return JSON.parse(`"${quoted[1] ?? ''}"`) as string;
  return /^state\.(\w+)/.exec(path)?.[1] ?? '';
}
