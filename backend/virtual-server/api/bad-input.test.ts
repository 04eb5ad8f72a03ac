import { gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { VirtualWorkflowResponse } from '@wfm/workflow-engine/models';
import { eventsIn } from '../testing/events-in.ts';
import { createProduction, waitingPostcard } from '../testing/production.ts';
import { postcard, targets } from '../testing/sample-workflows.ts';
import { createVirtualRig, type VirtualRig } from '../testing/virtual-rig.ts';

/** Requests that make no sense, over a preview and over an opened run: a typed error that says what and where. */

const workflow = postcard();
const production = createProduction();
let rig: VirtualRig;
const subjects = new Map<string, VirtualWorkflowResponse>();
beforeAll(async () => {
  rig = await createVirtualRig({ production: production.database });
  const first = await rig.preview('/workflow/start', { workflow, virtual_db: null, ...targets.pickLine });
  const preview = await rig.preview('/workflow/respond', {
    workflow,
    ...targets.pickLine,
    virtual_db: first.virtual_db,
    virtual_run_id: first.virtual_run_id,
    interaction_id: first.interaction_request?.interaction_id,
    response: { value: 'Turku' },
  });
  subjects.set('a preview', preview);
  const workflow_run_id = await waitingPostcard(production);
  subjects.set('an opened run', await rig.preview('/workflow/open', { workflow_run_id }));
});
afterAll(() => rig.close());

type At = VirtualWorkflowResponse;
const firstQuestion = ({ virtual_db }: At) =>
  eventsIn(virtual_db).find(({ type }) => type === 'interaction_requested')?.data['interaction_id'];
const open = (at: At) => ({ interaction_id: at.interaction_request?.interaction_id });
const sign = { step_id: 'end', module_name: 'sign' };
const lines = { step_id: 'words', module_name: 'write_lines' };
const choice = { response: { selected_indices: [0] } };
const scenario = { name: 'x', modules: { 'words/write_line': { fail: 'timeout' } } };

/** Route, what is wrong with the body, and the answer. */
const cases: [string, string, (at: At) => object, object][] = [
  ['a wrong seq', 'respond', (at) => ({ ...open(at), ...choice, expected_seq: 2 }), { code: 'conflict', status: 409 }],
  ['no such question', 'respond', () => ({ interaction_id: 'x', ...choice }), { code: 'interaction_not_found' }],
  [
    'a question that was answered',
    'respond',
    (at) => ({ interaction_id: firstQuestion(at), response: { value: 'Oslo' } }),
    { code: 'interaction_already_answered', status: 409 },
  ],
  ['a retry of what never ran', 'retry', () => sign, { code: 'target_not_executed', params: sign }],
  ['a jump to what never ran', 'jump', () => sign, { code: 'target_not_executed' }],
  ['no such step', 'jump', () => ({ ...sign, step_id: 'x' }), { code: 'step_not_found', params: { step_id: 'x' } }],
  ['no such module', 'retry', () => ({ ...sign, module_name: 'x' }), { code: 'module_not_found' }],
  [
    'inputs that the module lacks',
    'retry',
    () => ({ ...lines, inputs_override: { x: 1 } }),
    { code: 'request_invalid' },
  ],
  ['a stale branch', 'jump', () => ({ ...sign, branch_id: 'x' }), { code: 'branch_not_current', status: 409 }],
  [
    'no such sub-action',
    'sub-action',
    (at) => ({ ...open(at), sub_action_id: 'x' }),
    { code: 'sub_action_not_found', params: { sub_action_id: 'x' } },
  ],
  [
    'a scenario for an unknown module',
    'start',
    () => ({ scenario }),
    { code: 'module_not_found', errors: [{ path: 'scenario.modules["words/write_line"]' }] },
  ],
  [
    'a mode for an unknown module',
    'plan',
    () => ({ modes: { 'x/y': 'real' } }),
    { code: 'module_not_found', errors: [{ path: 'modes["x/y"]' }] },
  ],
  ['an unknown target', 'start', () => ({ target_step_id: 'x', target_module_name: 'y' }), { code: 'step_not_found' }],
];

describe('what makes no sense', () => {
  it.each(cases)('22 %s', async (_name, route, wrong, expected) => {
    for (const at of subjects.values()) {
      const run = route === 'respond' ? { virtual_run_id: at.virtual_run_id } : {};
      const body = { workflow, virtual_db: at.virtual_db, ...run, ...wrong(at) };
      expect(await rig.refusal(`/workflow/${route}`, body)).toMatchObject(expected);
      const again = await rig.preview('/workflow/start', { workflow, virtual_db: at.virtual_db, ...targets.pickLine });
      expect(eventsIn(again.virtual_db)).toEqual(eventsIn(at.virtual_db));
    }
  });

  it('22 a snapshot of another run than the one that is named', async () => {
    const [preview, opened] = [...subjects.values()];
    const body = { workflow, virtual_db: opened?.virtual_db, virtual_run_id: preview?.virtual_run_id };
    expect(await rig.refusal('/workflow/resume', body)).toMatchObject({ code: 'snapshot_foreign', status: 400 });
  });
});

describe('snapshots of another engine', () => {
  interface Body {
    snapshot: number;
    engine: string;
    stores: Record<string, Record<string, unknown>[]>;
  }
  const changed = (at: At, edit: (body: Body) => void): string => {
    const body = JSON.parse(gunzipSync(Buffer.from(at.virtual_db, 'base64')).toString()) as Body;
    edit(body);
    return rig.seal.seal(gzipSync(JSON.stringify(body)), { userId: rig.users.ada, runId: at.virtual_run_id });
  };
  const startOf = (virtual_db: string) => ({ workflow, virtual_db, ...targets.pickLine });

  it('22.3 an older one is taken; what it lacks is empty, and a module that has changed since runs again', async () => {
    for (const at of subjects.values()) {
      const older = changed(at, (body) => {
        body.engine = '0.0.1';
        delete body.stores['usage'];
        for (const event of body.stores['events'] ?? []) {
          const data = event['data'] as Record<string, unknown>;
          if (event['module_name'] === 'write_lines' && 'input_hash' in data) {
            Object.assign(data, { input_hash: '0'.repeat(64), ...('revision' in data ? { revision: 0 } : {}) });
          }
        }
      });
      const again = await rig.preview('/workflow/start', startOf(older));
      expect(again.status).toBe('awaiting_input');
      expect(again.plan.map(({ module_name: name, action }) => [name, action])).toEqual([
        ['ask_city', 'answer_reapplied'],
        ['write_lines', 'mocked'],
        ['pick_line', 'asked_again'],
        ['sign', 'not_reached'],
      ]);
    }
  });

  it('22.3 one whose log cannot be read is snapshot_malformed, with the place; a newer one snapshot_version', async () => {
    for (const at of subjects.values()) {
      const strange = changed(at, (body) =>
        Object.assign(body.stores['events']?.[3] ?? {}, { type: 'module_pondered' }),
      );
      expect(await rig.refusal('/workflow/start', startOf(strange))).toMatchObject({
        code: 'snapshot_malformed',
        errors: [{ path: 'stores.events[3].type' }],
      });
      const newer = changed(at, (body) => Object.assign(body, { snapshot: 2 }));
      expect((await rig.refusal('/workflow/start', startOf(newer))).code).toBe('snapshot_version');
    }
  });
});
