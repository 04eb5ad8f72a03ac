import { Counter, Histogram, Registry } from 'prom-client';

/** Counters of one process, for `/metrics`. */
export interface Metrics {
  registry: Registry;
  request(labels: { method: string; route: string; status: number }, seconds: number): void;
  runStarted(): void;
}

export function createMetrics(): Metrics {
  const registry = new Registry();
  const seconds = new Histogram({
    name: 'wfm_http_request_seconds',
    help: 'Time from a request to the end of its answer, by route.',
    labelNames: ['method', 'route', 'status'] as const,
    buckets: [0.005, 0.02, 0.1, 0.5, 2, 10, 60],
    registers: [registry],
  });
  const started = new Counter({
    name: 'wfm_runs_started_total',
    help: 'Runs started through this process.',
    registers: [registry],
  });
  return {
    registry,
    request: (labels, value) => seconds.observe(labels, value),
    runStarted: () => started.inc(),
  };
}
