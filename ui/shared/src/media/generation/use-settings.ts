import { formFields, type FormState, readDotted } from '@wfm/workflow-engine/display';
import type { MediaItem } from '../media-item.ts';

/**
 * The form as it was when an item was made: its fields take the values that were sent under their names, and follow
 * nothing any more. The seed that was drawn goes in where the form has one, so that the same comes out again.
 */
export function formFrom(schema: unknown, { params = {}, seed }: Pick<MediaItem, 'params' | 'seed'>): FormState {
  const values: FormState['values'] = {};
  for (const { name, to } of formFields(schema)) {
    const value = readDotted(params, to) ?? (to === 'seed' ? seed : undefined);
    if (value !== undefined) values[name] = value;
  }
  return { values, edited: Object.keys(values) };
}
