import { gunzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import type { VirtualWorkflowResponse } from '@wfm/workflow-engine/models';
import type { Database } from '@wfm/workflow-engine/ports';
import { createTestClock, scriptedLlm } from '@wfm/workflow-engine/testing';
import { createMemoryDatabase } from '@wfm/workflow-engine/ports/memory';
import { eventsIn } from '../testing/events-in.ts';
import { createProduction, finishedPostcard, type Production, waitingPostcard } from '../testing/production.ts';
import { postcard, targets } from '../testing/sample-workflows.ts';
import { createVirtualRig, type VirtualRig } from '../testing/virtual-rig.ts';

/** What an opened run brings along, and what opening refuses (format.md 22; security.md S7, S16). */

let rig: VirtualRig;
afterEach(() => rig.close());

async function over(production: Production): Promise<void> {
  rig = await createVirtualRig({ production: production.database });
}
const open = (workflow_run_id: string, more: object = {}) =>
  rig.preview('/workflow/open', { workflow_run_id, ...more }) as Promise<
    VirtualWorkflowResponse & { definition: object }
  >;
const storesIn = ({ virtual_db }: { virtual_db: string }) =>
  (JSON.parse(gunzipSync(Buffer.from(virtual_db, 'base64')).toString()) as { stores: Record<string, object[]> }).stores;

/** Writes a file and keywords, then asks, and loads the keywords again. */
const notes = {
  format: 2,
  workflow_id: 'notes',
  steps: [
    {
      step_id: 'write',
      modules: [
        { module_id: 'io.write_text', name: 'note', inputs: { content: 'Fog over Turku', file_path: 'note.txt' } },
        {
          module_id: 'io.weighted_keywords',
          name: 'keep',
          inputs: { mode: 'save', weighted_keywords: [{ keyword: 'fog', weight: 2 }] },
        },
        {
          module_id: 'user.select',
          name: 'pick',
          inputs: { prompt: 'Which?', data: [{ label: 'sun' }, { label: 'rain' }], schema: { type: 'array' } },
          addons: [
            { addon_id: 'addons.usage_history', inputs: { colors: [{ max: 1e6, unit: 'month', color: 'bad' }] } },
          ],
        },
        { module_id: 'io.weighted_keywords', name: 'load', inputs: { mode: 'load' } },
      ],
    },
  ],
};

/** A question whose sub-action asks the model and writes down what it said. */
const withSubAction = {
  format: 2,
  workflow_id: 'menu',
  steps: [
    {
      step_id: 'choose',
      modules: [
        {
          module_id: 'user.pause',
          name: 'pick',
          inputs: { message: 'Go on?' },
          sub_actions: [
            {
              id: 'more',
              label: 'More',
              actions: [
                {
                  type: 'target_sub_action',
                  module_id: 'api.llm',
                  name: 'ask',
                  inputs: { input: 'One more' },
                  outputs_to_state: { response_text: 'said' },
                },
                {
                  type: 'target_sub_action',
                  module_id: 'io.write_text',
                  name: 'note',
                  inputs: { content: '{{ state.said }}', file_path: 'said.txt' },
                },
              ],
              result_mapping: [{ source: 'said', target: 'last', mode: 'replace' }],
            },
          ],
        },
      ],
    },
  ],
};

describe('what an opened run brings along', () => {
  it('22.6 files, keywords and what was chosen before', async () => {
    const production = createProduction();
    await over(production);
    const { ada } = production;
    const asked = await ada.start(notes);
    await ada.respond(asked, { selected_indices: [1] });
    const opened = await open(asked.workflow_run_id ?? '');
    const [file] = storesIn(opened)['files'] as { file_id: string; filename: string }[];
    expect(file?.filename).toBe('note.txt');
    expect(JSON.stringify(opened.state.files)).toContain('note.txt');
    const bytes = await rig.post('/workflow/files', { virtual_db: opened.virtual_db, file_id: file?.file_id });
    expect(bytes.body).toBe('Fog over Turku');
    expect(opened.state.state_mapped).toMatchObject({ load: { count: 1 } });
    // Asked again, the question knows what production knew.
    const again = await rig.preview('/workflow/jump', {
      workflow: notes,
      virtual_db: opened.virtual_db,
      step_id: 'write',
      module_name: 'pick',
    });
    expect(again.interaction_request).toMatchObject({ annotations: { '[1]': [{ source: 'addons.usage_history' }] } });
    const loaded = await rig.preview('/workflow/respond', {
      workflow: notes,
      virtual_db: again.virtual_db,
      virtual_run_id: again.virtual_run_id,
      interaction_id: again.interaction_request?.interaction_id,
      response: { selected_indices: [0] },
    });
    expect(loaded.state.state_mapped).toMatchObject({ load: { weighted_keywords: [{ keyword: 'fog', weight: 2 }] } });
  });

  it('13, 22.6 child runs of sub-actions, with their files; a new sub-action is mocked', async () => {
    const production = createProduction();
    await over(production);
    const { ada, database } = production;
    const asked = await ada.start(withSubAction);
    const runId = asked.workflow_run_id ?? '';
    const { executionId } = await ada.processor.subActions.start({
      runId,
      userId: ada.userId,
      interactionId: asked.interaction_request?.interaction_id ?? '',
      subActionId: 'more',
      params: {},
    });
    await ada.processor.subActions.finished(executionId);
    const opened = await open(runId);
    const runsIn = storesIn(opened)['runs'] as { workflow_run_id: string; parent_run_id: string | null }[];
    expect(new Map(runsIn.map((row) => [row.workflow_run_id, row.parent_run_id]))).toEqual(
      new Map([
        [runId, null],
        [executionId, runId],
      ]),
    );
    const [file] = await database.files.list({ runId });
    const bytes = await rig.post('/workflow/files', { virtual_db: opened.virtual_db, file_id: file?.file_id });
    expect(bytes.body).toContain('real one');
    expect(opened.state.state_mapped).toMatchObject({ last: expect.stringContaining('real one') as string });
    const reply = await rig.post('/workflow/sub-action', {
      workflow: withSubAction,
      virtual_db: opened.virtual_db,
      interaction_id: asked.interaction_request?.interaction_id,
      sub_action_id: 'more',
    });
    const last = JSON.parse(/event: complete\ndata: (.*)/.exec(reply.body)?.[1] ?? '{}') as Record<string, object>;
    expect(last['updated_state']).toMatchObject({ last: expect.not.stringContaining('real one') as string });
    expect(rig.llm.calls).toHaveLength(0);
  });

  it('22.6 up to an event, a file that was written later stays behind', async () => {
    const production = createProduction();
    await over(production);
    const asked = await production.ada.start(notes);
    const started = (await production.ada.events(asked.workflow_run_id ?? '')).find(
      (event) => event.type === 'module_started' && event.module_name === 'note',
    );
    const opened = await open(asked.workflow_run_id ?? '', { up_to_seq: started?.seq });
    expect(storesIn(opened)['files']).toEqual([]);
    const on = await rig.preview('/workflow/start', { workflow: notes, virtual_db: opened.virtual_db });
    expect(storesIn(on)['files']).toMatchObject([{ filename: 'note.txt' }]);
  });

  it('7.7 values kept by reference', async () => {
    const lines = ['x', 'y', 'z'].map((letter) => letter.repeat(150_000));
    const production = createProduction({ llm: scriptedLlm(() => JSON.stringify({ lines })) });
    await over(production);
    const opened = await open(await waitingPostcard(production));
    const completed = eventsIn(opened.virtual_db).find(
      ({ type, module_name: name }) => type === 'module_completed' && name === 'write_lines',
    );
    expect(completed?.data['outputs_ref']).toBeDefined();
    expect(opened.state.state_mapped).toMatchObject({ proposal: { lines } });
    const body = { workflow: opened.definition, virtual_db: opened.virtual_db, ...targets.pickLine };
    expect((await rig.preview('/workflow/start', body)).plan[1]?.action).toBe('reused');
  });

  it('23 a run that no preview can hold is snapshot_too_large, with its largest value, and nothing changed', async () => {
    let calls = 0;
    const production = createProduction({
      llm: scriptedLlm(() => {
        calls += 1;
        return JSON.stringify({ lines: ['x', 'y', 'z'].map((letter) => letter.repeat(400_000 + calls)) });
      }),
    });
    await over(production);
    const { ada, database } = production;
    const runId = await waitingPostcard(production);
    const caller = { runId, userId: ada.userId, sessionId: 's', waitMs: 20_000 };
    const where = { stepId: 'words', moduleName: 'write_lines' };
    for (let retry = 0; retry < 5; retry += 1) await ada.processor.depart({ ...caller, mode: 'retry', ...where });
    const before = await database.runs.find({ runId });
    const problem = await rig.refusal('/workflow/open', { workflow_run_id: runId });
    expect(problem).toMatchObject({
      code: 'snapshot_too_large',
      status: 413,
      params: { largest: { what: expect.stringMatching(/of words\/(write_lines|pick_line)/) as string } },
    });
    expect(await database.runs.find({ runId })).toEqual(before);
    // An earlier point has room.
    const first = await open(runId, { up_to_seq: 1 });
    expect(first.last_seq).toBe(1);
  });
});

describe('what opening refuses', () => {
  it('S7 another person’s run answers exactly as a missing one', async () => {
    const production = createProduction();
    await over(production);
    const runId = await waitingPostcard(production);
    const missing = runId.replace(/.$/, (last) => (last === '0' ? '1' : '0'));
    const foreign = await rig.post('/workflow/open', { workflow_run_id: runId }, rig.keys.bob);
    const none = await rig.post('/workflow/open', { workflow_run_id: missing }, rig.keys.bob);
    expect([foreign.statusCode, none.statusCode]).toEqual([404, 404]);
    const plain = (text: string) =>
      text
        .replaceAll(runId, 'id')
        .replaceAll(missing, 'id')
        .replace(/"instance":"[^"]*"/, '');
    expect(plain(foreign.body)).toBe(plain(none.body));
    expect(foreign.json()).toMatchObject({ code: 'run_not_found' });
    expect((await rig.app.inject({ method: 'POST', url: '/workflow/open', payload: {} })).statusCode).toBe(401);
  });

  it('a point past the end of the line, or none at all, is request_invalid at its place', async () => {
    const production = createProduction();
    await over(production);
    const runId = await waitingPostcard(production);
    const last = (await production.ada.events(runId)).length - 1;
    expect(await rig.refusal('/workflow/open', { workflow_run_id: runId, up_to_seq: last + 1 })).toMatchObject({
      code: 'request_invalid',
      status: 400,
      params: { up_to_seq: last + 1, last_seq: last },
    });
    for (const up_to_seq of [-1, 1.5, 'two']) {
      expect((await rig.refusal('/workflow/open', { workflow_run_id: runId, up_to_seq })).code).toBe('request_invalid');
    }
  });

  it('S16 what was opened is its owner’s alone, and tampered with it is refused', async () => {
    const production = createProduction();
    await over(production);
    const opened = await open(await finishedPostcard(production));
    const body = { workflow: postcard(), virtual_db: opened.virtual_db };
    expect((await rig.refusal('/workflow/start', body, rig.keys.bob)).code).toBe('snapshot_signature');
    const bytes = Buffer.from(opened.virtual_db, 'base64');
    for (let at = 30; at < bytes.length; at += 97) {
      const flipped = Buffer.from(bytes);
      flipped[at] = (flipped[at] ?? 0) ^ 4;
      const problem = await rig.refusal('/workflow/state', { virtual_db: flipped.toString('base64') });
      expect(['snapshot_signature', 'snapshot_malformed']).toContain(problem.code);
    }
  });

  it('R18 opening and going on writes nothing to production', async () => {
    const clock = createTestClock();
    const memory = createMemoryDatabase({ clock });
    const production = createProduction({ clock, database: memory });
    const runId = await waitingPostcard(production);
    const writes: string[] = [];
    const reading = readOnly(memory, writes);
    rig = await createVirtualRig({ production: memory, openerSource: reading });
    const before = JSON.stringify(memory.export());
    const opened = await open(runId);
    await rig.preview('/workflow/respond', {
      workflow: postcard(),
      virtual_db: opened.virtual_db,
      virtual_run_id: runId,
      interaction_id: opened.interaction_request?.interaction_id,
      response: { selected_indices: [0] },
    });
    expect(writes).toEqual([]);
    expect(JSON.stringify(memory.export())).toBe(before);
  });
});

const reads = /^(find|read|list|load|branches|getValue|ofTemplate|lastUsed)/;

/** The same database, whose every verb that may write is written down and refused. */
function readOnly(database: Database, writes: string[]): Database {
  const guarded = (name: string, store: object) =>
    new Proxy(store, {
      get(target, verb) {
        const method: unknown = Reflect.get(target, verb);
        if (typeof method !== 'function' || reads.test(String(verb))) return method;
        return () => {
          writes.push(`${name}.${String(verb)}`);
          throw new Error('the production database is only read');
        };
      },
    });
  return Object.fromEntries(
    Object.entries(database).map(([name, store]) => [
      name,
      typeof store === 'object' ? guarded(name, store as object) : store,
    ]),
  ) as unknown as Database;
}
