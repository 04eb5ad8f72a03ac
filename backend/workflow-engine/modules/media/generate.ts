import { z } from 'zod';
import { field } from '../field.ts';
import { defineModule } from '../module.ts';
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
import { mediaQuestion } from './support/media-question.ts';

export const mediaGenerate = defineModule({
  id: 'media.generate',
  kind: 'interactive',
  revision: 1,
  title: 'Generate media',
  description: 'Lets a person have pictures, video or sound made from prompts, and choose one.',
  inputs: z.object({
    prompts: field(
      z.union([z.array(z.unknown()), z.record(z.string(), z.unknown())]),
      'Prompts',
      'An object by provider, one that holds prompts by provider, or a list of items with a provider.',
    ),
    schema: field(z.record(z.string(), z.unknown()), 'Display schema', 'JSON Schema of the prompts, with hints.'),
    title: field(z.string().default('Generate'), 'Title', 'What the person is asked.'),
    action_type: field(z.string().default('txt2img'), 'Action', 'txt2img, img2vid, txt2audio and their like.'),
    source_image: field(z.unknown().optional(), 'Source', 'The picture to begin with: a content or a data URL.'),
  }),
  outputs: mediaOutputs,
  ports: mediaPorts,
  displaySchemaInputs: ['schema'],
  async request(given, context) {
    const { prompts, schema, title, action_type: actionType, source_image: sourceImage } = given;
    return { draft: await mediaQuestion({ title, prompts, schema, actionType, sourceImage }, context) };
  },
  intake: (answer, _question, context) => intakeMedia(answer, context),
  complete: (response, _given, question, context) => completeMedia(response, question, context),
  refresh: refreshMedia,
  subActionTask: (context, params, { inputs, question }) =>
    generateMedia(context, params, { question, sourceImage: inputs.source_image }),
  expectedItems: expectedMedia,
  sample: sampleMedia,
});
