import { z } from 'zod';
import { WfmError } from '../../errors/index.ts';
import { isJsonObject } from '../../models/json.ts';
import { field } from '../field.ts';
import { defineModule } from '../module.ts';
import { contentView } from './support/generations.ts';
import { orderGeneration, withCount } from './support/order-generation.ts';

export const mediaRender = defineModule({
  id: 'media.render',
  kind: 'job',
  revision: 1,
  title: 'Render media',
  description: 'Has pictures, video or sound made without asking anybody; the run waits for the worker.',
  inputs: z.object({
    provider: field(z.string().min(1), 'Provider', 'Who makes it.'),
    action_type: field(z.string().min(1), 'Action', 'txt2img, img2vid, txt2audio, compose and their like.'),
    params: field(
      z.record(z.string(), z.unknown()),
      'Parameters',
      "The prompt and the provider's parameters, `model` among them.",
    ),
    source_image: field(z.unknown().optional(), 'Source', 'The picture to begin with: a content or a data URL.'),
    count: field(z.number().int().min(1).max(16).default(1), 'How many', 'How many to make.'),
  }),
  outputs: z.object({
    content_ids: field(z.array(z.string()), 'Content ids', 'What was made, in order.'),
    contents: field(
      z.array(z.record(z.string(), z.unknown())),
      'Contents',
      'The same with address, kind and the reference (local_path) by which other modules take it.',
    ),
    metadata_id: field(z.string(), 'Record', 'Id of the record of this generation.'),
    text: field(z.string().optional(), 'Text', 'What was heard, where the action is transcribe.'),
  }),
  ports: ['catalogue', 'media', 'mediaFiles', 'mediaHost'],
  enqueue(given, context) {
    const { provider, action_type: actionType, source_image: sourceImage } = given;
    const order = { provider, actionType, params: given.params };
    return orderGeneration(
      {
        ...order,
        params: withCount(context.ports.catalogue, order, given.count),
        promptId: 'default',
        promptKey: `${provider}:default`,
        sourceData: null,
        sourceImage,
        interactionId: null,
      },
      context,
    );
  },
  async complete(result, _given, context) {
    const metadataId = typeof result.metadata_id === 'string' ? result.metadata_id : '';
    const record = await context.ports.media.find({ metadataId });
    if (!record)
      throw new WfmError('content_not_found', 'What was made is gone.', { params: { metadata_id: metadataId } });
    const shown = record.contents.filter(({ content_type }) => content_type !== 'video.preview');
    const text = isJsonObject(result) && typeof result.text === 'string' ? { text: result.text } : {};
    return {
      content_ids: shown.map(({ content_id }) => content_id),
      contents: shown.map((content) => contentView(record, content, context)),
      metadata_id: metadataId,
      ...text,
    };
  },
});
