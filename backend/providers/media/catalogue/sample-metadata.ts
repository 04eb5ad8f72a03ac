import { isJsonObject, type JsonObject } from '@wfm/workflow-engine/models';
import type { MediaAction, MediaModel } from '@wfm/workflow-engine/ports';
import { isRetired } from '../support/check-request.ts';

/** A whole number with more values than these is entered, not chosen. */
const mostChoices = 20;

/**
 * What forms offer for an action (format.md 15.3), as far as the catalogue itself tells: `models` as `{ key, label }`
 * without retired ones, and under the name of every parameter with a choice its values, over all those models in order.
 */
export function sampleMetadata(offer: { models: readonly MediaModel[] }, action: MediaAction, now: Date): JsonObject {
  const models = offer.models.filter((model) => model.action === action && !isRetired(model, now));
  const choices = new Map<string, Set<unknown>>();
  for (const model of models) {
    const properties = model.params['properties'];
    for (const [name, property] of Object.entries(isJsonObject(properties) ? properties : {})) {
      const offered = isJsonObject(property) ? choicesOf(property) : [];
      if (offered.length === 0) continue;
      const values = choices.get(name) ?? new Set();
      for (const value of offered) values.add(value);
      choices.set(name, values);
    }
  }
  return {
    models: models.map(({ id, label }) => ({ key: id, label })),
    ...Object.fromEntries([...choices].map(([name, values]) => [name, [...values]])),
  };
}

/** The values of a parameter that there are few of. */
function choicesOf({ enum: values, type, minimum, maximum }: JsonObject): unknown[] {
  if (Array.isArray(values)) return values;
  if (type !== 'integer' || typeof minimum !== 'number' || typeof maximum !== 'number') return [];
  const count = maximum - minimum + 1;
  return count > mostChoices ? [] : Array.from({ length: count }, (_, index) => minimum + index);
}
