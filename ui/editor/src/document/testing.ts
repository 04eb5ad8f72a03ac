import { type EditorDocument, documentOf, type StoredFiles } from './document.ts';

/** A workflow over several files, as authors write them. */
export const museumFiles: StoredFiles = {
  'workflow.json': `{
  "format": 2,
  "workflow_id": "museum",
  "steps": [
    { "$ref": "steps/theme.json" },
    { "step_id": "texts", "name": "{step_number}. Texts", "modules": [
      { "module_id": "api.llm", "name": "write", "inputs": { "input": { "$ref": "prompts/write.j2" } }, "outputs_to_state": { "response": "draft" } },
      { "module_id": "user.select", "name": "review", "inputs": { "mode": "review", "data": "{{ state.write.response }}" },
        "retryable": { "default_option": "ok", "options": [{ "id": "ok", "mode": "continue", "label": "OK" }, { "id": "again", "mode": "retry", "label": "Again", "target_module": "write" }] } }
    ] }
  ]
}`,
  'steps/theme.json': `{ "step_id": "theme", "modules": [ { "module_id": "user.text_input", "inputs": { "prompt": { "$ref": "../prompts/ask.txt" } }, "outputs_to_state": { "value": "theme" } } ] }\n`,
  'prompts/ask.txt': 'What about? {{ state.write }} stays as it is.',
  'prompts/write.j2':
    "About {{ state.theme }}. {% if state['write'] is defined %}Before: {{ state.get('write', 'none') }}{% endif %} write",
};

export function museum(): EditorDocument {
  return documentOf(museumFiles, 'workflow.json');
}
