import { z } from 'zod';
import { WfmError } from '../../../errors/index.ts';
import type { InteractionAnswer, InteractionRequest } from '../../../models/interaction.ts';
import { isJsonObject, type JsonObject, jsonObjectSchema } from '../../../models/json.ts';
import { field } from '../../field.ts';
import type { Intake, ModuleContext, Question, TaskDraft } from '../../module.ts';
import { contentView, findContent, generationsOf } from './generations.ts';
import { countOf, orderGeneration } from './order-generation.ts';

/** What both modules that ask for media do alike: intake, completion, sub-action, sample (format.md 13.6, 15.4). */

type MediaRequest = Extract<InteractionRequest, { interaction_type: 'media_generation' }>;
export const mediaPorts = ['catalogue', 'media', 'mediaFiles', 'mediaHost'] as const;
type Context = ModuleContext<(typeof mediaPorts)[number]>;

export const mediaOutputs = z.object({
  selected_content_id: field(z.string().nullable(), 'Chosen', 'Id of the chosen content; null where none was chosen.'),
  selected_content: field(
    z.record(z.string(), z.unknown()).nullable(),
    'Chosen content',
    'Its address, kind, provider and the reference (local_path) by which other modules take it.',
  ),
  generations: field(
    z.record(z.string(), z.unknown()),
    'Generations',
    'Everything that was made for this question, by prompt.',
  ),
});

const subActionSchema = z.looseObject({
  provider: z.string().min(1).max(64),
  action_type: z.string().max(40).optional(),
  prompt_id: z.union([z.string().max(200), z.number()]).optional(),
  prompt_key: z.string().max(300).optional(),
  params: jsonObjectSchema.default({}),
  source_data: jsonObjectSchema.nullish(),
});

/** An answer in its canonical form: the id of one content of this run, or null. Throws `response_invalid` and `content_not_found`. */
export async function intakeMedia(answer: InteractionAnswer, context: Context): Promise<Intake> {
  const chosen = isJsonObject(answer.selected_content) ? answer.selected_content.content_id : undefined;
  const id = answer.selected_content_id ?? chosen ?? null;
  if (id !== null && typeof id !== 'string') {
    throw new WfmError('response_invalid', 'A content is chosen by its id.', { place: 'response.selected_content_id' });
  }
  if (id !== null) await findContent(id, context);
  return { response: { selected_content_id: id }, failures: [], warnings: [] };
}

/** Outputs of the module for an accepted answer: the chosen content and all that was made. */
export async function completeMedia(
  response: JsonObject,
  { request }: Question,
  context: Context,
): Promise<z.input<typeof mediaOutputs>> {
  const id = response.selected_content_id;
  const found = typeof id === 'string' ? await findContent(id, context) : null;
  return {
    selected_content_id: found?.content.content_id ?? null,
    selected_content: found ? contentView(found.record, found.content, context) : null,
    generations: await generationsOf(request.interaction_id, context),
  };
}

/** Orders what a form asks for. Errors: those of `orderGeneration`, and `input_invalid` for a request of another shape. */
export async function generateMedia(
  context: Context,
  params: JsonObject,
  asked: { question: Question; sourceImage: unknown },
): Promise<TaskDraft> {
  const parsed = subActionSchema.safeParse(params);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    const path = ['params', ...(issue?.path ?? [])].map(String).join('.');
    throw new WfmError(
      'input_invalid',
      `The request to generate is not well formed: ${issue?.message ?? 'its shape'}.`,
      {
        place: path,
      },
    );
  }
  const request = asked.question.request as MediaRequest;
  const { provider, action_type, prompt_key, source_data } = parsed.data;
  const promptId = String(parsed.data.prompt_id ?? 'default');
  return orderGeneration(
    {
      provider,
      actionType: action_type ?? request.action_type,
      promptId,
      promptKey: prompt_key ?? `${provider}:${promptId}`,
      params: parsed.data.params,
      sourceData: source_data ?? null,
      sourceImage: asked.sourceImage,
      interactionId: request.interaction_id,
    },
    context,
  );
}

/** The question with everything that has been made for it since. */
export async function refreshMedia({ request }: Question, context: Context): Promise<InteractionRequest> {
  return { ...(request as MediaRequest), generations: await generationsOf(request.interaction_id, context) };
}

/** How many contents an order of these parameters makes. */
export function expectedMedia(params: JsonObject): number {
  return countOf(isJsonObject(params.params) ? params.params : {});
}

/** The first content there is; none where nothing has been made. */
export function sampleMedia({ request }: Question): InteractionAnswer {
  const { generations } = request as MediaRequest;
  const first = Object.values(generations).flat()[0];
  const ids = isJsonObject(first) && Array.isArray(first.content_ids) ? (first.content_ids as unknown[]) : [];
  return { selected_content_id: typeof ids[0] === 'string' ? ids[0] : null };
}
