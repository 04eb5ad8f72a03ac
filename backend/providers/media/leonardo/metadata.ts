import { isJsonObject, type JsonObject } from '@wfm/workflow-engine/models';
import type { MediaAction } from '@wfm/workflow-engine/ports';
import { isRetired } from '../support/check-request.ts';
import { aspectRatios, sizes } from './dimensions.ts';
import { leonardoModels, leonardoSchedulers } from './models.ts';
import { styleNames } from './styles.ts';

/** What Leonardo's forms offer (format.md 15.3), out of the same data that requests are checked by. */
export function leonardoMetadata(action: MediaAction, now: Date): JsonObject {
  const usable = leonardoModels.filter((model) => model.action === action && !isRetired(model, now));
  return {
    models: usable.map((model) => {
      const properties = isJsonObject(model.params['properties']) ? model.params['properties'] : {};
      return {
        key: model.id,
        label: model.label,
        styles: 'style' in properties ? [...styleNames] : [],
        params: Object.keys(properties),
        prompt_max_chars: model.promptMaxChars ?? null,
      };
    }),
    aspect_ratio: action.endsWith('vid') ? ['16:9', '9:16'] : [...aspectRatios],
    size: [...sizes],
    generation_mode: ['fast', 'quality', 'ultra'],
    num_images: [1, 2, 3, 4],
    contrast: [3, 3.5, 4],
    scheduler: [...leonardoSchedulers],
  };
}
