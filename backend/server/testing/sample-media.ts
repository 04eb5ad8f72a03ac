import type { WorkflowResponse } from '@wfm/workflow-engine/models';
import type { ContentRow, GenerationRow, TaskRow } from '@wfm/workflow-engine/ports';
import { sampleContent, sampleGeneration, sampleTask } from '@wfm/workflow-engine/testing';
import type { Person, ServerRig } from './server-rig.ts';

/** Keeps a file as if it had been generated for a run's open question. */
export async function keepContent(
  rig: Pick<ServerRig, 'database' | 'media'>,
  place: { runId: string; branchId: string; stepId: string; moduleName: string; interactionId: string; userId: string },
  bytes: Uint8Array,
  changes: Partial<ContentRow> = {},
): Promise<{ generation: GenerationRow; content: ContentRow }> {
  const { database, media } = rig;
  const generation = await database.media.create({
    generation: sampleGeneration(place, {
      user_id: place.userId,
      step_id: place.stepId,
      module_name: place.moduleName,
    }),
  });
  const kept = await media.files.put({ runId: place.runId, data: once(bytes), maxBytes: bytes.length });
  const content = sampleContent(generation, { ...kept, ...changes });
  const ended = await database.media.finish({
    metadataId: generation.metadata_id,
    status: 'completed',
    cost: { amount: '0.02', unit: 'USD' },
    completedAt: '2026-01-01T00:00:02.000Z',
    contents: [content],
  });
  return { generation: ended.generation, content };
}

/** A content and a task of a waiting run; their ids. */
export async function addMedia(
  rig: Pick<ServerRig, 'database' | 'media' | 'alice'>,
  waiting: WorkflowResponse,
  person: Person = rig.alice,
): Promise<{ content: string; task: string }> {
  const { content } = await keepContent(rig, placeOf(waiting, person), new TextEncoder().encode('no picture'));
  const task = await addTask(rig, waiting, person);
  return { content: content.content_id, task: task.task_id };
}

export function placeOf(waiting: WorkflowResponse, person: Person): Parameters<typeof keepContent>[1] {
  const { step_id: stepId = '', module_name: moduleName = '' } = waiting.interaction_request?.step_context ?? {};
  return {
    runId: waiting.workflow_run_id ?? '',
    branchId: waiting.branch_id ?? '',
    stepId,
    moduleName,
    interactionId: waiting.interaction_request?.interaction_id ?? '',
    userId: person.user.user_id,
  };
}

export function addTask(rig: Pick<ServerRig, 'database'>, waiting: WorkflowResponse, person: Person): Promise<TaskRow> {
  const { runId, branchId, userId } = placeOf(waiting, person);
  return rig.database.tasks.enqueue(sampleTask({ runId, branchId }, { user_id: userId, provider: 'local' }));
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  if (bytes.length > 0) yield bytes;
}
