import { type FocusEvent, type RefObject, useEffect, useMemo, useState, useSyncExternalStore } from 'react';
import type { VirtualizerHandle } from 'virtua';
import { useChoices } from '../choices/choice-context.ts';
import { choiceKey, choicesOf } from '../choices/selection.ts';
import type { ViewNode } from '@wfm/workflow-engine/display';

/**
 * Which rows of a window over many stay mounted although they are out of sight: the one with the focus, and the one
 * that Tab leads to (ux.md 3.3, promise 4). It also brings a card into sight before a key moves the focus to it.
 */
export function useMountedRows(
  rows: readonly (readonly ViewNode[])[],
  list: RefObject<Pick<VirtualizerHandle, 'scrollToIndex'> | null>,
): { keepMounted: readonly number[]; onFocus: (event: FocusEvent<HTMLElement>) => void } {
  const store = useChoices()?.store;
  const [focused, setFocused] = useState<number | null>(null);
  const rowOf = useMemo(() => {
    if (!store) return new Map<string, number>();
    return new Map(
      rows.flatMap((row, index) => row.flatMap(choicesOf).map((path) => [choiceKey(path), index] as const)),
    );
  }, [store, rows]);
  useEffect(
    () =>
      store?.onReveal((key) => {
        const index = rowOf.get(key);
        if (index !== undefined) list.current?.scrollToIndex(index, { align: 'nearest' });
      }),
    [store, rowOf, list],
  );
  const current = useSyncExternalStore(store?.subscribeToCurrent ?? never, () =>
    store ? rowOf.get(store.currentKey()) : undefined,
  );
  const keepMounted = useMemo(
    () => [...new Set([focused, current])].filter((index) => typeof index === 'number' && index < rows.length),
    [focused, current, rows],
  );
  return {
    keepMounted: keepMounted as number[],
    onFocus({ target }) {
      const row = target.closest<HTMLElement>('[data-row-index]')?.dataset['rowIndex'];
      setFocused(row === undefined ? null : Number(row));
    },
  };
}

const never = (): (() => void) => () => undefined;
