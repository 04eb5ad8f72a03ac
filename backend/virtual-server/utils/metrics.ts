import { Counter, Gauge, Histogram, Registry } from 'prom-client';

/** What `/metrics` tells of this process. */
export interface Metrics {
  registry: Registry;
  /** Notes the end of a preview: its status, or the code of the error that ended it. */
  previewEnded(outcome: string, seconds: number): void;
}

export function createMetrics(counts: () => { running: number; queued: number }): Metrics {
  const registry = new Registry();
  const ended = new Counter({
    name: 'wfm_previews_total',
    help: 'Previews that have ended, by status or error code.',
    labelNames: ['outcome'] as const,
    registers: [registry],
  });
  const seconds = new Histogram({
    name: 'wfm_preview_seconds',
    help: 'Time from the beginning of a preview request to its answer.',
    buckets: [0.01, 0.05, 0.2, 1, 5, 30, 120, 600],
    registers: [registry],
  });
  const gauge = new Gauge({
    name: 'wfm_previews',
    help: 'Previews that run and that wait now.',
    labelNames: ['state'] as const,
    registers: [registry],
    collect() {
      const { running, queued } = counts();
      gauge.set({ state: 'running' }, running);
      gauge.set({ state: 'queued' }, queued);
    },
  });
  return {
    registry,
    previewEnded(outcome, value) {
      ended.inc({ outcome });
      seconds.observe(value);
    },
  };
}
