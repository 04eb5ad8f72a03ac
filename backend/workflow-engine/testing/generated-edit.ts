import fc from 'fast-check';
import { isJsonObject, type JsonObject } from '../models/json.ts';

/** A random edit of a generated workflow, as an author makes them. */
export interface Edit {
  kind: 'wording' | 'comment' | 'option' | 'remove' | 'insert' | 'move' | 'schema' | 'none';
  /** Which module, by position over the whole workflow. */
  at: number;
  word: string;
}

export const generatedEdit: fc.Arbitrary<Edit> = fc.record({
  kind: fc.constantFrom('wording', 'comment', 'option', 'remove', 'insert', 'move', 'schema', 'none'),
  at: fc.nat({ max: 200 }),
  word: fc.stringMatching(/^[a-z]{3,8}$/),
});

interface Steps {
  steps: { modules: JsonObject[] }[];
}

/** The workflow with the edit made; the given one stays as it is. An edit that has nothing to act on changes nothing. */
export function applyEdit(workflow: JsonObject, edit: Edit): JsonObject {
  const copy = structuredClone(workflow) as JsonObject & Steps;
  const places = copy.steps.flatMap((step, stepIndex) => step.modules.map((_module, index) => ({ stepIndex, index })));
  const place = places[edit.at % Math.max(1, places.length)];
  const modules = place && copy.steps[place.stepIndex]?.modules;
  const module = place && modules?.[place.index];
  if (!place || !modules || !module) return copy;
  const inputs = module.inputs as JsonObject;
  switch (edit.kind) {
    case 'comment':
      module.comment = edit.word;
      break;
    case 'wording':
      for (const key of ['input', 'prompt', 'message', 'template', 'content', 'text_if_not_empty']) {
        if (typeof inputs[key] === 'string') inputs[key] = `${inputs[key]} ${edit.word}`;
      }
      break;
    case 'option':
      if (module.module_id === 'user.select') inputs.data = [edit.word, ...(inputs.data as unknown[])];
      break;
    case 'schema':
      if (isJsonObject(inputs.output_schema))
        inputs.output_schema = { ...inputs.output_schema, description: edit.word };
      break;
    case 'remove':
      if (places.length > 1 && modules.length > 1) modules.splice(place.index, 1);
      break;
    case 'insert':
      modules.splice(place.index, 0, {
        module_id: 'api.llm',
        name: `new_${edit.word}`,
        inputs: { input: `Something new: ${edit.word}` },
        outputs_to_state: { response: `k_new_${edit.word}` },
      });
      break;
    case 'move':
      modules.splice(place.index, 1);
      modules.splice(edit.word.length % (modules.length + 1), 0, module);
      break;
    case 'none':
      break;
  }
  return copy;
}
