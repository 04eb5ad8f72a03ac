import { canonicalLog, type RunEvent } from '../../events/index.ts';
import { isJsonObject, type JsonObject } from '../../models/json.ts';
import type { Database } from '../../ports/database.ts';

/**
 * What every edit of the workflow would change in every event, and hashes of what stands beside them: left out, so that
 * a difference names what it is about.
 */
const derived = new Set(['workflow_run_id', 'version_id', 'seq', 'input_hash', 'question_hash']);

/** All events of a run, branch by branch in the order in which these were made, each event once (format.md 8.7, 9.1). */
export async function canonicalEvents({ runs }: Pick<Database, 'runs'>, runId: string): Promise<JsonObject[]> {
  const events: RunEvent[] = [];
  for (const { branch_id: branchId } of await runs.branches({ runId })) {
    const line = await runs.readLine({ runId, branchId, afterSeq: -1 });
    events.push(...line.filter((event) => event.branch_id === branchId));
  }
  return canonicalLog(events.map((event) => without(event) as RunEvent)).map((text) => JSON.parse(text) as JsonObject);
}

function without(event: RunEvent): unknown {
  const kept = (value: unknown): JsonObject =>
    Object.fromEntries(Object.entries(isJsonObject(value) ? value : {}).filter(([key]) => !derived.has(key)));
  return { ...kept(event), data: kept(event.data) };
}
