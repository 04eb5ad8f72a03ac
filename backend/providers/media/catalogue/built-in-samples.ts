import type { JsonObject } from '@wfm/workflow-engine/models';
import type { MediaAction, MediaProviderInfo } from '@wfm/workflow-engine/ports';
import { hiresChoices, resolutions } from '../stable-diffusion/models.ts';
import { sampleMetadata } from './sample-metadata.ts';

/** A WebUI as it comes out of its box; what a true one has, it alone knows. */
const webui: JsonObject = {
  categories: [
    {
      id: 'models',
      name: 'Models (sample)',
      models: [
        {
          checkpoint_name: 'v1-5-pruned-emaonly.safetensors',
          model_name: 'v1-5-pruned-emaonly',
          params: {
            sampler_combo: counted(['DPM++ 2M / Karras', 'Euler a / Automatic']),
            resolution: counted(resolutions),
            vae: counted(['Automatic', 'None']),
            hires: counted(hiresChoices),
            adetailer: counted(['face_yolov8n.pt']),
          },
        },
      ],
    },
  ],
};

/**
 * What forms offer where a vendor is not asked, or cannot be (format.md 15.3): what the catalogue tells, and for vendors
 * whose offer is their own a sample of it.
 */
export function builtInSample(info: MediaProviderInfo, action: MediaAction, now: Date): JsonObject {
  const told = sampleMetadata(info, action, now);
  return info.id === 'stable_diffusion' ? { ...told, ...structuredClone(webui) } : told;
}

function counted(values: readonly string[]): { value: string; count: number }[] {
  return values.map((value) => ({ value, count: 0 }));
}
