import { useNavigate, useSearch } from '@tanstack/react-router';
import { useCallback } from 'react';

/** Branch and question live in the address (ux.md 2.1). */
export interface RunAddress {
  b: string | undefined;
  i: string | undefined;
  /** Changes the address in place: moving between cards is no step of the browser's history. */
  set: (change: { b?: string | undefined; i?: string | undefined }) => void;
}

export function useRunAddress(): RunAddress {
  const search: Record<string, unknown> = useSearch({ strict: false });
  const navigate = useNavigate();
  const set = useCallback(
    (change: { b?: string | undefined; i?: string | undefined }) => {
      void navigate({
        to: '.',
        search: ((now: Record<string, unknown>) => ({ ...now, ...change })) as never,
        replace: true,
        resetScroll: false,
      });
    },
    [navigate],
  );
  return { b: textOf(search.b), i: textOf(search.i), set };
}

/** The whole address of a card or a branch, to be handed on. */
export function addressOf(runId: string, place: { b?: string; i?: string }): string {
  const query = new URLSearchParams(place).toString();
  return `${globalThis.location.origin}/app/r/${runId}${query === '' ? '' : `?${query}`}`;
}

const textOf = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined);
