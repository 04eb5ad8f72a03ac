import type { Clock, HttpClient, LlmProvider } from '@wfm/workflow-engine/ports';

/**
 * Measures how long a preview has been busy by itself: time in which no call to the outside is open, nor waits to be
 * tried again (format.md 23).
 */
export interface BusyTime {
  llm: LlmProvider;
  http: HttpClient;
  clock: Clock;
  /** Milliseconds since the measure was made, without those in which a call was open. */
  busyMs(): number;
}

/** Starts the measure; what goes through the ports that it gives is not counted. */
export function measureBusyTime(ports: { llm: LlmProvider; http: HttpClient; clock: Clock }): BusyTime {
  const { llm, http, clock } = ports;
  const startedAt = clock.monotonicMs();
  let open = 0;
  let openSince = 0;
  let waited = 0;
  let models: ReturnType<LlmProvider['list']> | undefined;
  const during = async <T>(call: () => Promise<T>): Promise<T> => {
    if (open === 0) openSince = clock.monotonicMs();
    open += 1;
    try {
      return await call();
    } finally {
      open -= 1;
      if (open === 0) waited += clock.monotonicMs() - openSince;
    }
  };
  return {
    llm: {
      defaultProvider: llm.defaultProvider,
      // Asked once for each module that names no model, and the same for as long as a request lasts.
      list: () => (models ??= llm.list()),
      generate: (request, options) => during(() => llm.generate(request, options)),
    },
    http: { fetch: (request) => during(() => http.fetch(request)) },
    clock: {
      bootId: clock.bootId,
      now: () => clock.now(),
      monotonicMs: () => clock.monotonicMs(),
      sleep: (ms, aborted) => during(() => clock.sleep(ms, aborted)),
    },
    busyMs() {
      const now = clock.monotonicMs();
      return now - startedAt - waited - (open > 0 ? now - openSince : 0);
    },
  };
}
