import { ErrorCard, useCopy, useLate } from '@wfm/shared/app';
import { Button, Dialog, EmptyState, SearchField, Skeleton } from '@wfm/shared/components';
import { searchState, type StateRow, stateRows, StateTree } from '@wfm/shared/state';
import { Braces, Copy } from 'lucide-react';
import { useDeferredValue, useMemo, useState } from 'react';
import { useTranslations } from 'use-intl';
import { TextBox } from '../text-box.tsx';
import { valueText } from '../value-text.ts';
import { useStateEntries } from './use-state-entries.ts';

const noneOpen: ReadonlySet<string> = new Set();

/** What the run's modules have left behind, live: search, open, copy a path. What comes new moves nothing (U17). */
export function StatePanel() {
  const words = useTranslations('run.state');
  const { entries, version, fresh, error, reload } = useStateEntries();
  const late = useLate(entries === null && !error);
  const [query, setQuery] = useState('');
  const wanted = useDeferredValue(query);
  const [open, setOpen] = useState(noneOpen);
  const found = useMemo(() => {
    if (!entries) return { rows: [], more: false };
    return wanted.trim() === '' ? { rows: stateRows(entries, open), more: false } : searchState(entries, wanted);
    // The entries are written into; their version says when.
  }, [entries, version, open, wanted]);
  const [whole, setWhole] = useState<StateRow | null>(null);
  const toggle = (path: string): void =>
    setOpen((before) => {
      const after = new Set(before);
      if (!after.delete(path)) after.add(path);
      return after;
    });
  if (error && !entries) return <ErrorCard error={error} onRetry={reload} />;
  if (!entries) return late ? <Skeleton className="m-3 h-48" /> : null;
  if (entries.size === 0)
    return (
      <EmptyState icon={<Braces aria-hidden className="size-6" />} title={words('empty')}>
        {words('emptyText')}
      </EmptyState>
    );
  return (
    <div className="flex h-full min-h-0 flex-col">
      <div className="border-b border-line p-2">
        <SearchField label={words('search')} value={query} onChange={setQuery} />
      </div>
      {found.rows.length === 0 ? (
        <p className="p-4 text-center text-sm text-ink-soft">{words('nothingFits')}</p>
      ) : (
        <StateTree
          rows={found.rows}
          fresh={fresh}
          isSearch={wanted.trim() !== ''}
          onToggle={toggle}
          onShow={setWhole}
        />
      )}
      {whole ? <WholeValue row={whole} onClose={() => setWhole(null)} /> : null}
      {found.more ? (
        <p className="border-t border-line p-2 text-center text-xs text-ink-soft">{words('more')}</p>
      ) : null}
    </div>
  );
}

/** A value that a row has no room for. */
function WholeValue({ row, onClose }: { row: StateRow; onClose: () => void }) {
  const words = useTranslations('run.state');
  const copy = useCopy();
  const text = valueText(row.value);
  return (
    <Dialog
      open
      onClose={onClose}
      title={
        <code className="text-base" data-content dir="ltr">
          {row.path}
        </code>
      }
      footer={
        <Button icon={<Copy aria-hidden className="size-4" />} onClick={() => copy(text)}>
          {words('copyValue')}
        </Button>
      }
    >
      <TextBox code={typeof row.value !== 'string'} className="max-h-[60dvh]">
        {text}
      </TextBox>
    </Dialog>
  );
}
