import { checkPackage } from '@wfm/workflow-engine/checks';
import { describe, expect, test } from 'vitest';
import { documentOf, type EditorDocument, partAt, storedFiles, textOfFile, fileAt } from '../document/document.ts';
import { wholeWorkflow } from '../document/history.ts';
import { fixOf } from './fix-problem.ts';

const encoder = new TextEncoder();

function findings(document: EditorDocument) {
  const files = new Map(
    Object.entries(storedFiles(document)).map(([path, content]) => [path, encoder.encode(content as string)]),
  );
  return checkPackage({ files, entryPoint: document.entryPoint }).diagnostics.filter(
    ({ severity }) => severity !== 'info',
  );
}

function mended(document: EditorDocument, code: string): EditorDocument {
  const found = findings(document).find((finding) => finding.code === code);
  if (!found) throw new Error(`no ${code}`);
  const fix = fixOf(document, found, wholeWorkflow);
  if (!fix) throw new Error(`no fix for ${code}`);
  return fix.apply(document);
}

const modules = (more: object[]) => [
  { module_id: 'user.text_input', name: 'ask', inputs: { prompt: 'About?' }, outputs_to_state: { value: 'subject' } },
  ...more,
];
const written = (more: object[], files: Record<string, string> = {}): EditorDocument =>
  documentOf(
    {
      'workflow.json': JSON.stringify({
        format: 2,
        workflow_id: 'fix',
        name: 'Fix',
        steps: [{ step_id: 's', name: 'S', modules: modules(more) }],
      }),
      ...files,
    },
    'workflow.json',
  );

describe('E15 a finding that says what was meant', () => {
  test('about a key of state is mended where the text reads it, and nowhere else', () => {
    const before = written([
      { module_id: 'api.llm', name: 'write', inputs: { input: 'On {{ state.subjec }}, not state.subjects.' } },
    ]);
    const after = mended(before, 'state_key_unknown');
    expect(partAt(after, { file: 'workflow.json', path: ['steps', 0, 'modules', 1, 'inputs', 'input'] })).toBe(
      'On {{ state.subject }}, not state.subjects.',
    );
    expect(findings(after)).toEqual([]);
  });

  test('in a prompt file is mended in that file', () => {
    const before = written(
      [{ module_id: 'api.llm', name: 'write', inputs: { input: { $ref: 'prompt.j2', type: 'jinja2' } } }],
      { 'prompt.j2': 'On {{ state.subjec }}.\n' },
    );
    const file = fileAt(mended(before, 'state_key_unknown'), 'prompt.j2');
    expect(file?.kind === 'text' ? textOfFile(file) : '').toBe('On {{ state.subject }}.\n');
  });

  test('about a module or an input takes the name that was meant, in its place', () => {
    const wrongModule = written([{ module_id: 'api.lm', name: 'write', inputs: { input: 'Hello' } }]);
    expect(findings(mended(wrongModule, 'module_not_registered'))).toEqual([]);
    const wrongInput = written([{ module_id: 'api.llm', name: 'write', inputs: { inputt: 'Hello', max_tokens: 9 } }]);
    const after = mended(wrongInput, 'input_unknown');
    const inputs = partAt(after, { file: 'workflow.json', path: ['steps', 0, 'modules', 1, 'inputs'] });
    expect(Object.keys(inputs as object)).toEqual(['input', 'max_tokens']);
  });
});
