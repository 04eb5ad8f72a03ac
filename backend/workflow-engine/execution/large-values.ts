import type { RunEvent, ValueRef } from '../events/run-event.ts';
import { limits } from '../models/limits.ts';
import { WfmError } from '../errors/index.ts';
import type { ContentStore } from '../ports/content-store.ts';
import { textHash } from './hash.ts';

/** Fields of an event's data that may go by reference, each beside its `…_ref` (format.md 7.7, 8). */
const movable = ['inputs', 'outputs', 'state_mapped'] as const;

/**
 * True when the JSON text of a value is surely over `limit` bytes or may be; stops counting there. An estimate from
 * above within a factor of three (texts count three bytes a character), so that small values are never serialised twice.
 */
export function mayExceed(value: unknown, limit: number): boolean {
  let left = limit;
  const visit = (item: unknown): boolean => {
    if (typeof item === 'string') left -= item.length * 3 + 2;
    else if (Array.isArray(item)) {
      left -= 2 + item.length;
      for (const entry of item) if (visit(entry)) return true;
    } else if (typeof item === 'object' && item !== null) {
      for (const [key, entry] of Object.entries(item)) {
        left -= key.length * 3 + 4;
        if (visit(entry)) return true;
      }
    } else left -= 8;
    return left < 0;
  };
  return visit(value);
}

/**
 * The event as it is stored: values over 256 KiB are kept in the content store and named by their hash. The given
 * event keeps its values, since whoever made it goes on with them.
 */
export async function storeLargeValues(content: ContentStore, event: RunEvent): Promise<RunEvent> {
  if (event.type !== 'module_started' && event.type !== 'module_completed') return event;
  const data = event.data as Record<string, unknown>;
  let stored: Record<string, unknown> | null = null;
  for (const field of movable) {
    const value = data[field];
    if (value === undefined || !mayExceed(value, limits.inlineValueBytes)) continue;
    const json = JSON.stringify(value);
    const bytes = Buffer.byteLength(json);
    if (bytes <= limits.inlineValueBytes) continue;
    const ref: ValueRef = { sha256: textHash(json), bytes };
    await content.putValue({ runId: event.workflow_run_id, sha256: ref.sha256, json });
    stored ??= { ...data };
    delete stored[field];
    stored[`${field}_ref`] = ref;
  }
  return stored ? ({ ...event, data: stored } as RunEvent) : event;
}

/** The inverse of `storeLargeValues`. Throws `storage_unavailable` when a kept value is gone. */
export async function readLargeValues(content: ContentStore, event: RunEvent): Promise<RunEvent> {
  if (event.type !== 'module_started' && event.type !== 'module_completed') return event;
  const data = event.data as Record<string, unknown>;
  let read: Record<string, unknown> | null = null;
  for (const field of movable) {
    const ref = data[`${field}_ref`] as ValueRef | undefined;
    if (!ref) continue;
    const json = await content.getValue({ runId: event.workflow_run_id, sha256: ref.sha256 });
    if (json === null) {
      throw new WfmError(
        'storage_unavailable',
        `A kept value of event ${event.seq} is missing from the content store.`,
      );
    }
    read ??= { ...data };
    read[field] = JSON.parse(json);
  }
  return read ? ({ ...event, data: read } as RunEvent) : event;
}
