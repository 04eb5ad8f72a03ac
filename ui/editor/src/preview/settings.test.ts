import { describe, expect, test } from 'vitest';
import { documentOf } from '../document/document.ts';
import { createEditorStore } from '../store/editor-store.ts';
import { choicesOf, choose, chooseMode, modeOf, settingsOf } from './settings.ts';

const workflow = JSON.stringify({
  workflow_id: 'w',
  steps: [
    {
      step_id: 's',
      modules: [
        { module_id: 'api.llm', name: 'write' },
        { module_id: 'media.render', name: 'draw' },
      ],
    },
  ],
});
const documentWith = (preview: unknown) => documentOf({ 'workflow.json': workflow }, 'workflow.json', preview);

describe('E13 what an author has chosen for the preview', () => {
  test('is read whatever lies there', () => {
    for (const preview of [null, 7, [], { modes: [], scenarios: {}, answers: 'all', scenario: 'gone' }]) {
      expect(choicesOf(documentWith(preview))).toEqual({
        mock: true,
        modes: {},
        scenarios: [],
        scenario: null,
        answers: 'last',
      });
    }
  });

  test('real is said for each module that can be; media stay mocked; what is gone is not said', () => {
    const modes = { 's/gone': 'mock', 's/draw': { pinned: { contents: [] } } };
    const scenarios = [{ name: 'x', modules: { 's/write': { fail: 'slow' }, 's/gone': { fail: 'slow' } } }];
    const document = documentWith({ mock: false, modes, scenarios, scenario: 'x', answers: 'hand' });
    expect(settingsOf(document)).toEqual({
      modes: { 's/write': 'real', 's/draw': { pinned: { contents: [] } } },
      scenario: { name: 'x', modules: { 's/write': { fail: 'slow' } } },
      answers: 'ask',
      autoReapply: false,
    });
    expect(settingsOf(documentWith({ mock: false })).modes).toEqual({ 's/write': 'real' });
  });

  test('is changed by commands, which can be undone, and leaves the rest of it alone', () => {
    const store = createEditorStore({ document: documentWith({ own: 1 }), sourceBuffer: null });
    const now = () => store.getState().history.present.document;
    choose({ store }, { mock: false });
    chooseMode({ store }, 's/write', 'mock');
    expect(now().preview).toMatchObject({ own: 1, mock: false, modes: { 's/write': 'mock' } });
    expect(modeOf(choicesOf(now()), 's/write')).toBe('mock');
    chooseMode({ store }, 's/write', null);
    expect(modeOf(choicesOf(now()), 's/write')).toBe('real');
    store.acts.undo();
    store.acts.undo();
    store.acts.undo();
    expect(now().preview).toEqual({ own: 1 });
  });
});
