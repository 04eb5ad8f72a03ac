import fc from 'fast-check';
import { isJsonObject, type JsonObject } from '../models/json.ts';

/** A random edit of a generated workflow, as an author makes them. */
export interface Edit {
  kind: (typeof kinds)[number];
  /** Which module, by position over the whole workflow; the first from there on that the edit fits. */
  at: number;
  /** Where a moved module goes, by position over the whole workflow, or which of several ways an edit has. */
  nth: number;
  word: string;
}

const kinds = [
  'wording',
  'comment',
  'cosmetic',
  'option',
  'option_removed',
  'remove',
  'insert',
  'move',
  'schema',
  'none',
] as const;

export const generatedEdit: fc.Arbitrary<Edit> = fc.record({
  kind: fc.constantFrom(...kinds),
  at: fc.nat({ max: 200 }),
  nth: fc.nat({ max: 200 }),
  word: fc.stringMatching(/^[a-z]{3,8}$/),
});

interface Module extends JsonObject {
  module_id: string;
  inputs: JsonObject;
}
interface Step extends JsonObject {
  modules: Module[];
}

/** The workflow with the edit made; the given one stays as it is, and what the edit fits nowhere is as it was. */
export function applyEdit(workflow: JsonObject, edit: Edit): JsonObject {
  const copy = structuredClone(workflow) as JsonObject & { steps: Step[] };
  const places = copy.steps.flatMap((step) => step.modules.map((module) => ({ step, module })));
  for (let offset = 0; offset < places.length; offset += 1) {
    const place = places[(edit.at + offset) % places.length];
    if (place && (editText(place.module, edit) || editOrder(copy.steps, place, edit))) break;
  }
  return copy;
}

/** False for an edit that means nothing to the module. */
function editText(module: Module, { kind, nth, word }: Edit): boolean {
  const { inputs } = module;
  switch (kind) {
    case 'comment':
      module.comment = word;
      return true;
    case 'cosmetic':
      return dress(module, nth, word);
    case 'wording': {
      const key = texts.find((name) => typeof inputs[name] === 'string');
      if (key) inputs[key] = `${String(inputs[key])} ${word}`;
      return key !== undefined;
    }
    case 'option':
      if (module.module_id === 'user.select') inputs.data = [word, ...(inputs.data as unknown[])];
      return module.module_id === 'user.select';
    case 'option_removed': {
      const options = inputs.data;
      if (module.module_id !== 'user.select' || !Array.isArray(options) || options.length < 3) return false;
      inputs.data = options.filter((_option, index) => index !== nth % options.length);
      return true;
    }
    case 'schema':
      if (!isJsonObject(inputs.output_schema)) return false;
      inputs.output_schema =
        nth % 2 === 0
          ? { ...inputs.output_schema, description: word }
          : {
              ...inputs.output_schema,
              properties: { ...(inputs.output_schema.properties as JsonObject), [word]: { type: 'string' } },
            };
      return true;
    default:
      return kind === 'none';
  }
}

const texts = ['input', 'prompt', 'message', 'template', 'content', 'text_if_not_empty'];

/** Another look of the same: what is rendered, asked and called stays as it was. */
function dress(module: Module, nth: number, word: string): boolean {
  const { inputs } = module;
  const key = texts.find((name) => typeof inputs[name] === 'string');
  switch (nth % 3) {
    case 0:
      module._metadata = { colour: word };
      return true;
    case 1:
      module.inputs = Object.fromEntries(Object.entries(inputs).toReversed());
      return true;
    default:
      if (key) inputs[key] = `${String(inputs[key])}{# ${word} #}`;
      return key !== undefined;
  }
}

function editOrder(
  steps: Step[],
  { step, module }: { step: Step; module: Module },
  { kind, nth, word }: Edit,
): boolean {
  const index = step.modules.indexOf(module);
  switch (kind) {
    case 'remove':
      if (step.modules.length > 1) step.modules.splice(index, 1);
      return !step.modules.includes(module);
    case 'insert':
      step.modules.splice(index, 0, {
        module_id: 'api.llm',
        name: `new_${word}_${nth}`,
        inputs: { input: `Something new: ${word}` },
        outputs_to_state: { response: `k_new_${word}_${nth}` },
      });
      return true;
    case 'move': {
      const to = steps[nth % steps.length] ?? step;
      if (to !== step && step.modules.length < 2) return false;
      step.modules.splice(index, 1);
      to.modules.splice(word.length % (to.modules.length + 1), 0, module);
      return true;
    }
    default:
      return false;
  }
}
