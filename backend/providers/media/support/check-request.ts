import { WfmError } from '@wfm/workflow-engine/errors';
import type { JsonObject } from '@wfm/workflow-engine/models';
import type {
  MediaAction,
  MediaInput,
  MediaInputRule,
  MediaModel,
  MediaProviderInfo,
  MediaRequest,
} from '@wfm/workflow-engine/ports';
import { checkParams } from './check-params.ts';

export interface CheckedRequest<M extends MediaModel = MediaModel> {
  model: M;
  /** With defaults. */
  params: JsonObject;
}

type Asked = Omit<MediaRequest, 'idempotencyKey'>;
/** What there is to choose from; models may carry more than a `MediaModel`. */
type Offer<M extends MediaModel> = Pick<MediaProviderInfo, 'id' | 'label' | 'retiredActions'> & {
  models: readonly M[];
};

/**
 * Everything about a request that can be told wrong before a vendor is asked. A request without a model gets the first
 * of its action that is not retired. Throws `provider_action_unsupported`, `model_unknown` (`reason`: `unknown` or
 * `retired`, with the replacement), `prompt_empty`, `input_invalid` (places `prompt`, `params…`, `inputs[i]`),
 * `source_image_missing`.
 */
export function checkRequest<M extends MediaModel>(offer: Offer<M>, request: Asked, now: Date): CheckedRequest<M> {
  const checked = checkChoice(offer, request, now);
  checkPrompt(checked.model, request.prompt);
  checkInputs(checked.model, request.inputs);
  return checked;
}

/** What of a request an estimate needs: model and parameters, before there is a prompt or a source. Throws likewise. */
export function checkChoice<M extends MediaModel>(
  offer: Offer<M>,
  request: Pick<Asked, 'action' | 'model' | 'params'>,
  now: Date,
): CheckedRequest<M> {
  const model = findModel(offer, request.action, request.model, now);
  return { model, params: checkParams(model, request.params) };
}

/** The model of a request; see `checkRequest`. */
export function findModel<M extends MediaModel>(offer: Offer<M>, action: MediaAction, id: string | null, now: Date): M {
  const ofAction = offer.models.filter((model) => model.action === action);
  const gone = offer.retiredActions?.[action];
  if (ofAction.length === 0) {
    const alternatives = gone?.alternatives ?? [];
    const message = gone?.explanation ?? `${offer.label} does not offer ${action}.`;
    throw new WfmError('provider_action_unsupported', message, {
      params: { provider: offer.id, action, alternatives },
    });
  }
  const usable = ofAction.filter((model) => !isRetired(model, now));
  const found = id === null ? (usable[0] ?? ofAction[0]) : ofAction.find((model) => model.id === id);
  const known = usable.map((model) => model.id);
  if (found === undefined) {
    const name = (id ?? '').slice(0, 100);
    const message = `${offer.label} has no model "${name}" for ${action}. It has: ${known.join(', ')}.`;
    const params = { provider: offer.id, model: name, action, reason: 'unknown', models: known };
    throw new WfmError('model_unknown', message, { params });
  }
  if (isRetired(found, now)) throw retired(offer, found, known);
  return found;
}

/** True from the day on which a model retires; data older than the clock is what tells (format.md 15.1). */
export function isRetired(model: MediaModel, now: Date): boolean {
  return model.retiresOn !== undefined && now.toISOString().slice(0, 10) >= model.retiresOn;
}

function retired(offer: Offer<MediaModel>, model: MediaModel, known: string[]): WfmError {
  const why = model.retired ?? `${model.label} was retired on ${model.retiresOn}.`;
  const instead = model.replacedBy ?? known[0];
  const advice = instead === undefined ? '' : ` Use ${instead} instead.`;
  return new WfmError('model_unknown', `${why}${advice}`, {
    params: {
      provider: offer.id,
      model: model.id,
      action: model.action,
      reason: 'retired',
      retires_on: model.retiresOn,
      replaced_by: instead ?? null,
    },
  });
}

function checkPrompt(model: MediaModel, prompt: string): void {
  const needed = model.action !== 'compose' && model.action !== 'transcribe' && model.action !== 'img2vid';
  if (needed && prompt.trim() === '')
    throw new WfmError('prompt_empty', `${model.label} needs a prompt.`, {
      place: 'prompt',
      params: { model: model.id },
    });
  const limit = model.promptMaxChars;
  // Vendors count characters as people do, not UTF-16 units.
  const actual = limit === undefined || prompt.length <= limit ? 0 : [...prompt].length;
  if (limit !== undefined && actual > limit) {
    const message = `The prompt has ${actual} characters; ${model.label} takes ${limit} at most.`;
    throw new WfmError('input_invalid', message, { place: 'prompt', params: { model: model.id, limit, actual } });
  }
}

function checkInputs(model: MediaModel, inputs: MediaInput[]): void {
  const rules = model.inputs ?? [];
  for (const rule of rules) {
    const given = inputs.filter((input) => input.role === rule.role).length;
    if (given < rule.min) throw missing(model, rule, given);
    if (given > rule.max)
      throw wrongInput(model, 'inputs', `takes ${rule.max} files as ${rule.role}, not ${given}`, { limit: rule.max });
  }
  for (const [index, input] of inputs.entries()) {
    const place = `inputs[${index}]`;
    const rule = rules.find((entry) => entry.role === input.role);
    if (rule === undefined) throw wrongInput(model, place, `takes no ${input.role}`, { role: input.role });
    if (!rule.mime.some((mime) => matches(mime, input.mime)))
      throw wrongInput(model, place, `does not take ${input.mime} as ${input.role}`, { mime: input.mime });
    if (rule.maxBytes !== undefined && input.bytes > rule.maxBytes)
      throw wrongInput(model, place, `takes files of at most ${rule.maxBytes} bytes`, { limit: rule.maxBytes });
  }
}

function matches(pattern: string, mime: string): boolean {
  return pattern.endsWith('/*') ? mime.startsWith(pattern.slice(0, -1)) : mime === pattern;
}

function missing(model: MediaModel, rule: MediaInputRule, given: number): WfmError {
  const params = { model: model.id, role: rule.role, limit: rule.min, actual: given };
  if (rule.mime.every((mime) => mime.startsWith('image/')))
    return new WfmError('source_image_missing', `${model.label} needs an image as ${rule.role}.`, { params });
  const message = `${model.label} needs at least ${rule.min} files as ${rule.role}.`;
  return new WfmError('input_invalid', message, { place: 'inputs', params });
}

function wrongInput(model: MediaModel, place: string, what: string, params: JsonObject): WfmError {
  return new WfmError('input_invalid', `${model.label} ${what}.`, { place, params: { model: model.id, ...params } });
}
