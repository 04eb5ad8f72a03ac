import { createMemoryDatabase } from '../../ports/memory/index.ts';
import { startSample } from '../../testing/run-samples.ts';
import { createTestClock } from '../../testing/test-clock.ts';
import { moduleContext, type TestContext } from './module-context.ts';

/** A run in a fresh memory database, and contexts within it: each with a key of its own unless one is given. */
export async function storedRun(ids: { user_id?: string; template_id?: string } = {}) {
  const database = createMemoryDatabase({ clock: createTestClock() });
  const { runId, branchId } = await startSample(database.runs, ids);
  let calls = 0;
  const context = (overrides: Parameters<typeof moduleContext>[0] = {}): TestContext => {
    calls += 1;
    return moduleContext({
      workflowRunId: runId,
      branchId,
      branchIds: [branchId],
      idempotencyKey: `key-${calls}`,
      ports: database,
      ...overrides,
    });
  };
  return { database, runId, branchId, context };
}
