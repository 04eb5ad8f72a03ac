import type { JsonObject } from '@wfm/workflow-engine/models';
import type { MediaProviderInfo } from '@wfm/workflow-engine/ports';

function closed(properties: JsonObject): JsonObject {
  return { type: 'object', additionalProperties: false, required: Object.keys(properties), properties };
}

const plain = closed({
  prompt: { type: 'string', title: 'Prompt' },
  style_notes: { type: 'string', title: 'Style notes' },
});
const texts = (least: number, most: number): JsonObject => ({
  type: 'array',
  items: { type: 'string' },
  minItems: least,
  maxItems: most,
});

const music = closed({
  data: {
    type: 'array',
    minItems: 3,
    maxItems: 3,
    items: closed({
      name: { type: 'string' },
      description: { type: 'string' },
      prompt: { type: 'string' },
      suggested_bpm: { type: 'integer', minimum: 50, maximum: 120 },
      instruments: texts(2, 4),
      mood: texts(2, 3),
      energy: { type: 'string' },
    }),
  },
});

/** What a model is asked to write for each action (format.md 15.2). */
export const promptSchemas: MediaProviderInfo['promptSchemas'] = {
  txt2img: plain,
  img2img: plain,
  img2vid: plain,
  compose: plain,
  txt2audio: music,
};
