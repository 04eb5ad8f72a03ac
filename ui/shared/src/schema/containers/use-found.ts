import type { ViewNode } from '@wfm/workflow-engine/display';
import { useDeferredValue, useEffect, useMemo, useState } from 'react';
import { useChoices } from '../choices/choice-context.ts';
import { choiceKey, choicesOf } from '../choices/selection.ts';

export interface Found {
  query: string;
  setQuery: (query: string) => void;
  /** Those that hold every word of the query, in the given order. */
  shown: readonly ViewNode[];
}

/** What is searched for among many members; keys move along what is found. */
export function useFound(members: readonly ViewNode[]): Found {
  const [query, setQuery] = useState('');
  const wanted = useDeferredValue(query.trim().toLowerCase());
  const isSearching = wanted !== '';
  const texts = useMemo(
    () => (isSearching ? members.map((member) => wordsOf(member).toLowerCase()) : []),
    [members, isSearching],
  );
  const shown = useMemo(() => {
    const words = wanted.split(/\s+/).filter((word) => word !== '');
    if (words.length === 0) return members;
    return members.filter((_, index) => words.every((word) => texts[index]?.includes(word)));
  }, [members, texts, wanted]);
  useArranged(members, shown);
  return { query, setQuery, shown };
}

/** Tells the choices how a list shows its members now: found ones only, or sorted. */
export function useArranged(members: readonly ViewNode[], shown: readonly ViewNode[]): void {
  const store = useChoices()?.store;
  const keysOf = (nodes: readonly ViewNode[]): string[] => nodes.flatMap(choicesOf).map(choiceKey);
  const own = useMemo(() => (store ? new Set(keysOf(members)) : undefined), [store, members]);
  useEffect(() => {
    if (!store || !own || own.size === 0 || shown === members) return undefined;
    return store.arrange({ own, shown: keysOf(shown) });
  }, [store, own, members, shown]);
}

function wordsOf({ text = '', label = '', children = [] }: ViewNode): string {
  return [text, label, ...children.map(wordsOf)].join(' ');
}
