import type { JsonObject } from '@wfm/workflow-engine/models';
import type { MediaEstimate, MediaInput, MediaModel } from '@wfm/workflow-engine/ports';
import { filmSeconds } from './film.ts';
import { filmSize, pictureSize } from './sizes.ts';

/** What a request will give. It costs nothing; the notes say about how long it takes on two cores. */
export function estimateLocal(model: MediaModel, params: JsonObject, inputs: MediaInput[]): MediaEstimate {
  const free = { cost: { amount: '0', unit: 'USD' as const }, basis: 'free' as const };
  const notes = model.unavailable === undefined ? [] : [model.unavailable];
  const count = Number(params['num_images'] ?? params['num_outputs'] ?? 1);
  switch (model.action) {
    case 'txt2img': {
      const size = pictureSize(params);
      const wait = Math.max(1, Math.round((size.width * size.height * count) / 1e6));
      return { ...free, output: { count, ...size }, notes: [...notes, `About ${wait} s to render.`] };
    }
    case 'img2img':
      return { ...free, output: { count: 1, ...editSize(params) }, notes };
    case 'img2vid':
    case 'compose': {
      const stills = inputs.filter((input) => input.role !== 'audio').length || 1;
      const known = typeof params['seconds'] === 'number' || inputs.every((input) => input.role !== 'audio');
      const size = filmSize(params);
      if (!known)
        return { ...free, output: { count: 1, ...size }, notes: [...notes, 'It will be as long as its first sound.'] };
      return { ...free, output: { count: 1, ...size, seconds: filmSeconds(params, stills, null) }, notes };
    }
    default: {
      const { seconds } = params as { seconds?: number };
      return { ...free, output: { count, ...(seconds === undefined ? {} : { seconds }) }, notes };
    }
  }
}

function editSize(params: JsonObject): { width?: number; height?: number } {
  const { width, height } = params as { width?: number; height?: number };
  return width === undefined || height === undefined ? {} : { width, height };
}
