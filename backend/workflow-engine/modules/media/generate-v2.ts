import { z } from 'zod';
import { WfmError } from '../../errors/index.ts';
import { isJsonObject, type JsonObject } from '../../models/json.ts';
import { limits } from '../../models/limits.ts';
import { mediaActionSchema } from '../../models/media.ts';
import { apiLlm } from '../api/llm.ts';
import { field } from '../field.ts';
import { type CallableModule, defineModule, type ModuleContext } from '../module.ts';
import { defaultDisplay, promptsSchema, systemParts } from './support/compose-prompts.ts';
import {
  completeMedia,
  expectedMedia,
  generateMedia,
  intakeMedia,
  mediaOutputs,
  mediaPorts,
  refreshMedia,
  sampleMedia,
} from './support/media-answer.ts';
import { assertProviders, mediaQuestion } from './support/media-question.ts';

const promptConfig = z.looseObject({
  provider: field(
    z.string().optional(),
    'Model provider',
    'Who writes the prompts; by default what the server is set to.',
  ),
  model: field(z.string().optional(), 'Model', 'The model that writes the prompts.'),
  system: field(z.unknown().optional(), 'System', 'What the model is told about its task: a part or a list of them.'),
  user: field(z.unknown(), 'User', 'What the prompts shall be about.'),
  shared_prompt: field(z.string().optional(), 'For all', 'What holds for every provider.'),
  provider_prompts: field(
    z.record(z.string(), z.unknown()).optional(),
    'By provider',
    'What each provider needs to be told.',
  ),
  ai_config: field(z.looseObject({}).optional(), 'Model settings', 'Settings of the model that writes the prompts.'),
  metadata: field(z.record(z.string(), z.unknown()).optional(), 'Metadata', 'Handed to the model’s provider.'),
});

const inputs = z.object({
  action_type: field(mediaActionSchema, 'Action', 'What is made: txt2img, img2vid, txt2audio and their like.'),
  providers: field(
    z
      .array(z.string().min(1))
      .min(1)
      .max(20)
      .refine((list) => new Set(list).size === list.length, 'names a provider twice'),
    'Providers',
    'Who may make it; each gets a prompt of its own.',
  ),
  prompt_config: field(promptConfig, 'Prompts', 'How a language model writes the prompts.'),
  display_schema: field(
    z.record(z.string(), z.unknown()).optional(),
    'Display schema',
    'How the prompts are shown; by default one tab a provider.',
  ),
  title: field(z.string().default('Generate'), 'Title', 'What the person is asked.'),
  source_image: field(z.unknown().optional(), 'Source', 'The picture to begin with: a content or a data URL.'),
});
type Inputs = z.output<typeof inputs>;

export const mediaGenerateV2 = defineModule({
  id: 'media.generateV2',
  kind: 'interactive',
  revision: 1,
  title: 'Generate media from written prompts',
  description: 'Has a language model write a prompt for each provider, then lets a person have media made and choose.',
  inputs,
  outputs: mediaOutputs.extend({
    generated_prompts: field(z.record(z.string(), z.unknown()), 'Prompts', 'What the language model wrote.'),
  }),
  ports: [...mediaPorts, 'llm'],
  displaySchemaInputs: ['display_schema'],
  usesConversation: true,
  prepare: {
    madeOf: ({ action_type, providers, prompt_config }) => ({ action_type, providers, prompt_config }),
    schema: (given, context) => ({
      type: 'object',
      properties: { generated_prompts: answerSchema(given, context) },
      required: ['generated_prompts'],
    }),
    run: writePrompts,
    timeoutMs: limits.llmTotalMs + 10_000,
  },
  async request(given, context, prepared) {
    const reply = (prepared?.generated_prompts ?? {}) as JsonObject;
    const infos = assertProviders(given.providers, given.action_type, context);
    const prompts = { ...reply, _generated_prompts: reply };
    const schema = given.display_schema ?? defaultDisplay(infos, given.action_type);
    const { title, action_type: actionType, source_image: sourceImage } = given;
    return { draft: await mediaQuestion({ title, prompts, schema, actionType, sourceImage }, context) };
  },
  intake: (answer, _question, context) => intakeMedia(answer, context),
  async complete(response, _given, question, context) {
    const { prepared } = question;
    const reply = isJsonObject(prepared) ? prepared.generated_prompts : undefined;
    return {
      ...(await completeMedia(response, question, context)),
      generated_prompts: isJsonObject(reply) ? reply : {},
    };
  },
  refresh: refreshMedia,
  subActionTask: (context, params, { inputs: given, question }) =>
    generateMedia(context, params, { question, sourceImage: given.source_image }),
  expectedItems: expectedMedia,
  sample: sampleMedia,
});

function answerSchema(given: Inputs, context: Pick<ModuleContext<'catalogue'>, 'ports'>): JsonObject {
  const infos = given.providers.flatMap((id) => context.ports.catalogue.find(id) ?? []);
  return promptsSchema(infos, given.action_type);
}

/** Asks the model for all prompts in one call (format.md 14.12.2). */
async function writePrompts(
  given: Inputs,
  context: ModuleContext<'catalogue' | 'llm' | 'media' | 'mediaFiles'>,
): Promise<JsonObject> {
  const infos = assertProviders(given.providers, given.action_type, context);
  const { provider, model, user, ai_config, metadata, ...config } = given.prompt_config;
  const llm = apiLlm as CallableModule;
  const settings = { provider, model, ai_config, metadata };
  const asked = llm.inputs.parse({
    ...Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined)),
    system: systemParts(config, infos),
    input: user,
    output_schema: promptsSchema(infos, given.action_type),
  });
  const environment = { aiConfig: context.aiConfig, config: context.config, llm: context.ports.llm };
  const settled = llm.settle ? llm.settle(asked, environment) : asked;
  const { response } = (await llm.run(settled, context as never)) as JsonObject;
  if (isJsonObject(response) && isJsonObject(response.prompts)) return { generated_prompts: response };
  throw new WfmError('prompts_invalid', 'The language model wrote no prompts by provider.', {
    details: { response: response ?? null },
  });
}
