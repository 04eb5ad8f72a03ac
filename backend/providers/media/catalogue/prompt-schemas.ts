import type { JsonObject } from '@wfm/workflow-engine/models';
import { promptSchema } from '../support/param-schema.ts';

/** What models are asked to write (format.md 15.2). */

const prompt = { type: 'string', description: 'What is to be seen.' };

/** `openai` txt2img. */
export const cameraPromptSchema: JsonObject = promptSchema({
  prompt,
  camera_notes: { type: 'string', description: 'Lens, angle, distance and light, as a photographer would note them.' },
});

/** For speech: the words themselves, and how they are said. */
export const speechPromptSchema: JsonObject = promptSchema({
  prompt: { type: 'string', description: 'The words to be said, and nothing else.' },
  style_notes: { type: 'string', description: 'Voice, pace and mood.' },
});
