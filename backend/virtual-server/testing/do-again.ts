import { loadWorkflow } from '@wfm/workflow-engine/definition';
import { namedModels, replayingPorts, replaySaved, type SavedPreview } from '@wfm/workflow-engine/mock';
import { createMemoryDatabase } from '@wfm/workflow-engine/ports/memory';
import { createRig, createTestClock, scriptedLlm } from '@wfm/workflow-engine/testing';

/** Does an exported preview again on a machine of its own, where nothing answers; what happened there. */
export async function doAgain(preview: SavedPreview): Promise<object[]> {
  const clock = { ...createTestClock(), now: () => new Date(preview.now) };
  const ports = replayingPorts(namedModels(scriptedLlm(), preview.models), preview.calls);
  const replayed = await replaySaved(preview, loadWorkflow({ json: preview.workflow }), {
    clock,
    openEngine(answerer) {
      const database = createMemoryDatabase({ clock });
      const { processor } = createRig({ database, clock, ...ports, answerer, userId: 'somebody' });
      return { processor, registry: processor.options.registry, database, userId: 'somebody', close: async () => {} };
    },
  });
  if (replayed.refused !== null) throw new Error(replayed.refused);
  return replayed.events;
}
