import type { MediaModel } from '@wfm/workflow-engine/ports';

/** A vendor's models as its entry shows them: copies, without what only the vendor's own code reads. */
export function publicModels(models: readonly MediaModel[]): MediaModel[] {
  return models.map(({ id, label, action, params, inputs, promptMaxChars, retiresOn, retired, replacedBy }) =>
    structuredClone({
      id,
      label,
      action,
      params,
      ...(inputs === undefined ? {} : { inputs }),
      ...(promptMaxChars === undefined ? {} : { promptMaxChars }),
      ...(retiresOn === undefined ? {} : { retiresOn }),
      ...(retired === undefined ? {} : { retired }),
      ...(replacedBy === undefined ? {} : { replacedBy }),
    }),
  );
}
