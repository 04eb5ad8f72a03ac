import type { EventOf, EventType, RunEvent, ValueRef } from '../events/run-event.ts';
import type { InteractionRequest } from '../models/interaction.ts';
import { isJsonObject } from '../models/json.ts';
import { limits } from '../models/limits.ts';
import { WfmError } from '../errors/index.ts';
import type { ContentStore } from '../ports/content-store.ts';
import type { KeptValue } from '../ports/run-store.ts';
import { textHash } from './hash.ts';

/** Fields of an event's data that may go by reference, each beside its `…_ref` (format.md 7.7, 8). */
const movable: { readonly [T in EventType]?: readonly string[] } = {
  module_started: ['inputs'],
  module_completed: ['outputs', 'state_mapped'],
  interaction_requested: ['request', 'prepared'],
  workflow_completed: ['result'],
  sub_action_completed: ['result', 'state_mapped'],
};

/**
 * A lower bound of a value's JSON text in bytes; stops counting once it is over `limit`. One value may stand in many
 * places of another without taking memory there, so nothing is serialised before it was counted.
 */
export function leastJsonBytes(value: unknown, limit: number): number {
  let bytes = 0;
  const visit = (item: unknown): void => {
    if (bytes > limit) return;
    if (typeof item === 'string') bytes += item.length + 2;
    else if (Array.isArray(item)) {
      bytes += 1 + item.length;
      for (const entry of item) visit(entry);
    } else if (typeof item === 'object' && item !== null) {
      bytes += 1;
      for (const key in item) {
        bytes += key.length + 4;
        visit((item as Record<string, unknown>)[key]);
      }
    } else bytes += 1;
  };
  visit(value);
  return bytes;
}

/** A character of a text takes six bytes of JSON at most, a number 24 where the bound above counts one. */
const WIDEST = 24;

/** True when the JSON text of a value may be over `limit` bytes; false is certain. */
function mayExceed(value: unknown, limit: number): boolean {
  return leastJsonBytes(value, limit / WIDEST) > limit / WIDEST;
}

/** Throws `value_too_large` for inputs over 4 MB of JSON (format.md 23). */
export function assertModuleValue(value: unknown, place: string): void {
  const limit = limits.moduleValueBytes;
  let actual = leastJsonBytes(value, limit);
  if (actual <= limit && mayExceed(value, limit)) actual = Buffer.byteLength(JSON.stringify(value));
  if (actual <= limit) return;
  throw new WfmError('value_too_large', `The inputs have over ${limit} bytes; a module may be given so many at most.`, {
    place,
    params: { limit, actual },
  });
}

/**
 * The event as it is stored: values over 256 KiB are handed to `keep`, to be stored in the same commit, and named by
 * their hash. The given event keeps its values, since whoever made it goes on with them.
 */
export function takeLargeValues(event: RunEvent, keep: (value: KeptValue) => void): RunEvent {
  const data = event.data as Record<string, unknown>;
  let stored: Record<string, unknown> | null = null;
  for (const field of movable[event.type] ?? []) {
    const value = data[field];
    if (value === undefined || !mayExceed(value, limits.inlineValueBytes)) continue;
    const json = JSON.stringify(field === 'request' ? withoutId(value) : value);
    const bytes = Buffer.byteLength(json);
    if (bytes <= limits.inlineValueBytes) continue;
    const ref: ValueRef = { sha256: textHash(json), bytes };
    keep({ sha256: ref.sha256, json });
    stored ??= { ...data };
    delete stored[field];
    stored[`${field}_ref`] = ref;
  }
  return stored ? ({ ...event, data: stored } as RunEvent) : event;
}

/** A question's id stands in its event; without it, the same question has the same reference in every run. */
function withoutId(request: unknown): unknown {
  if (!isJsonObject(request)) return request;
  const { interaction_id: _id, ...rest } = request;
  return rest;
}

/** The inverse of `takeLargeValues`. Throws `storage_unavailable` when a kept value is gone. */
export async function readLargeValues(content: Pick<ContentStore, 'getValue'>, event: RunEvent): Promise<RunEvent> {
  const data = event.data as Record<string, unknown>;
  let read: Record<string, unknown> | null = null;
  for (const field of movable[event.type] ?? []) {
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
    const value: unknown = JSON.parse(json);
    read[field] =
      field === 'request' && isJsonObject(value) ? { ...value, interaction_id: data['interaction_id'] } : value;
  }
  return read ? ({ ...event, data: read } as RunEvent) : event;
}

/** What an event asked. Throws a TypeError for an event whose large values were not read back. */
export function requestOf({ seq, data }: EventOf<'interaction_requested'>): InteractionRequest {
  if (!data.request) throw new TypeError(`the question of event ${seq} is kept beside the log and was not read`);
  return data.request;
}
