import { choiceParam, closedSchema } from '../support/param-schema.ts';
import type { VendorCatalogue } from './entry.ts';

/**
 * Luma's Photon. Ids from `@ai-sdk/luma` 3.0.41; ratios from the API reference as Comfy copies it; read 2026-11-22. Its
 * references are public addresses, which a picture of a run has not, so it makes pictures from words alone here.
 */

const params = closedSchema({
  aspect_ratio: choiceParam('Aspect ratio', ['1:1', '16:9', '9:16', '4:3', '3:4', '21:9', '9:21'], '16:9'),
});

export const lumaCatalogue: VendorCatalogue = {
  id: 'luma',
  label: 'Luma',
  asOf: '2026-11-22',
  models: [
    { id: 'photon-1', label: 'Photon', action: 'txt2img', params, promptMaxChars: 5_000 },
    { id: 'photon-flash-1', label: 'Photon Flash', action: 'txt2img', params, promptMaxChars: 5_000 },
  ],
  promptSchemas: {},
  limits: { atOnce: 3 },
  jobTimeoutMs: 300_000,
};
