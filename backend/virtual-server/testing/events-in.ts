import { gunzipSync } from 'node:zlib';
import type { RunEvent } from '@wfm/workflow-engine/events';

/** All events in a snapshot, read with plain tools. */
export function eventsIn(snapshot: string): RunEvent[] {
  const { stores } = JSON.parse(gunzipSync(Buffer.from(snapshot, 'base64')).toString()) as {
    stores: { events: RunEvent[] };
  };
  return stores.events;
}
