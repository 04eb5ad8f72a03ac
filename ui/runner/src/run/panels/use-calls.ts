import { dataOf, productionApi } from '@wfm/shared/core';
import { useCallback, useEffect, useRef, useState } from 'react';
import { useLiveRun, useRunModel } from '../model/use-run.ts';

const PAGE = 25;

const readCalls = (run: string, cursor: string | undefined) =>
  dataOf(
    productionApi().GET('/workflow/{run}/calls', {
      params: { path: { run }, query: { limit: PAGE, ...(cursor === undefined ? {} : { cursor }) } },
    }),
  );
type CallPage = Awaited<ReturnType<typeof readCalls>>;
export type Call = CallPage['items'][number];

export interface Calls {
  /** Oldest first; undefined until the first were read. */
  items: Call[] | undefined;
  hasMore: boolean;
  busy: boolean;
  error: unknown;
  loadMore: () => void;
  reload: () => void;
}

/** While modules end one after the other, what is new is read once for several. */
const GATHER_MS = 500;

/** The calls of a run, page by page. Calls are only ever added, so of what is loaded the last page alone is read anew. */
export function useCalls(): Calls {
  const { runId } = useLiveRun();
  const model = useRunModel('modules');
  const pages = useRef<{ cursor: string | undefined; page: CallPage }[]>([]);
  const [items, setItems] = useState<Call[]>();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const read = useCallback(
    async (at: number) => {
      const cursor = at === 0 ? undefined : (pages.current[at - 1]?.page.next_cursor ?? undefined);
      setBusy(true);
      try {
        const page = await readCalls(runId, cursor);
        pages.current = [...pages.current.slice(0, at), { cursor, page }];
        setItems(pages.current.flatMap((one) => one.page.items));
        setError(null);
      } catch (thrown) {
        setError(thrown);
      } finally {
        setBusy(false);
      }
    },
    [runId],
  );
  const changed = model.version('modules');
  useEffect(() => {
    const last = Math.max(0, pages.current.length - 1);
    // A full last page has a next one; there is nothing new before that.
    if (pages.current[last]?.page.next_cursor != null) return undefined;
    const timer = setTimeout(() => void read(last), pages.current.length === 0 ? 0 : GATHER_MS);
    return () => clearTimeout(timer);
  }, [read, changed]);
  return {
    items,
    hasMore: pages.current.at(-1)?.page.next_cursor != null,
    busy,
    error,
    loadMore: () => void read(pages.current.length),
    reload: () => void read(Math.max(0, pages.current.length - 1)),
  };
}
