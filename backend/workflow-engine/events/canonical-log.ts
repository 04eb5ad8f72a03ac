import { comparableText } from './comparable-text.ts';
import type { RunEvent } from './run-event.ts';

/** The key of a task's event and the name of a plan are hashes over ids. */
const overIds = /"(idempotency_key|plan_id)":"[0-9a-f]{64}"/g;
/** Fields that tell when and how fast, never what. */
const dropped = new Set(['time', 'duration_ms', 'requested_at', 'answered_at', 'created_at']);

/** Where a host serves a content: its own address, and in a preview a signed one. */
const mediaUrl = /"(?:\/workflow\/[0-9a-f-]{36}\/media\/[0-9a-f-]{36}|\/mock-media\/[^"]*)"/g;
const anyUuid = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/;

/**
 * A log in the form in which two are compared (format.md 8.7): ids numbered by first appearance, times and durations
 * put aside, and with them what is made of ids: addresses of media, and hashes of inputs and questions that name
 * contents. Two runs that did the same give the same texts, one per event.
 */
export function canonicalLog(events: readonly RunEvent[]): string[] {
  const numbers = new Map<string, string>();
  const made = hashesOverIds(events);
  return events.map((event) => {
    let text = JSON.stringify(sorted(event)).replace(overIds, '"$1":"hash"').replace(mediaUrl, '"media-url"');
    for (const [hash, name] of made) text = text.replaceAll(`"${hash}"`, `"${name}"`);
    return comparableText(text, numbers);
  });
}

/** Hashes over values that hold ids, numbered: another run has others for the same. */
function hashesOverIds(events: readonly RunEvent[]): Map<string, string> {
  const made = new Map<string, string>();
  const note = (hash: unknown, value: unknown): void => {
    if (typeof hash !== 'string' || hash === '' || made.has(hash) || !anyUuid.test(JSON.stringify(value) ?? '')) return;
    made.set(hash, `hash-${made.size + 1}`);
  };
  for (const event of events) {
    if (event.type === 'module_started') note(event.data.input_hash, event.data.inputs);
    if (event.type === 'interaction_requested') note(event.data.question_hash, event.data.request?.data);
  }
  return made;
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([key, item]) => !dropped.has(key) && item !== undefined);
  entries.sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, item]) => [key, sorted(item)]));
}
