import type { TaskQueue } from '@wfm/workflow-engine/ports';
import { Gauge, Histogram, Registry } from 'prom-client';

/** What `/metrics` of a worker tells. */
export interface WorkerMetrics {
  /** A turn of work on a task of that provider has ended after so many ms. */
  turn(provider: string, ms: number): void;
  /** The Prometheus text. */
  text(): Promise<string>;
  contentType: string;
}

/** Counts of tasks are asked for when somebody looks: they are the queue's, not this process's. */
export function createMetrics(tasks: Pick<TaskQueue, 'counts'>): WorkerMetrics {
  const registry = new Registry();
  const seconds = new Histogram({
    name: 'wfm_task_turn_seconds',
    help: 'Time that one turn of work on a task took, by provider; a task whose vendor is polled has many.',
    labelNames: ['provider'] as const,
    buckets: [0.01, 0.1, 1, 5, 20, 60, 300],
    registers: [registry],
  });
  const held = new Gauge({
    name: 'wfm_tasks',
    help: 'Tasks in the queue, by provider and status.',
    labelNames: ['provider', 'status'] as const,
    registers: [],
    async collect() {
      this.reset();
      for (const { provider, status, count } of await tasks.counts()) this.set({ provider, status }, count);
    },
  });
  registry.registerMetric(held);
  return {
    turn: (provider, ms) => seconds.observe({ provider }, ms / 1000),
    text: () => registry.metrics(),
    contentType: registry.contentType,
  };
}
