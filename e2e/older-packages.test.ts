import { join } from 'node:path';
import { createRegistry, readFolder, standardModules } from '@wfm/workflow-engine';
import { inspectWorkflow, loadWorkflow } from '@wfm/workflow-engine/definition';
import { compileView, printText } from '@wfm/workflow-engine/display';
import type { RunEvent } from '@wfm/workflow-engine/events';
import { createMemoryDatabase } from '@wfm/workflow-engine/ports/memory';
import { createRig, createTestClock, type EngineRig, scriptedLlm } from '@wfm/workflow-engine/testing';
import { describe, expect, it } from 'vitest';
import { repository } from './support/examples.ts';

/** Packages written as older editors write them; each runs unchanged (format.md 25). */

const registry = createRegistry(standardModules);

async function open(
  name: string,
): Promise<{ rig: EngineRig; definition: unknown; files: Awaited<ReturnType<typeof readFolder>> }> {
  const files = await readFolder(join(repository, 'e2e/fixtures/older', name));
  const clock = createTestClock();
  const rig = createRig({ database: createMemoryDatabase({ clock }), clock, llm: scriptedLlm() });
  return { rig, definition: loadWorkflow({ files }).resolved, files };
}

type Data = Record<string, unknown>;

/** Codes of the warnings that a run noted, with the expression or place they speak of. */
function warningsOf(events: readonly RunEvent[]): string[] {
  return events.flatMap(({ data }) => {
    const { warnings = [] } = data as { warnings?: { code: string; params?: { expression?: string } }[] };
    return warnings.map(({ code, params }) => `${code} ${params?.expression ?? ''}`.trim());
  });
}

describe('a package of the older form', () => {
  it('4 25.16 25.17 loads without an error; what has no meaning is told', async () => {
    const { files } = await open('tram-poster');
    const found = inspectWorkflow({ files }, registry);
    expect(found.filter(({ severity }) => severity === 'error')).toEqual([]);
    const codes = new Set(found.map(({ code }) => code));
    expect([...codes]).toEqual(expect.arrayContaining(['file_unused', 'output_unknown', 'state_key_unknown']));
  });

  it('25.1 to 25.19 runs to its end: names, text files, native values, both namespaces, missing keys', async () => {
    const { rig, definition } = await open('tram-poster');
    const asked = await rig.start(definition);
    const question = asked.interaction_request;
    expect(question).toMatchObject({ title: 'Which stop, ?', step_context: { step_name: '1. Stop of the {day}' } });

    const written = await rig.respond(asked, { action_id: 'go', selected_indices: [['1']] });
    expect(written).toMatchObject({ status: 'awaiting_input', interaction_request: { title: 'Sign it, Harbour' } });
    const done = await rig.respond(written, { value: '' });
    expect(done.status).toBe('completed');

    const { state } = await rig.processor.load({ runId: done.workflow_run_id ?? '' });
    const harbour = { id: 's2', name: 'Harbour', seats: 12 };
    expect(state.flat).toMatchObject({
      stop: harbour,
      stop_indices: [1],
      choose_stop: { selected_data: harbour },
      poster: {
        stop: harbour,
        first: 1,
        lines: [{ text: state.flat['words'], seats: 13 }, 'stop 12'],
        guarded: '',
        braces: '{day} stays',
      },
      lay_out: { untouched: '{{ state.stop }}' },
      signature: { text: '' },
    });
    expect(state.flat).not.toHaveProperty('note');
    expect(state.flat).not.toHaveProperty('url');

    const [call] = rig.llm.calls;
    const said = JSON.stringify(call?.request);
    expect(said).toContain('Fields of the form are written {{ like.this }} and {% that %}; leave them alone.');
    expect(said).toContain('A line for Harbour (12 seats).\\nMention the gulls.');
    expect(said).toContain('Stops so far: Harbour');
    expect(call?.request).toMatchObject({ temperature: 0.5, maxTokens: 200 });

    const events = await rig.events(done.workflow_run_id ?? '');
    const started = events.find(
      ({ type, data }) => type === 'module_started' && (data as Data)['module_id'] === 'api.llm',
    );
    expect((started as { data: { inputs: Data } }).data.inputs['metadata']).toEqual({
      stop: harbour,
      kept: '{{ state.stop }}',
      deep: { inner: 1, outer: '{{ state.stop_indices[0] }}' },
    });
    expect(warningsOf(events)).toEqual(
      ['person.name', 'title_of_names', 'motto', 'nobody', 'weather.rain'].map(
        (key) => `undefined_reference state.${key}`,
      ),
    );
    expect(rig.faults).toEqual([]);
  });

  it('25.6 to 25.10 its display schema reaches the client as written, and is drawn', async () => {
    const { rig, definition } = await open('tram-poster');
    const { interaction_request: question } = await rig.start(definition);
    const { data, schema } = question as unknown as { data: unknown; schema: Data };
    expect(schema).toMatchObject({
      items: {
        _ux: { computed: { size: { display_format: '{{ seats }} seats' } } },
        properties: { name: { title: null } },
      },
    });
    const { root, diagnostics } = compileView({ schema, data, selecting: true });
    expect(printText(root)).toBe('1. Mill [4 seats]\n   Seats: 4\n2. Harbour [12 seats]\n   Seats: 12');
    expect(root?.children?.map(({ path, select }) => [path, select])).toEqual([
      [[0], true],
      [[1], true],
    ]);
    expect(diagnostics).toMatchObject([
      { code: 'hint_unknown', severity: 'info', place: 'items.properties.seats._ux.render_as' },
    ]);
  });

  it('25.15 a hidden button and an older menu work by their id', async () => {
    const { rig, definition } = await open('tram-poster');
    const asked = await rig.start(definition);
    const again = await rig.respond(asked, { action_id: 'shuffle' });
    expect(again).toMatchObject({
      status: 'awaiting_input',
      interaction_request: { step_context: { module_name: 'choose_stop' } },
    });
    const signing = await rig.respond(again, { selected_indices: [0] });
    const back = await rig.respond(signing, { jump_back_requested: true, jump_back_target: 'choose_stop' });
    expect(back).toMatchObject({
      status: 'awaiting_input',
      interaction_request: { step_context: { module_name: 'choose_stop' } },
    });
  });

  it('25.26 its row in a list leaves out what is ahead of the run', async () => {
    const { rig, definition } = await open('tram-poster');
    const asked = await rig.start(definition);
    const row = async (): Promise<string[]> => {
      const found = await rig.database.runs.find({ runId: asked.workflow_run_id ?? '' });
      return (found?.status_fields ?? []).map(({ label }) => label);
    };
    expect(await row()).toEqual(['Where']);
    await rig.respond(asked, { selected_indices: [0] });
    expect(await row()).toEqual(['Stop', 'Line', 'Where']);
  });

  it('25.1 25.22 a broken reference is a warning each, never a failure', async () => {
    const { rig, definition } = await open('broken-links');
    const asked = await rig.start(definition);
    expect(asked.interaction_request).toMatchObject({ data: [], min_selections: 0 });
    const done = await rig.respond(asked, { selected_indices: [] });
    expect(done.status).toBe('completed');
    const { state } = await rig.processor.load({ runId: done.workflow_run_id ?? '' });
    expect(state.flat).toMatchObject({
      nothing_there: { data: null },
      save_none: { saved_count: 0 },
      chosen: null,
      told: 'You chose .',
    });
    const warnings = warningsOf(await rig.events(done.workflow_run_id ?? ''));
    expect(warnings.filter((warning) => warning.startsWith('undefined_reference')).length).toBeGreaterThanOrEqual(5);
  });

  it('25.23 null for a query stops the run, and only that', async () => {
    const { rig, definition } = await open('ledger');
    expect(await rig.start(definition)).toMatchObject({ status: 'error', error: { code: 'query_data_not_array' } });
  });
});
