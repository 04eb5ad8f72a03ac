import type { CompiledModule } from '../definition/compile-version.ts';
import { WfmError } from '../errors/index.ts';
import type { InteractionAnswer, InteractionDraft, InteractionRequest } from '../models/interaction.ts';
import { isJsonObject, type JsonObject } from '../models/json.ts';
import type { RetryOption, ValidationRule } from '../models/workflow.ts';
import { contentHash, differingKeys } from './hash.ts';
import { subActionsOf } from './sub-action/sub-actions-of.ts';

const continueOption: RetryOption = { id: 'continue', mode: 'continue', label: 'Continue' };

/** The buttons of a question: the module's own, or one `continue` (format.md 12). */
export function optionsOf(compiled: CompiledModule): { default_option: string; options: RetryOption[] } {
  const retryable = compiled.node.retryable;
  const options = retryable?.options ?? [];
  if (options.length === 0) return { default_option: continueOption.id, options: [continueOption] };
  const fallback = options.find((option) => option.mode === 'continue') ?? options[0];
  return { default_option: retryable?.default_option ?? fallback?.id ?? continueOption.id, options };
}

/** The whole question from a module's draft: who asks, under which id, with which buttons and rules (format.md 11.1). */
export function buildRequest(
  draft: InteractionDraft,
  compiled: CompiledModule,
  identity: { interactionId: string },
): InteractionRequest {
  const { extra_options = [], context = {}, answer_schema, ...own } = draft as InteractionDraft & JsonObject;
  const retryable = optionsOf(compiled);
  const standard = retryable.options.find((option) => option.id === retryable.default_option);
  const validations = standard?.validations ?? [];
  const request: JsonObject = {
    ...own,
    interaction_id: identity.interactionId,
    step_context: {
      step_id: compiled.stepId,
      step_name: compiled.stepName,
      module_name: compiled.name,
      module_index: compiled.index,
    },
    retryable,
    rules: answer_schema === undefined ? { validations } : { answer_schema, validations },
    extra_options,
    context,
  };
  const subActions = subActionsOf(compiled);
  if (subActions.length > 0) request.sub_actions = subActions;
  return request as InteractionRequest;
}

/** Adds `display_data`, which readers of older clients use; it repeats what the request says, so it is never stored. */
export function withDisplayData(request: InteractionRequest): InteractionRequest {
  const display: JsonObject = {
    data: request.data ?? null,
    schema: request.schema ?? null,
    retryable: request.retryable ?? null,
    sub_actions: request.sub_actions ?? [],
  };
  if ('multi_select' in request) {
    display.multi_select = request.multi_select;
    display.mode = request.interaction_type === 'review_grouped' ? 'review' : 'select';
  }
  return { ...request, display_data: display };
}

/** Words of a schema that change how a question looks, never what an answer means. */
const cosmetic = new Set(['title', 'description', 'examples', '$comment', 'ui']);
/** Words whose value is data, in which a key `title` is no title. */
const literal = new Set(['enum', 'const', 'default']);
/** Words that hold schemas by name, in which `title` is a name. */
const named = new Set(['properties', 'patternProperties', '$defs', 'definitions', 'dependentSchemas']);

function withoutCosmetics(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(withoutCosmetics);
  if (!isJsonObject(schema)) return schema;
  const kept: JsonObject = {};
  for (const [key, value] of Object.entries(schema)) {
    if (cosmetic.has(key) || key.startsWith('_ux')) continue;
    if (literal.has(key)) kept[key] = value;
    else kept[key] = named.has(key) && isJsonObject(value) ? mapValues(value) : withoutCosmetics(value);
  }
  return kept;
}

function mapValues(schemas: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(schemas).map(([name, schema]) => [name, withoutCosmetics(schema)]));
}

/** Fields of a request that show, name or place a question, and say nothing about what may be answered. */
const shown = new Set([
  'interaction_id',
  'title',
  'help',
  'step_context',
  'previous_answer',
  'annotations',
  'context',
  'display_data',
  'placeholder',
  'multiline',
  'yes_label',
  'sub_actions',
]);

/** Fields of a media question that say what can be made and what was, not what may be answered. */
const offered = new Set(['blocks', 'generations']);

/** The data of a media question without what providers offer at the moment (`_provider_metadata` and its like). */
function withoutOffers(data: unknown): unknown {
  if (Array.isArray(data)) return data.map(withoutOffers);
  if (!isJsonObject(data)) return data;
  const own = Object.entries(data).filter(([key]) => !key.startsWith('_'));
  return Object.fromEntries(own.map(([key, value]) => [key, withoutOffers(value)]));
}

/** `question_hash` (format.md 10.6): what can change an answer's meaning, and nothing else. */
export function questionHash(request: InteractionRequest): string {
  return contentHash(meaningOf(request));
}

/** Names of what differs in the meaning of two questions. */
export function differingParts(before: InteractionRequest, now: InteractionRequest): string[] {
  return differingKeys(meaningOf(before), meaningOf(now));
}

function meaningOf(request: InteractionRequest): JsonObject {
  const meaning: JsonObject = {};
  for (const [key, value] of Object.entries(request)) {
    if (shown.has(key) || value === undefined) continue;
    if (request.interaction_type === 'media_generation') {
      if (offered.has(key)) continue;
      if (key === 'data') {
        meaning.data = withoutOffers(value);
        continue;
      }
    }
    if (key === 'schema' || key === 'form_schema') meaning[key] = withoutCosmetics(value);
    else if (key === 'retryable') meaning.options = request.retryable?.options.map(meaningOfOption);
    else if (key === 'extra_options')
      meaning.extra_options = request.extra_options.map((option) => meaningOfOption(option as unknown as RetryOption));
    else if (key === 'rules') {
      const { validations, answer_schema } = request.rules;
      meaning.rules = validations.map(meaningOfRule);
      if (answer_schema !== undefined) meaning.answer_schema = withoutCosmetics(answer_schema);
    } else meaning[key] = value;
  }
  return JSON.parse(JSON.stringify(meaning)) as JsonObject;
}

function meaningOfOption({ id, mode, target_step, target_module, validations }: RetryOption): JsonObject {
  return {
    id,
    mode,
    target_step: target_step ?? null,
    target_module: target_module ?? null,
    rules: validations?.map(meaningOfRule) ?? [],
  };
}

function meaningOfRule({ message: _message, ...rule }: ValidationRule): JsonObject {
  return rule;
}

/** What an answer chose: one of the question's options. */
export interface ChosenOption {
  option: RetryOption;
  feedback: string | null;
  groups: string[] | null;
}

/**
 * Finds the option that an answer chose: by `action_id`, by the retry or jump flags, else the default (format.md 12.1).
 * Throws `response_invalid` for an id that the question does not offer.
 */
export function chosenOption(answer: InteractionAnswer, request: InteractionRequest): ChosenOption {
  const { options, default_option: standard } = request.retryable ?? {
    options: [continueOption],
    default_option: continueOption.id,
  };
  const extra = request.extra_options as unknown as RetryOption[];
  const all = [...options, ...extra];
  const of = (option: RetryOption): ChosenOption => ({
    option,
    feedback: answer.retry_feedback ?? (option.mode === 'continue' ? null : (option.feedback?.default_message ?? null)),
    groups: answer.retry_groups ?? null,
  });
  if (answer.retry_requested === true) {
    const retry = all.find(
      (option) => option.mode === 'retry' && (answer.action_id === undefined || option.id === answer.action_id),
    );
    return of(retry ?? { id: 'retry', mode: 'retry', label: 'Retry' });
  }
  if (answer.jump_back_requested === true) {
    const wanted = answer.jump_back_target ?? answer.action_id;
    const jump = all.find((option) => option.mode === 'jump' && (wanted === undefined || option.id === wanted));
    if (jump) return of(jump);
    if (wanted == null) throw unknownOption('jump', all);
    return of({ id: wanted, mode: 'jump', label: wanted, target_module: wanted });
  }
  if (answer.action_id !== undefined) {
    const named = all.find((option) => option.id === answer.action_id);
    if (named) return of(named);
    throw unknownOption(answer.action_id, all);
  }
  return of(all.find((option) => option.id === standard) ?? continueOption);
}

function unknownOption(id: string, options: RetryOption[]): WfmError {
  const known = options.map((option) => option.id);
  return new WfmError('response_invalid', `The question has no option "${id}". It offers: ${known.join(', ')}.`, {
    params: { action_id: id, known },
    place: 'response.action_id',
  });
}
