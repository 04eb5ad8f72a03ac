import type { LoadedRun } from '@wfm/workflow-engine';
import { compileView } from '@wfm/workflow-engine/display';
import { type InteractionRequest, isJsonObject } from '@wfm/workflow-engine/models';
import type { PreviewSession } from './preview-session.ts';

type MediaRequest = Extract<InteractionRequest, { interaction_type: 'media_generation' }>;

/**
 * Has the first block of an open media question make a mock, so that the sample answer has something to choose
 * (format.md 11.5). Does nothing where there is something already, or nothing that can be made.
 */
export async function makeSampleMedia(session: PreviewSession, run: LoadedRun, userId: string): Promise<void> {
  const request = run.state.open?.request;
  if (request?.interaction_type !== 'media_generation' || Object.keys(request.generations).length > 0) return;
  const { data, schema, blocks, sub_actions: subActions = [] } = request;
  const [block] = compileView({ data, schema, blocks, subActions }).blocks;
  const { provider, action } = block?.generate ?? {};
  if (!block || typeof provider !== 'string') return;
  const subActionId = typeof action === 'string' ? action : firstId(subActions);
  if (subActionId === undefined) return;
  const node = nodeAt(data, block.path);
  const { subActions: executions } = session.processor;
  const { executionId } = await executions.start({
    runId: run.row.workflow_run_id,
    userId,
    interactionId: request.interaction_id,
    subActionId,
    params: { provider, source_data: node, params: { prompt: promptOf(node, request) } },
  });
  await executions.finished(executionId);
}

function nodeAt(data: unknown, path: readonly (string | number)[]): Record<string, unknown> {
  let node = data;
  for (const key of path) {
    const holder: unknown = node;
    if (typeof holder !== 'object' || holder === null || !Object.hasOwn(holder, key)) return {};
    node = (holder as Record<string | number, unknown>)[key];
  }
  if (!isJsonObject(node)) return {};
  return Object.fromEntries(Object.entries(node).filter(([name]) => !name.startsWith('_')));
}

function promptOf(node: Record<string, unknown>, { title }: MediaRequest): string {
  const text = Object.values(node).find((value) => typeof value === 'string' && value.trim() !== '');
  return typeof text === 'string' ? text.slice(0, 500) : title;
}

function firstId(subActions: readonly Record<string, unknown>[]): string | undefined {
  const id = subActions[0]?.id;
  return typeof id === 'string' ? id : undefined;
}
