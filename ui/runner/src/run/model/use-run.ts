import { useQueryClient } from '@tanstack/react-query';
import { inboxTotalKey } from '@wfm/shared/app';
import type { Connection } from '@wfm/shared/core';
import { createContext, useContext, useEffect, useState, useSyncExternalStore } from 'react';
import { RunFeed } from './run-feed.ts';
import { type Part, RunModel } from './run-model.ts';

/** A run's page: its model and the feed that keeps it right. */
export interface LiveRun {
  runId: string;
  model: RunModel;
  feed: RunFeed;
}

export type RunLoad =
  | { state: 'loading' }
  | { state: 'failed'; error: unknown; retry: () => void }
  | { state: 'ready'; live: LiveRun; connection: Connection; refused: unknown };

export const runKey = (runId: string, ...rest: string[]) => ['run', runId, ...rest] as const;

/** What an event makes old of the things that panels read beside the model. */
const outdates: Readonly<Record<string, readonly string[]>> = {
  module_completed: ['usage', 'files'],
  module_error: ['usage'],
  sub_action_completed: ['usage', 'files'],
  sub_action_failed: ['usage'],
  interaction_requested: ['fields'],
  workflow_completed: ['fields'],
  branch_created: ['branches'],
  branch_resumed: ['branches'],
  retry_requested: ['branches'],
  jump_requested: ['branches'],
  version_switched: ['definition'],
  refreshed: ['branches', 'usage', 'files', 'definition', 'fields'],
};
/** After these the run waits for somebody, or no more. */
const waitsChange = /^(?:interaction_|workflow_|branch_|retry_|jump_|refreshed)/;
/** Many events come at once while a run works; what they make old is read once. */
const GATHER_MS = 300;

/** Reads a run and follows it while the page stands. */
export function useRunLoad(runId: string): RunLoad {
  const client = useQueryClient();
  const [load, setLoad] = useState<RunLoad>({ state: 'loading' });
  const [turn, setTurn] = useState(0);
  useEffect(() => {
    const abort = new AbortController();
    const model = new RunModel();
    const old = new Set<string>();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const change = (patch: Partial<Extract<RunLoad, { state: 'ready' }>>): void =>
      setLoad((now) => (now.state === 'ready' ? { ...now, ...patch } : now));
    const feed = new RunFeed({
      runId,
      model,
      signal: abort.signal,
      listener: {
        onConnection: (connection) => change({ connection }),
        onRefused: (refused) => change({ refused }),
        onEvent(type) {
          for (const name of outdates[type] ?? []) old.add(name);
          if (waitsChange.test(type)) void client.invalidateQueries({ queryKey: inboxTotalKey });
          if (old.size === 0) return;
          timer ??= setTimeout(() => {
            timer = undefined;
            for (const name of old) void client.invalidateQueries({ queryKey: runKey(runId, name) });
            old.clear();
          }, GATHER_MS);
        },
      },
    });
    setLoad({ state: 'loading' });
    feed.load().then(
      () => {
        if (abort.signal.aborted) return;
        const live = { runId, model, feed };
        setLoad({ state: 'ready', live, connection: { state: 'connecting' }, refused: null });
        void feed.follow();
      },
      (error: unknown) => {
        if (!abort.signal.aborted) setLoad({ state: 'failed', error, retry: () => setTurn((count) => count + 1) });
      },
    );
    return () => {
      abort.abort();
      clearTimeout(timer);
    };
  }, [client, runId, turn]);
  return load;
}

export const LiveRunContext = createContext<LiveRun | null>(null);

export function useLiveRun(): LiveRun {
  const live = useContext(LiveRunContext);
  if (!live) throw new Error('useLiveRun needs a LiveRunContext around it');
  return live;
}

/** The model, drawn again whenever one of these parts changes. */
export function useRunModel(...parts: Part[]): RunModel {
  const { model } = useLiveRun();
  useSyncExternalStore(
    (listener) => {
      const ends = parts.map((part) => model.subscribe(part, listener));
      return () => ends.forEach((end) => end());
    },
    () => parts.map((part) => model.version(part)).join(),
  );
  return model;
}
