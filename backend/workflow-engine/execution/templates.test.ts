import { beforeEach, describe, expect, it } from 'vitest';
import { loadWorkflow } from '../definition/load-workflow.ts';
import { createMemoryDatabase } from '../ports/memory/index.ts';
import type { DefinitionStore } from '../ports/definition-store.ts';
import { createTestClock } from '../testing/test-clock.ts';
import { assertSound, prepareStart, publishVersion } from './templates.ts';
import { registry } from './testing/line.ts';

const definition = (prompt: string, own: object = {}) => ({
  format: 2,
  workflow_id: 'poster',
  name: 'Poster',
  steps: [{ step_id: 's', modules: [{ module_id: 'user.pause', name: 'p', inputs: { message: prompt } }] }],
  ...own,
});
const loaded = (json: unknown) => loadWorkflow({ json });

let definitions: DefinitionStore;
beforeEach(() => {
  ({ definitions } = createMemoryDatabase({ clock: createTestClock() }));
});
const prepare = (json: unknown, confirm = false, ownerId = 'me') =>
  prepareStart(definitions, registry, { ownerId, loaded: loaded(json), confirm });

describe('1.8 starting with a definition', () => {
  it('a new template is stored and used', async () => {
    const started = await prepare(definition('One'));
    expect(started).toMatchObject({ kind: 'ready', versionId: loaded(definition('One')).versionId });
    expect(started.template).toMatchObject({ owner_id: 'me', workflow_id: 'poster', name: 'Poster' });
    expect(await definitions.readDefinition({ versionId: loaded(definition('One')).versionId })).toEqual(
      definition('One'),
    );
  });

  it('the newest version unchanged is used, and nothing is added', async () => {
    const first = await prepare(definition('One'));
    const again = await prepare(definition('One'));
    expect(again).toEqual({ kind: 'ready', template: first.template, versionId: loaded(definition('One')).versionId });
    const { items } = await definitions.listVersions({ templateId: first.template.template_id, limit: 9 });
    expect(items).toHaveLength(1);
  });

  it('1.5 the order of keys does not make another version', async () => {
    await prepare(definition('One'));
    const turned = Object.fromEntries(Object.entries(definition('One')).toReversed());
    expect((await prepare(turned)).kind).toBe('ready');
  });

  it('1.9 a changed one is shown with its difference, and stored only when it is confirmed', async () => {
    const first = await prepare(definition('One'));
    const asked = await prepare(definition('Two'));
    expect(asked).toMatchObject({
      kind: 'confirm',
      oldVersionId: loaded(definition('One')).versionId,
      newVersionId: loaded(definition('Two')).versionId,
      diff: {
        has_changes: true,
        changes: [{ type: 'changed', path: 'steps[s].modules[p].inputs.message', old_value: 'One', new_value: 'Two' }],
      },
    });
    const versions = async () =>
      (await definitions.listVersions({ templateId: first.template.template_id, limit: 9 })).items.length;
    expect(await versions()).toBe(1);
    const confirmed = await prepare(definition('Two'), true);
    expect(confirmed).toMatchObject({ kind: 'ready', versionId: loaded(definition('Two')).versionId });
    expect(confirmed.template.template_id).toBe(first.template.template_id);
    expect(await versions()).toBe(2);
  });

  it('an older version of the line is a change as well; confirmed, it is the newest again', async () => {
    await prepare(definition('One'));
    await prepare(definition('Two'), true);
    expect((await prepare(definition('One'))).kind).toBe('confirm');
    await prepare(definition('One'), true);
    expect((await prepare(definition('One'))).kind).toBe('ready');
  });

  it('1.6 the line of another person of that name is theirs', async () => {
    const mine = await prepare(definition('One'));
    const theirs = await prepare(definition('Two'), false, 'you');
    expect(theirs.kind).toBe('ready');
    expect(theirs.template.template_id).not.toBe(mine.template.template_id);
    expect((await prepare(definition('One'))).kind).toBe('ready');
  });

  it('4 a definition with faults is refused with all of them and their places, changed or new, and nothing is stored', async () => {
    const broken = definition('{{ state. }}', {
      steps: [
        {
          step_id: 's',
          modules: [
            { module_id: 'user.nope', name: 'a' },
            { module_id: 'user.pause', name: 'b', inputs: { messages: 'x' } },
          ],
        },
      ],
    });
    const refused = expect.objectContaining({
      code: 'module_not_registered',
      place: 'steps[0].modules[0].module_id',
      errors: [
        expect.objectContaining({ path: 'steps[0].modules[0].module_id', code: 'module_not_registered' }),
        expect.objectContaining({ path: 'steps[0].modules[1].inputs.messages', code: 'input_unknown' }),
      ],
    }) as Error;
    await expect(prepare(broken)).rejects.toEqual(refused);
    expect(await definitions.findTemplateByWorkflowId({ ownerId: 'me', workflowId: 'poster' })).toBeNull();
    await prepare(definition('One'));
    await expect(prepare(broken)).rejects.toEqual(refused);
    await expect(prepare(broken, true)).rejects.toEqual(refused);
  });
});

describe('1.6 publishing', () => {
  const publish = (json: unknown, note?: string) =>
    publishVersion(definitions, registry, {
      ownerId: 'me',
      loaded: loaded(json),
      ...(note === undefined ? {} : { note }),
    });

  it('numbers the versions of a line, and keeps what was said about them', async () => {
    expect(await publish(definition('One'))).toMatchObject({ number: 1, created: true });
    const second = await publish(definition('Two'), 'warmer');
    expect(second).toMatchObject({ number: 2, created: true });
    expect(await publish(definition('Two'))).toMatchObject({ number: 2, created: false });
    const { items } = await definitions.listVersions({ templateId: second.template.template_id, limit: 9 });
    expect(items.map(({ number, note }) => [number, note])).toEqual([
      [2, 'warmer'],
      [1, ''],
    ]);
  });

  it('a workflow without a name goes by its id; warnings pass and are told', async () => {
    const { name: _name, ...nameless } = definition('{{ state.nobody_writes_this }}');
    const published = await publish(nameless);
    expect(published.template.name).toBe('poster');
    expect(published.diagnostics).toMatchObject([{ code: 'state_key_unknown', severity: 'warning' }]);
  });
});

describe('4 a list of faults as one error', () => {
  const fault = (code: string, structural: boolean) => ({
    code,
    params: {},
    severity: 'error' as const,
    place: code,
    message: `${code}.`,
    structural,
  });

  it('leads with a structural one, and counts the others', () => {
    const thrown = (...codes: [string, boolean][]): unknown => {
      try {
        assertSound(codes.map(([code, structural]) => fault(code, structural)));
        return null;
      } catch (error) {
        return error;
      }
    };
    expect(thrown()).toBeNull();
    expect(thrown(['input_missing', false])).toMatchObject({ code: 'input_missing', message: 'input_missing.' });
    expect(thrown(['input_missing', false], ['step_id_duplicate', true])).toMatchObject({
      code: 'step_id_duplicate',
      message: 'step_id_duplicate. 1 more fault in "errors".',
      errors: [{ code: 'input_missing' }, { code: 'step_id_duplicate' }],
    });
  });
});
