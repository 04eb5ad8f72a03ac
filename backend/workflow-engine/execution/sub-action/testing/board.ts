import { z } from 'zod';
import type { SubActionFrame } from '../stream.ts';
import { streamSubAction } from '../stream.ts';
import { defineModule, type Module } from '../../../modules/module.ts';
import type { WorkflowResponse } from '../../../models/execution.ts';
import type { EngineRig } from '../../../testing/engine-rig.ts';
import type { StartSubAction } from '../sub-actions.ts';

/** A question whose own sub-action answers as the test says. */
export function boardModule(
  subAction: (params: Record<string, unknown>, signal: AbortSignal) => Promise<unknown> | unknown,
): Module {
  return defineModule({
    id: 'test.board',
    kind: 'interactive',
    revision: 1,
    title: 'Board',
    description: 'Asks whether what lies on a board will do.',
    inputs: z.object({ data: z.array(z.unknown()) }),
    outputs: z.object({ seen: z.array(z.unknown()) }),
    request: ({ data }) => ({
      draft: { interaction_type: 'confirm', title: 'Will it do?', message: 'Look', yes_label: 'Yes', data },
    }),
    intake: () => ({ response: { value: '' }, failures: [], warnings: [] }),
    complete: (_response, _inputs, { request }) => ({ seen: request.data as unknown[] }),
    subAction: async (context, params) => {
      context.progress({ message: 'painting', percent: 50 });
      return (await subAction(params, context.signal)) as Record<string, unknown>;
    },
    expectedItems: ({ count }) => (typeof count === 'number' ? count : 1),
    sample: () => ({ value: '' }),
  });
}

type Json = Record<string, unknown>;

/** A pick among dishes, with sub-actions that look for more; what was picked is said by the last step. */
export function menu(subActions: Json[], question: Json = {}): Json {
  const dishes = [{ id: 'dal' }, { id: 'soup' }];
  return {
    format: 2,
    workflow_id: 'menu',
    initial_state: { dishes, tone: 'calm', board: { notes: { count: 1 } } },
    steps: [
      {
        step_id: 'choose',
        modules: [
          {
            module_id: 'user.select',
            name: 'pick',
            inputs: {
              prompt: 'Which?',
              data: '{{ state.dishes }}',
              schema: { type: 'array', items: { type: 'object' } },
            },
            outputs_to_state: { selected_data: 'dish' },
            sub_actions: subActions,
            ...question,
          },
        ],
      },
      {
        step_id: 'end',
        modules: [
          {
            module_id: 'api.llm',
            name: 'praise',
            inputs: { input: 'Praise {{ state.dish.id }} in a {{ state.tone }} tone' },
            outputs_to_state: { response_text: 'praise' },
          },
        ],
      },
    ],
  };
}

/** Asks the model for one more dish. */
export const moreDishes: Json = {
  id: 'more',
  label: 'More dishes',
  actions: [
    {
      type: 'target_sub_action',
      module_id: 'api.llm',
      name: 'cook',
      inputs: {
        input: 'A {{ state.tone }} dish{{ state._retry_feedback }}',
        output_schema: { type: 'object', properties: { dishes: { type: 'array', items: { type: 'object' } } } },
      },
      outputs_to_state: { response: 'fresh' },
    },
  ],
  result_mapping: [{ source: 'fresh.dishes', target: 'dishes', mode: 'merge' }],
};

export const cooked = JSON.stringify({ dishes: [{ id: 'pie' }] });

export function startOf(rig: EngineRig, at: WorkflowResponse, own: Partial<StartSubAction> = {}): StartSubAction {
  return {
    runId: at.workflow_run_id ?? '',
    userId: rig.userId,
    interactionId: at.interaction_request?.interaction_id ?? '',
    subActionId: 'more',
    params: {},
    ...own,
  };
}

/** Follows an execution to its end. */
export async function follow(rig: EngineRig, runId: string, executionId: string): Promise<SubActionFrame[]> {
  const frames: SubActionFrame[] = [];
  const { signal } = new AbortController();
  const stream = streamSubAction(rig.processor, { runId, userId: rig.userId, executionId, signal });
  for await (const frame of stream) frames.push(frame);
  return frames;
}

/** Starts a sub-action and follows it to its end. */
export async function work(
  rig: EngineRig,
  at: WorkflowResponse,
  own: Partial<StartSubAction> = {},
): Promise<SubActionFrame[]> {
  const params = startOf(rig, at, own);
  const { executionId } = await rig.processor.subActions.start(params);
  return follow(rig, params.runId, executionId);
}
