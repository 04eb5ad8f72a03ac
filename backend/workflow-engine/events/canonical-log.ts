import type { RunEvent } from './run-event.ts';

const uuid = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;
/** An instant as the engine writes it, wherever it stands: a keyword remembers when it was last used. */
const instant = /\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z/g;
/** Fields that tell when and how fast, never what. */
const dropped = new Set(['time', 'duration_ms', 'requested_at', 'answered_at', 'created_at']);

/**
 * A log in the form in which two are compared (format.md 8.7): ids numbered by first appearance, times and durations
 * put aside. Two runs that did the same give the same texts, one per event.
 */
export function canonicalLog(events: readonly RunEvent[]): string[] {
  const numbers = new Map<string, string>();
  return events.map((event) =>
    JSON.stringify(sorted(event))
      .replace(instant, 'time')
      .replace(uuid, (id) => {
        const known = numbers.get(id) ?? `id-${numbers.size + 1}`;
        numbers.set(id, known);
        return known;
      }),
  );
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([key, item]) => !dropped.has(key) && item !== undefined);
  entries.sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, item]) => [key, sorted(item)]));
}
