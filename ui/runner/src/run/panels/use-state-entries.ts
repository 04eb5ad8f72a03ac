import { dataOf, productionApi } from '@wfm/shared/core';
import { useCallback, useEffect, useRef, useState } from 'react';
import { useLiveRun, useRunModel } from '../model/use-run.ts';

export interface StateEntries {
  /** Null until the state has been read. */
  entries: ReadonlyMap<string, unknown> | null;
  /** Counts the changes of `entries`, which are written into it. */
  version: number;
  /** Keys that changed a moment ago. */
  fresh: ReadonlySet<string>;
  error: unknown;
  reload: () => void;
}

const FRESH_MS = 2_000;

/** The run's flat state: read once, then kept right by the events, without reading all of it for each (U17). */
export function useStateEntries(): StateEntries {
  const { runId } = useLiveRun();
  const model = useRunModel('state');
  const entries = useRef<Map<string, unknown> | null>(null);
  const [version, setVersion] = useState(0);
  const [fresh, setFresh] = useState<ReadonlySet<string>>(new Set());
  const [error, setError] = useState<unknown>(null);
  const [turn, setTurn] = useState(0);
  const read = model.version('state');
  useEffect(() => {
    let left = false;
    model.stateNews = new Map();
    model.stateStale = false;
    dataOf(
      productionApi().GET('/workflow/{run}/state', {
        params: { path: { run: runId }, query: { part: 'state_mapped' } },
      }),
    ).then(
      ({ state_mapped: flat }) => {
        if (left) return;
        entries.current = new Map(Object.entries(flat));
        setError(null);
        setVersion((count) => count + 1);
      },
      (thrown: unknown) => {
        if (!left) setError(thrown);
      },
    );
    return () => {
      left = true;
    };
  }, [model, runId, turn]);
  useEffect(
    () => () => {
      model.stateNews = null;
    },
    [model],
  );
  useEffect(() => {
    if (model.stateStale) {
      setTurn((count) => count + 1);
      return;
    }
    const news = model.stateNews;
    if (!entries.current || !news || news.size === 0) return;
    for (const [name, value] of news) entries.current.set(name, value);
    setFresh(new Set(news.keys()));
    news.clear();
    setVersion((count) => count + 1);
  }, [model, read, version]);
  useEffect(() => {
    if (fresh.size === 0) return undefined;
    const timer = setTimeout(() => setFresh(new Set()), FRESH_MS);
    return () => clearTimeout(timer);
  }, [fresh]);
  const reload = useCallback(() => setTurn((count) => count + 1), []);
  return { entries: entries.current, version, fresh, error, reload };
}
