import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { copyNodes, paste, readFragment } from './clipboard.ts';
import { addModules, addStep, duplicate, remove, rename, setText, shift } from './commands.ts';
import { documentOf, type EditorDocument, filesDelta, storedFiles } from './document.ts';
import { type Command, doCommand, type History, redo, startHistory, undo } from './history.ts';
import { modulesOf, outlineOf } from './outline.ts';
import { relativePath, renameFile, renameInTemplate } from './references.ts';
import { insertModules, insertSteps, moveModule, moveStep, removeNode, renameModule, renameStep } from './structure.ts';
import { museum, museumFiles } from './testing.ts';
import { below } from './outline.ts';
import { partAt, withPartAt } from './document.ts';

const keysOf = (document: EditorDocument): string[] => modulesOf(outlineOf(document)).map(({ key }) => key);
const textOf = (document: EditorDocument, path: string): unknown => storedFiles(document)[path];

describe('a document', () => {
  test('E28 what nobody changed is given back as it came, byte for byte', () => {
    expect(storedFiles(museum())).toEqual(museumFiles);
    const edited = withPartAt(museum(), { file: 'steps/theme.json', path: ['step_id'] }, 'topic');
    expect(filesDelta(museum(), edited).remove).toEqual([]);
    expect(storedFiles(edited)['workflow.json']).toBe(museumFiles['workflow.json']);
    expect(JSON.parse(textOf(edited, 'steps/theme.json') as string)).toMatchObject({ step_id: 'topic' });
  });

  test('its outline follows references to files, and names what has no name (2.2, 2.3)', () => {
    const outline = outlineOf(museum());
    expect(keysOf(museum())).toEqual(['theme/user.text_input', 'texts/write', 'texts/review']);
    expect(outline.steps.map(({ name }) => name)).toEqual(['theme', '2. Texts']);
    expect(outline.steps[0]?.address).toEqual({ file: 'steps/theme.json', path: [] });
  });

  test('is read whatever its shape', () => {
    for (const json of [
      '[]',
      '{"steps":{}}',
      '{"steps":[null,3,{"modules":"x"},{"modules":[null]}]}',
      '{',
      '{"steps":[{"$ref":"w.json"}]}',
    ]) {
      expect(() => outlineOf(documentOf({ 'w.json': json }, 'w.json'))).not.toThrow();
    }
  });
});

describe('structure', () => {
  test('a module moved to a step in another file takes its references along', () => {
    const moved = moveModule(museum(), 'texts/write', { stepId: 'theme', index: 0 });
    expect(keysOf(moved)).toEqual(['theme/write', 'theme/user.text_input', 'texts/review']);
    expect(partAt(moved, { file: 'steps/theme.json', path: ['modules', 0, 'inputs', 'input'] })).toEqual({
      $ref: '../prompts/write.j2',
    });
    const back = moveModule(moved, 'theme/write', { stepId: 'texts', index: 0 });
    expect(partAt(back, { file: 'workflow.json', path: ['steps', 1, 'modules', 0, 'inputs', 'input'] })).toEqual({
      $ref: 'prompts/write.j2',
    });
  });

  test('modules and steps are put in with free names, moved and taken out', () => {
    let document = insertModules(museum(), { stepId: 'texts', index: 1 }, [{ module_id: 'api.llm', name: 'write' }]);
    expect(keysOf(document)).toEqual(['theme/user.text_input', 'texts/write', 'texts/write_2', 'texts/review']);
    document = insertSteps(document, 0, [{ step_id: 'theme', modules: [] }]);
    document = moveStep(document, 'theme_2', 3);
    expect(outlineOf(document).steps.map(({ stepId }) => stepId)).toEqual(['theme', 'texts', 'theme_2']);
    document = removeNode(removeNode(document, 'texts/write'), 'theme_2');
    expect(keysOf(document)).toEqual(['theme/user.text_input', 'texts/write_2', 'texts/review']);
  });

  test('a new name is followed by templates, values and menus; a text is a literal (3.4)', () => {
    const renamed = renameModule(museum(), 'texts/write', 'compose text');
    expect(textOf(renamed, 'prompts/ask.txt')).toBe(museumFiles['prompts/ask.txt']);
    expect(textOf(renamed, 'prompts/write.j2')).toBe(
      'About {{ state.theme }}. {% if state["compose text"] is defined %}Before: {{ state.get("compose text", \'none\') }}{% endif %} write',
    );
    const review = modulesOf(outlineOf(renamed))[2];
    expect(review?.value).toMatchObject({
      inputs: { data: '{{ state["compose text"].response }}' },
      retryable: { options: [{}, { target_module: 'compose text' }] },
    });
    expect(renameModule(museum(), 'texts/write', 'review')).toEqual(museum());
    const step = renameStep(museum(), 'texts', 'words');
    expect(outlineOf(step).steps[1]?.stepId).toBe('words');
  });

  test('a file renamed is found by all that refer to it, and finds what it refers to', () => {
    const renamed = renameFile(museum(), 'steps/theme.json', 'parts/first/theme.json');
    expect(partAt(renamed, { file: 'workflow.json', path: ['steps', 0, '$ref'] })).toBe('parts/first/theme.json');
    expect(outlineOf(renamed).steps[0]?.modules[0]?.value).toMatchObject({
      inputs: { prompt: { $ref: '../../prompts/ask.txt' } },
    });
    expect(relativePath('a/b/c.json', 'a/x.txt')).toBe('../x.txt');
  });

  test('E4 what is pasted elsewhere brings its files; names are free and follow', () => {
    const copied = copyNodes(museum(), ['texts/write', 'texts/review']);
    const fragment = readFragment(JSON.stringify(copied));
    const other = documentOf(
      {
        'flow.json': '{"steps":[{"$ref":"deep/s.json"}]}',
        'deep/s.json': '{"step_id":"s","modules":[{"module_id":"api.llm","name":"write"}]}',
        'prompts/write.j2': 'something else',
      },
      'flow.json',
    );
    if (!fragment) throw new Error('nothing was copied');
    const pasted = paste(other, { stepId: 's', index: 1 }, fragment);
    expect(keysOf(pasted)).toEqual(['s/write', 's/write_2', 's/review']);
    expect(textOf(pasted, 'prompts/write.j2')).toBe('something else');
    const [, write, review] = modulesOf(outlineOf(pasted));
    expect(write?.value).toMatchObject({ inputs: { input: { $ref: '../prompts/write-2.j2' } } });
    expect(textOf(pasted, 'prompts/write-2.j2')).toContain(
      `state.write_2 is defined %}Before: {{ state.get("write_2", 'none')`,
    );
    expect(review?.value).toMatchObject({
      inputs: { data: '{{ state.write_2.response }}' },
      retryable: { options: [{}, { target_module: 'write_2' }] },
    });
    expect(readFragment('{"wfm_fragment":1,"kind":"modules","items":[3]}')).toBeNull();
  });

  test('E4 names that are made free do not run into each other', () => {
    const reads = (...names: string[]) => ({
      module_id: 'transform.extract',
      inputs: { x: names.map((name) => `{{ state.${name} }}`) },
    });
    const items = [
      { ...reads(), name: 'a' },
      { ...reads(), name: 'a_2' },
      { ...reads('a', 'a_2'), name: 'reader' },
    ];
    const fragment = { wfm_fragment: 1, kind: 'modules', items, files: {} } as const;
    const there = documentOf({ 'flow.json': '{"steps":[{"step_id":"s","modules":[{"name":"a"}]}]}' }, 'flow.json');
    const pasted = paste(there, { stepId: 's', index: 1 }, fragment);
    expect(keysOf(pasted)).toEqual(['s/a', 's/a_3', 's/a_2', 's/reader']);
    expect(modulesOf(outlineOf(pasted)).at(-1)?.value).toMatchObject(reads('a_3', 'a_2'));
    const added = insertModules(there, { stepId: 's', index: 1 }, items.slice(0, 2));
    expect(keysOf(added)).toEqual(['s/a', 's/a_3', 's/a_2']);
  });

  test('E4 options of a pasted step lead to it, and not to the one that it is a copy of', () => {
    const twice = duplicate(['texts']).apply(
      withPartAt(
        museum(),
        { file: 'workflow.json', path: ['steps', 1, 'modules', 1, 'retryable', 'options', 1, 'target_step'] },
        'texts',
      ),
    );
    const [, texts, copy] = outlineOf(twice).steps;
    expect([texts?.stepId, copy?.stepId]).toEqual(['texts', 'texts_2']);
    expect(texts?.modules[1]?.value).toMatchObject({ retryable: { options: [{}, { target_step: 'texts' }] } });
    expect(copy?.modules[1]?.value).toMatchObject({ retryable: { options: [{}, { target_step: 'texts_2' }] } });
  });

  test('only what a template reads is renamed', () => {
    expect(
      renameInTemplate('state.a {{ state.a.b + state.ab }} {% set x = state["a"] %}{{ x.a }}{{ "state.a" }}', 'a', 'z'),
    ).toBe('state.a {{ state.z.b + state.ab }} {% set x = state.z %}{{ x.a }}{{ "state.a" }}');
    expect(renameInTemplate('{{ state.a ', 'a', 'z')).toBe('{{ state.a ');
  });
});

const step = fc.nat(3).map((n) => ['theme', 'texts', 'step', 'step_2'][n] as string);
const pick = (document: EditorDocument, n: number): string => {
  const keys = keysOf(document);
  return keys[n % Math.max(keys.length, 1)] ?? '';
};
const command: fc.Arbitrary<Command> = fc.oneof(
  fc.tuple(step, fc.nat(4)).map(([stepId, index]) => ({
    name: 'add',
    apply: (document: EditorDocument) =>
      insertModules(document, { stepId, index }, [{ module_id: 'api.llm', name: 'write' }]),
  })),
  fc
    .nat(9)
    .map((n) => ({ name: 'remove', apply: (document: EditorDocument) => removeNode(document, pick(document, n)) })),
  fc.tuple(fc.nat(9), step, fc.nat(4)).map(([n, stepId, index]) => ({
    name: 'move',
    apply: (document: EditorDocument) => moveModule(document, pick(document, n), { stepId, index }),
  })),
  fc.tuple(fc.nat(9), fc.string()).map(([n, name]) => ({
    name: 'rename',
    apply: (document: EditorDocument) => renameModule(document, pick(document, n), name),
  })),
  fc.tuple(fc.nat(3), fc.nat(3)).map(([index, to]) => ({
    name: 'move step',
    apply: (document: EditorDocument) => moveStep(document, outlineOf(document).steps[index]?.stepId ?? '', to),
  })),
  fc.tuple(fc.nat(3)).map(([index]) => ({
    name: 'add step',
    apply: (document: EditorDocument) => insertSteps(document, index, [{ modules: [] }]),
  })),
  fc.tuple(fc.nat(9), fc.string(), fc.boolean()).map(([n, text, grouped]) => ({
    name: 'type',
    ...(grouped ? { group: `field ${n}` } : {}),
    apply: (document: EditorDocument) => {
      const module = modulesOf(outlineOf(document))[n];
      return module ? withPartAt(document, below(module.address, 'inputs', 'prompt'), text) : document;
    },
  })),
);

describe('commands', () => {
  test('select what they made, and what is near what they took', () => {
    let history = startHistory(museum());
    const act = (made: Command | null): string => {
      if (made) history = doCommand(history, made, 0);
      return history.present.selection.key;
    };
    expect(act(addModules({ stepId: 'texts', index: 1 }, [{ module_id: 'api.llm' }]))).toBe('texts/api.llm');
    expect(act(duplicate(['texts/write']))).toBe('texts/write_2');
    expect(act(shift(history.present.document, 'texts/write', -1))).toBe('theme/write');
    expect(act(shift(history.present.document, 'texts/write_2', 1))).toBe('texts/write_2');
    expect(act(rename(history.present.document, 'texts/write_2', 'again'))).toBe('texts/again');
    expect(keysOf(history.present.document)).toEqual([
      'theme/user.text_input',
      'theme/write',
      'texts/api.llm',
      'texts/again',
      'texts/review',
    ]);
    expect(act(remove(history.present.document, ['texts/again']))).toBe('texts/review');
    expect(act(remove(history.present.document, ['texts/review']))).toBe('texts/api.llm');
    expect(act(remove(history.present.document, ['texts']))).toBe('theme');
    expect(act(addStep(0, { modules: [] }))).toBe('step');
    expect(act(shift(history.present.document, 'step', -1))).toBe('step');
  });

  test('a text of a JSON file is its value again; one that cannot be read stays a text', () => {
    const select = { kind: 'file', key: 'steps/theme.json' } as const;
    const good = setText('steps/theme.json', '{"step_id":"other","modules":[]}', select).apply(museum());
    expect(outlineOf(good).steps[0]?.stepId).toBe('other');
    expect(outlineOf(setText('steps/theme.json', '{', select).apply(museum())).steps[0]?.stepId).toBe('');
  });
});

describe('E3, G5 history', () => {
  test('undo-all gives the first document byte for byte, redo-all the last', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(command, fc.nat(2000)), { maxLength: 60 }), (acts) => {
        let history: History = startHistory(museum());
        let now = 0;
        for (const [act, wait] of acts) history = doCommand(history, act, (now += wait));
        const last = storedFiles(history.present.document);
        const acted = history.past.length;
        for (let i = 0; i < acted; i += 1) history = undo(history);
        expect(storedFiles(history.present.document)).toEqual(museumFiles);
        expect(history.past).toEqual([]);
        for (let i = 0; i < acted; i += 1) history = redo(history);
        expect(storedFiles(history.present.document)).toEqual(last);
      }),
      { numRuns: 1_000 },
    );
  });

  test('typing in one field is one act within a second; another field is another', () => {
    const type = (field: string, text: string): Command => ({
      name: 'type',
      group: field,
      apply: (document) => withPartAt(document, { file: 'workflow.json', path: [field] }, text),
    });
    let history = startHistory(museum());
    for (const [field, text, now] of [
      ['name', 'A', 0],
      ['name', 'Ab', 500],
      ['name', 'Abc', 1400],
      ['description', 'x', 1500],
      ['description', 'xy', 4000],
    ] as const)
      history = doCommand(history, type(field, text), now);
    expect(history.past.map(({ at }) => at.kind)).toHaveLength(3);
    expect(partAt(undo(history).present.document, { file: 'workflow.json', path: ['description'] })).toBe('x');
  });
});
