import type { JsonObject } from '@wfm/workflow-engine/models';

/** A body without the members that are undefined. */
export function given(body: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(body).filter(([, value]) => value !== undefined));
}
