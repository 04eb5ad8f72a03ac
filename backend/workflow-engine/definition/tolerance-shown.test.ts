import { describe, expect, it } from 'vitest';
import { compileView } from '../display/view-tree.ts';
import { printText } from '../display/print-text.ts';
import { work } from '../execution/sub-action/testing/board.ts';
import type { JsonObject } from '../models/json.ts';
import { mediaRig } from '../modules/media/testing/media-rig.ts';
import { withProviderChecks } from '../modules/media/check-providers.ts';
import { createRegistry } from '../modules/registry.ts';
import { standardModules } from '../modules/standard-modules.ts';
import { createMemoryDatabase } from '../ports/memory/index.ts';
import { createRig, type EngineRig } from '../testing/engine-rig.ts';
import { fakeCatalogue } from '../testing/fake-catalogue.ts';
import { scriptedLlm } from '../testing/scripted-llm.ts';
import { createTestClock } from '../testing/test-clock.ts';
import { validateWorkflow } from './validate-workflow.ts';

/** Format.md 25, the rows of `tolerance.test.ts` that speak of what is drawn, of sub-actions, and of vendors. */

type Data = JsonObject;

const server = (...names: string[]): Data => ({
  type: 'object',
  properties: Object.fromEntries(names.map((name) => [name, { resolver: 'server' }])),
});
const workflowOf = (modules: Data[], initial_state: Data = {}): Data => ({
  workflow_id: 'older',
  initial_state,
  steps: [{ step_id: 'one', modules }],
});

function rigOf(script?: Parameters<typeof scriptedLlm>[0]): EngineRig {
  const clock = createTestClock();
  return createRig({ database: createMemoryDatabase({ clock }), clock, llm: scriptedLlm(script) });
}

/** A question with a display schema of the older form, as the client gets it and draws it. */
async function drawn(schema: Data, data: unknown) {
  const definition = workflowOf([{ module_id: 'user.select', inputs: { data, schema } }]);
  const findings = validateWorkflow(definition, createRegistry(standardModules));
  const asked = (await rigOf().start(definition)).interaction_request as unknown as { data: unknown; schema: Data };
  expect(asked.schema).toEqual(schema);
  const { root } = compileView({ schema: asked.schema, data: asked.data, selecting: true });
  return { text: root ? printText(root) : '', findings };
}

const codes = (findings: { severity: string; code: string }[]) =>
  findings.map(({ severity, code }) => `${severity} ${code}`);

describe('25 what an older package may show', () => {
  it('25.7 bare hints at a root count least; hints on what is hidden have no visible effect', async () => {
    const schema: Data = {
      type: 'array',
      display: 'hidden',
      _ux: { display: true },
      items: {
        _ux: { display: true },
        type: 'object',
        properties: {
          name: { type: 'string', _ux: { display: true } },
          secret: { type: 'string', _ux: { display: false, highlight: true, display_label: 'Shown?' } },
        },
      },
    };
    const { text, findings } = await drawn(schema, [{ name: 'Mill', secret: 'no' }]);
    expect(text).toBe('1. Name: Mill');
    expect(codes(findings)).toEqual(['info hint_imported']);
  });

  it('25.8 25.9 25.10 names that look like hints, mixed spellings, and slots outside their frame', async () => {
    const schema: Data = {
      type: 'array',
      '_ux.display': true,
      items: {
        type: 'object',
        '_ux.display': 'visible',
        properties: {
          _ux: { type: 'string' },
          '_ux.display': true,
          odd: 'no schema',
          seats: { type: 'integer', _ux: { display: false, display_label: 'Places' }, '_ux.display': true },
          note: { type: 'string', _ux: { display: true, render_as: 'section-badge' } },
          kind: { type: 'string', _ux: { display: true, render_as: 'wheel' } },
        },
      },
    };
    const { text, findings } = await drawn(schema, [{ seats: 4, note: 'old', kind: 'tram', odd: 'x' }]);
    expect(text).toContain('Places: 4');
    expect(text).toContain('old');
    expect(text).toContain('Kind: tram');
    expect(codes(findings).filter((code) => code.startsWith('error'))).toEqual([]);
  });

  it('18.5 the importer reports what it changed, with the findings of the definition', async () => {
    const schema: Data = {
      type: 'array',
      items: { '_ux.display': true, properties: { name: { type: 'string', _ux: { display_label: 'Who' } } } },
    };
    const { findings } = await drawn(schema, []);
    const place = 'steps[0].modules[0].inputs.schema';
    expect(findings.find(({ code }) => code === 'hint_imported')).toMatchObject({
      severity: 'info',
      place,
      message:
        '4 older hints are read as those of today: display absent → ui.show, display → ui.show, display_label → ui.label.',
      params: {
        count: 4,
        changes: [
          { place, hint: 'display absent', becomes: 'ui.show' },
          { place: `${place}.items`, hint: 'display', becomes: 'ui.show' },
          { place: `${place}.items.properties.name`, hint: 'display absent', becomes: 'ui.show' },
          { place: `${place}.items.properties.name`, hint: 'display_label', becomes: 'ui.label' },
        ],
      },
    });
  });
});

describe('25 what sub-actions of an older package may do', () => {
  const select = (mapping: Data): Data => ({
    module_id: 'user.select',
    name: 'pick',
    inputs: { resolver_schema: server('data'), data: '{{ state.dishes }}', schema: {} },
    outputs_to_state: { selected_data: 'dish' },
    sub_actions: [
      {
        id: 'more',
        label: 'More',
        actions: [
          {
            type: 'target_sub_action',
            module_id: 'transform.extract',
            name: 'cook',
            inputs: { fresh: [{ id: 'pie' }] },
            outputs_to_state: { fresh: 'cooked' },
          },
        ],
        result_mapping: [mapping],
      },
    ],
  });

  it('25.12 a dotted target that is not there is made', async () => {
    const rig = rigOf();
    const mapping = { source: 'cooked', target: 'board.notes.fresh', mode: 'replace' };
    const at = await rig.start(workflowOf([select(mapping)], { dishes: ['dal'] }));
    expect((await work(rig, at)).at(-1)).toMatchObject({
      event: 'complete',
      data: { updated_state: { board: { notes: { fresh: [{ id: 'pie' }] } } } },
    });
  });

  it('25.14 an item that one has added is found when it is chosen', async () => {
    const rig = rigOf();
    const mapping = { source: 'cooked', target: 'dishes', mode: 'merge' };
    const at = await rig.start(workflowOf([select(mapping)], { dishes: [{ id: 'dal' }] }));
    await work(rig, at);
    const done = await rig.respond(at, { selected_indices: ['1'] });
    expect(done).toMatchObject({ status: 'completed', result: { dish: { id: 'pie' } } });
  });
});

describe('25 what vendors may lack', () => {
  it('25.20 a schema keyword that the vendor does not know is checked by us all the same', async () => {
    const answers = ['{"word":"too long a word"}', '{"word":"short"}'];
    const rig = rigOf((_request, call) => answers[call - 1] ?? '');
    const output_schema = {
      type: 'object',
      properties: { word: { type: 'string', maxLength: 5, pattern: '^[a-z]+$' } },
      required: ['word'],
    };
    const done = await rig.start(
      workflowOf([{ module_id: 'api.llm', name: 'm', inputs: { input: 'x', output_schema } }]),
    );
    expect(done.status).toBe('completed');
    expect(rig.llm.calls).toHaveLength(2);
    expect(JSON.stringify(rig.llm.calls[1]?.request.messages)).toContain('must have at most 5 characters');
  });

  const media = (inputs: Data): Data =>
    workflowOf([{ module_id: 'media.generate', name: 'pictures', inputs: { schema: {}, ...inputs } }]);

  it('25.21 a provider whose metadata cannot be had offers empty lists, with a warning', async () => {
    const catalogue = fakeCatalogue();
    catalogue.metadata = async () => ({ metadata: {}, warning: 'The vendor does not answer.' });
    const rig = mediaRig({ catalogue });
    const asked = await rig.start(media({ prompts: { local: { prompt: 'a pier' } } }));
    expect(asked).toMatchObject({
      status: 'awaiting_input',
      interaction_request: { data: { local: { prompt: 'a pier', _provider_metadata: {} } } },
    });
    const warnings = (await rig.events(asked.workflow_run_id ?? '')).flatMap(
      ({ data }) => (data as { warnings?: { code: string }[] }).warnings ?? [],
    );
    expect(warnings.map(({ code }) => code)).toEqual(['provider_failed']);
  });

  it('25.28 a retired action is a warning, is explained where it is shown, and is refused only when it is asked for', async () => {
    const definition = media({ prompts: { openai: { prompt: 'a pier' } }, action_type: 'img2vid' });
    const checked = createRegistry(withProviderChecks(standardModules, fakeCatalogue()));
    expect(validateWorkflow(definition, checked).filter(({ severity }) => severity === 'error')).toEqual([]);
    const rig = mediaRig();
    const asked = await rig.start(definition);
    expect(asked.interaction_request).toMatchObject({
      data: {
        openai: { _provider_metadata: { retired: { explanation: 'It is gone.', alternatives: ['local'] } } },
      },
    });
    const frames = await work(rig, asked, {
      subActionId: 'generate',
      params: { provider: 'openai', params: { prompt: 'a pier' }, source_data: {} },
    });
    expect(frames.at(-1)).toMatchObject({ event: 'error', error: { code: 'provider_action_unsupported' } });
  });
});
