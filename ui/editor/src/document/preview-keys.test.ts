import { expect, test } from 'vitest';
import { moveModuleTo, rename } from './commands.ts';
import { documentOf } from './document.ts';

const workflow = JSON.stringify({
  workflow_id: 'w',
  steps: [
    {
      step_id: 'a',
      modules: [
        { module_id: 'api.llm', name: 'one' },
        { module_id: 'api.llm', name: 'two' },
      ],
    },
    { step_id: 'b', modules: [] },
  ],
});
const preview = {
  modes: { 'a/one': { pinned: { response: 'kept' } }, 'a/two': 'real' },
  scenarios: [{ name: 'x', modules: { 'a/one': { fail: 'slow' } } }],
};
const document = documentOf({ 'workflow.json': workflow }, 'workflow.json', preview);
const follows = (key: string) => ({
  modes: { [key]: { pinned: { response: 'kept' } }, 'a/two': 'real' },
  scenarios: [{ name: 'x', modules: { [key]: { fail: 'slow' } } }],
});

test('E13 pins, modes and scenarios follow a module to its new name and to its new step', () => {
  expect(rename(document, 'a/one', 'first').apply(document).preview).toEqual(follows('a/first'));
  const moved = moveModuleTo(document, 'a/one', { stepId: 'b', index: 0 }).apply(document);
  expect(moved.preview).toEqual(follows('b/one'));
  const steps = rename(document, 'a', 'z').apply(document);
  expect(steps.preview).toEqual({
    modes: { 'z/one': { pinned: { response: 'kept' } }, 'z/two': 'real' },
    scenarios: [{ name: 'x', modules: { 'z/one': { fail: 'slow' } } }],
  });
});

test('E13 what has no preview, or names nothing of it, is left as it is', () => {
  const plain = documentOf({ 'workflow.json': workflow }, 'workflow.json');
  expect(rename(plain, 'a/one', 'first').apply(plain).preview).toBeNull();
});
