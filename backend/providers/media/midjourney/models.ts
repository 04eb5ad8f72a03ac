import type { JsonObject } from '@wfm/workflow-engine/models';
import type { MediaInputRule, MediaModel } from '@wfm/workflow-engine/ports';
import { choiceParam, closedSchema, flagParam, numberParam, textParam } from '../support/param-schema.ts';

/** Values that MidAPI takes (docs.midapi.ai/mj-api/generate-mj-image; also docs.kie.ai, the same API; read 2026-11). */
export const aspectRatios = ['1:1', '16:9', '9:16', '4:3', '3:4', '3:2', '2:3', '6:5', '5:6', '2:1', '1:2'] as const;
export const speeds = ['relaxed', 'fast', 'turbo'] as const;
export const versions = ['7', '6.1', '6', '5.2', '5.1', 'niji7', 'niji6'] as const;

export interface MidjourneyModel extends MediaModel {
  taskType: string;
  /** Credits by speed; a video has one. A table that users of MidAPI keep: it publishes none (providers.md 3). */
  credits: Record<string, number>;
}

const promptMaxChars = 2000;
const pictures = ['image/png', 'image/jpeg', 'image/webp'];
const source: MediaInputRule = { role: 'source', mime: pictures, min: 1, max: 1 };
const imageCredits = { relaxed: 3, fast: 8, turbo: 16 };

const style: Record<string, JsonObject> = {
  aspect_ratio: choiceParam('Aspect ratio', aspectRatios, '1:1'),
  version: choiceParam('Version', versions, '7'),
  stylization: numberParam('Stylization', { min: 0, max: 1000, step: 50 }),
  weirdness: numberParam('Weirdness', { min: 0, max: 3000, step: 100 }),
  variety: numberParam('Variety', { min: 0, max: 100, step: 5 }),
  watermark: textParam('Watermark', 100),
  enable_translation: flagParam('Translate the prompt', false),
};
const speed = choiceParam('Speed', speeds, 'relaxed');

const videoParams = closedSchema({
  motion: choiceParam('Motion', ['low', 'high'], 'low'),
  videos: choiceParam('Number of videos', [1, 2, 4], 1),
});

/** One order gives four pictures, whatever its parameters. */
export const midjourneyModels: readonly MidjourneyModel[] = [
  {
    id: 'midjourney',
    label: 'Midjourney',
    action: 'txt2img',
    taskType: 'mj_txt2img',
    params: closedSchema({ ...style, speed }),
    promptMaxChars,
    credits: imageCredits,
  },
  {
    id: 'midjourney',
    label: 'Midjourney',
    action: 'img2img',
    taskType: 'mj_img2img',
    params: closedSchema({ ...style, speed }),
    promptMaxChars,
    inputs: [source],
    credits: imageCredits,
  },
  {
    id: 'midjourney-style',
    label: 'Midjourney, style of a picture',
    action: 'img2img',
    taskType: 'mj_style_reference',
    params: closedSchema({ ...style, speed }),
    promptMaxChars,
    inputs: [source],
    credits: imageCredits,
  },
  {
    id: 'midjourney-omni',
    label: 'Midjourney, subject of a picture',
    action: 'img2img',
    taskType: 'mj_omni_reference',
    // This kind of order takes no speed, and a weight of its own.
    params: closedSchema({ ...style, omni_weight: numberParam('Likeness', { min: 1, max: 1000, default: 100 }) }),
    promptMaxChars,
    inputs: [source],
    credits: { relaxed: 8 },
  },
  {
    id: 'midjourney-video',
    label: 'Midjourney video',
    action: 'img2vid',
    taskType: 'mj_video',
    params: videoParams,
    promptMaxChars,
    inputs: [source],
    credits: { relaxed: 15 },
  },
  {
    id: 'midjourney-video-hd',
    label: 'Midjourney video, HD',
    action: 'img2vid',
    taskType: 'mj_video_hd',
    params: videoParams,
    promptMaxChars,
    inputs: [source],
    credits: { relaxed: 45 },
  },
];
