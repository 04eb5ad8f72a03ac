import type { QueueFigures } from './bench-queue.ts';

/** The first queue's figures as they are, the others' beside what they are to it: over 1× is the better one. */
export function printQueues(queues: ReadonlyMap<string, QueueFigures>): void {
  const [[first, own] = ['', new Map() as QueueFigures], ...others] = queues;
  console.log(`| tasks | ${[first, ...others.map(([name]) => `${name}, and ${first} against it`)].join(' | ')} |`);
  console.log(`|---|${others.map(() => '---|').join('')}---|`);
  for (const [name, { value, unit }] of own) {
    const shown = (amount: number): string => (unit === 'ms' ? `${amount.toFixed(1)} ms` : `${Math.round(amount)} /s`);
    const cells = others.map(([, figures]) => {
      const other = figures.get(name)?.value ?? 0;
      const ratio = unit === 'ms' ? other / value : value / other;
      return `${shown(other)}, ${ratio.toFixed(2)}×`;
    });
    console.log(`| ${[name, shown(value), ...cells].join(' | ')} |`);
  }
}
