import { ErrorCard } from '@wfm/shared/app';
import { Button, SearchField } from '@wfm/shared/components';
import { focusWhenMounted } from '@wfm/shared/state';
import {
  type ReactNode,
  type Ref,
  useCallback,
  useEffect,
  useImperativeHandle,
  useMemo,
  useRef,
  useState,
} from 'react';
import { useTranslations } from 'use-intl';
import { WindowVirtualizer, type WindowVirtualizerHandle } from 'virtua';
import type { Outline } from '../model/definition.ts';
import type { HistoryRecord } from '../model/run-api.ts';
import { useLiveRun, useRunModel } from '../model/use-run.ts';
import { type CardActs, TimelineCard } from './timeline-card.tsx';
import { filterCards } from './timeline-filter.ts';

export interface TimelineHandle {
  /** Puts the card before or after the one that has the focus, or the last one, in view with the focus; false: there is none. */
  step(by: 1 | -1): boolean;
  /** Puts a card in view with the focus; false: it is not among those that are loaded. */
  show(id: string): boolean;
  focused(): HistoryRecord | undefined;
}

/** From so many questions on a list is worth searching. */
const SEARCH_FROM = 6;
/** The frame's head stays above the cards. */
const HEAD_PX = 72;

/** Questions that are over, oldest first; only those near the view are mounted (promise 4, U13). */
export function Timeline({
  ref,
  outline,
  opened,
  acts,
  body,
}: {
  ref: Ref<TimelineHandle>;
  outline: Outline | undefined;
  opened: ReadonlySet<string>;
  acts: CardActs;
  body: (record: HistoryRecord) => ReactNode;
}) {
  const words = useTranslations('run');
  const model = useRunModel('cards');
  const [query, setQuery] = useState('');
  const names = useMemo(() => new Map(outline?.steps.map((step) => [step.stepId, step.name])), [outline]);
  const stepNameOf = (stepId: string): string => names.get(stepId) ?? stepId;
  const over = model.cards.filter(({ status }) => status !== 'open');
  const shown = filterCards(over, query, stepNameOf);
  const older = useOlder(query.trim() !== '');
  const list = useRef<WindowVirtualizerHandle>(null);
  const shift = useShift(shown);
  useImperativeHandle(ref, () => handleOf(list, shown));
  const searches = over.length >= SEARCH_FROM || model.older !== null || query !== '';
  if (over.length === 0 && model.older === null) return null;
  return (
    <section aria-label={words('timeline')}>
      {searches ? (
        <SearchField label={words('filterCards')} value={query} onChange={setQuery} className="mb-2" />
      ) : null}
      {older.error === null ? null : <ErrorCard error={older.error} onRetry={older.load} />}
      {model.older === null || older.error !== null ? null : (
        <div className="pb-2 text-center">
          <Button look="quiet" busy={older.busy} onClick={older.load}>
            {words('earlier')}
          </Button>
        </div>
      )}
      {shown.length === 0 && query !== '' && !older.busy ? (
        <p className="py-4 text-center text-sm text-ink-soft">{words('noCardFits', { query })}</p>
      ) : null}
      <WindowVirtualizer ref={list} as="ol" item="li" data={shown} shift={shift}>
        {(record, index) => (
          <TimelineCard
            key={record.interaction_id}
            record={record}
            stepName={stepNameOf(record.step_id)}
            startsStep={shown[index - 1]?.step_id !== record.step_id}
            isOpen={opened.has(record.interaction_id)}
            body={body}
            acts={acts}
          />
        )}
      </WindowVirtualizer>
    </section>
  );
}

/** Loads earlier questions when asked to, and all of them while they are searched. */
function useOlder(all: boolean): { busy: boolean; error: unknown; load: () => void } {
  const { feed } = useLiveRun();
  const model = useRunModel('cards');
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const load = useCallback(() => {
    setBusy(true);
    setError(null);
    void feed
      .loadOlder()
      .catch(setError)
      .finally(() => setBusy(false));
  }, [feed]);
  const more = all && model.older !== null && !busy && error === null;
  useEffect(() => {
    if (more) load();
  }, [more, load]);
  return { busy, error, load };
}

/** True for the one drawing in which cards were put before the first. */
function useShift(shown: readonly HistoryRecord[]): boolean {
  const first = useRef<string | undefined>(undefined);
  const before = first.current;
  const now = shown[0]?.interaction_id;
  const isShift = before !== undefined && now !== before && shown.some((card) => card.interaction_id === before);
  useEffect(() => {
    first.current = now;
  }, [now]);
  return isShift;
}

function handleOf(list: { current: WindowVirtualizerHandle | null }, shown: readonly HistoryRecord[]): TimelineHandle {
  const focusedId = (): string | undefined => {
    const card = document.activeElement?.closest('li')?.querySelector<HTMLElement>('[data-card]');
    return card?.dataset.card;
  };
  const showAt = (index: number): boolean => {
    const record = shown[index];
    if (!record) return false;
    list.current?.scrollToIndex(index, { align: 'nearest', offset: -HEAD_PX });
    focusWhenMounted(`[data-card="${CSS.escape(record.interaction_id)}"]`);
    return true;
  };
  return {
    step(by) {
      const at = shown.findIndex((card) => card.interaction_id === focusedId());
      return showAt(at < 0 ? shown.length - 1 : at + by);
    },
    show: (id) => showAt(shown.findIndex((card) => card.interaction_id === id)),
    focused: () => shown.find((card) => card.interaction_id === focusedId()),
  };
}
