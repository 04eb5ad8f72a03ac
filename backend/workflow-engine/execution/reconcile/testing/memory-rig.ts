import { versionIdOf } from '../../../definition/canonical-json.ts';
import type { WorkflowResponse } from '../../../models/execution.ts';
import type { JsonObject } from '../../../models/json.ts';
import { createMemoryDatabase } from '../../../ports/memory/index.ts';
import { createRig, type EngineRig } from '../../../testing/engine-rig.ts';
import { liveClock } from '../../../testing/live-clock.ts';

/** An engine over a store of its own. */
export function memoryRig(): EngineRig {
  const clock = liveClock();
  return createRig({ database: createMemoryDatabase({ clock }), clock });
}

/** What plans and acts of reconciling take: the run, and an edited workflow, which is kept. */
export async function movingTo(rig: EngineRig, runId: string, workflow: JsonObject) {
  const versionId = versionIdOf(workflow);
  await rig.database.definitions.keepDefinition({ versionId, definition: workflow });
  return { userId: rig.userId, sessionId: rig.userId, waitMs: 20_000, runId, versionId };
}

/** Moves a run to an edited workflow. */
export async function reconcile(
  rig: EngineRig,
  runId: string,
  workflow: JsonObject,
  more: { autoReapply?: boolean; force?: string[] } = {},
): Promise<WorkflowResponse> {
  return rig.processor.reconcile({ ...(await movingTo(rig, runId, workflow)), ...more });
}
