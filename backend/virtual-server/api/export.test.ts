import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { SavedPreview } from '@wfm/workflow-engine/mock';
import type { VirtualWorkflowResponse } from '@wfm/workflow-engine/models';
import { doAgain } from '../testing/do-again.ts';
import { createProduction, finishedPostcard, type Production, realLines } from '../testing/production.ts';
import { postcard, targets } from '../testing/sample-workflows.ts';
import { createVirtualRig, type VirtualRig } from '../testing/virtual-rig.ts';

/** Snapshots as portable files (format.md 22): `wfm replay` does them again, here and elsewhere. */

interface Exported {
  preview: SavedPreview;
  redacted: string[];
  differs: string[];
}

const workflow = postcard();
let production: Production;
let rig: VirtualRig;
beforeEach(async () => {
  production = createProduction();
  rig = await createVirtualRig({ production: production.database, script: () => '{"lines":["a","b","c"]}' });
});
afterEach(() => rig.close());

const carry = ({ virtual_db }: VirtualWorkflowResponse) => ({ workflow, virtual_db });
const start = (more: object = {}) =>
  rig.preview('/workflow/start', { workflow, virtual_db: null, ...targets.pickLine, ...more });
const respond = (at: VirtualWorkflowResponse, response: object, more: object = {}) =>
  rig.preview('/workflow/respond', {
    ...carry(at),
    virtual_run_id: at.virtual_run_id,
    interaction_id: at.interaction_request?.interaction_id,
    response,
    ...more,
  });
async function exported(at: VirtualWorkflowResponse, more: object = {}): Promise<Exported> {
  const reply = await rig.post('/workflow/export', { virtual_db: at.virtual_db, ...more });
  if (reply.statusCode !== 200) throw new Error(reply.body);
  return reply.json<Exported>();
}

const again = ({ preview }: Exported) => doAgain(preview);
const typesIn = ({ preview }: Exported): unknown[] => preview.events.map((event) => event['type']);
const lastOutputs = ({ preview }: Exported, module: string): unknown => {
  const event = preview.events.findLast(
    ({ type, module_name: name }) => type === 'module_completed' && name === module,
  ) as { data: { outputs: unknown } } | undefined;
  return event?.data.outputs;
};

describe('a preview as a file', () => {
  it('22 with mocks and answers: the same again, event for event', async () => {
    const done = await respond(await respond(await start(), { value: 'Turku' }), { selected_indices: [1] });
    const file = await exported(done, { description: 'To Turku' });
    expect(file).toMatchObject({ redacted: [], differs: [], preview: { mode: 'mock', description: 'To Turku' } });
    expect(file.preview.answers).toMatchObject([
      { at: 'place/ask_city', answer: { value: 'Turku' } },
      { at: 'words/pick_line', answer: { selected_indices: [1] } },
    ]);
    expect(file.preview.outcomes).toBeUndefined();
    expect(await again(file)).toEqual(file.preview.events);
  });

  it('22 where it stopped at a target, it stops again', async () => {
    const at = await start({ ...targets.writeLines, answers: 'sample' });
    expect(at.status).toBe('target_reached');
    const file = await exported(at);
    expect(file.preview).toMatchObject({
      target: { step_id: 'words', module_name: 'write_lines' },
      answers: [{ by: 'sample' }],
    });
    expect(typesIn(file).at(-1)).toBe('module_completed');
    expect(await again(file)).toEqual(file.preview.events);
  });

  it('22 what edits, retries, jumps and reopened questions made is told as one way on one definition', async () => {
    const asked = await respond(await start(), { value: 'Turku' }, targets.pickLine);
    const retried = await rig.preview('/workflow/retry', {
      ...carry(asked),
      ...targets.pickLine,
      step_id: 'words',
      module_name: 'write_lines',
      feedback: 'wilder',
    });
    const edited = postcard({ ask: 'Whither?' });
    const moved = await rig.preview('/workflow/start', { ...carry(retried), workflow: edited, ...targets.pickLine });
    const jumped = await rig.preview('/workflow/jump', {
      workflow: edited,
      virtual_db: moved.virtual_db,
      ...targets.pickLine,
      step_id: 'words',
      module_name: 'write_lines',
    });
    const done = await respond(jumped, { selected_indices: [2] }, { workflow: edited, ...targets.sign });
    const file = await exported(done);
    expect(file.preview.workflow).toEqual(edited);
    const kinds = file.preview.answers.map((step) => ('do' in step ? step.do : step.at));
    expect(kinds.filter((kind) => kind === 'jump')).toHaveLength(1);
    expect(kinds.at(-1)).toBe('words/pick_line');
    expect(file.differs).toEqual([]);
    expect(await again(file)).toEqual(file.preview.events);
  });

  it('22 a retry with feedback is done again, and its second outcome is not the first', async () => {
    const asked = await respond(await start(), { value: 'Turku' }, targets.pickLine);
    const retried = await rig.preview('/workflow/retry', {
      ...carry(asked),
      ...targets.pickLine,
      step_id: 'words',
      module_name: 'write_lines',
      feedback: 'wilder',
    });
    const reopened = await rig.preview('/workflow/jump', {
      ...carry(retried),
      ...targets.pickLine,
      reopen: retried.interaction_request?.interaction_id,
    });
    const file = await exported(reopened);
    expect(file.preview.answers).toMatchObject([
      { at: 'place/ask_city' },
      { do: 'retry', at: 'words/write_lines', feedback: 'wilder' },
    ]);
    expect(file.differs).toEqual([]);
    expect(await again(file)).toEqual(file.preview.events);
  });

  it('22 what was called for real or pinned is in the file, and nothing is called again', async () => {
    const real = await start({ mock: false, answers: 'sample' });
    const file = await exported(real);
    expect(file.preview).toMatchObject({
      mode: 'real',
      outcomes: [{ at: 'words/write_lines', origin: { kind: 'executed' } }],
    });
    expect(rig.llm.calls).toHaveLength(1);
    expect(await again(file)).toEqual(file.preview.events);
    const pinned = await start({
      answers: 'sample',
      modes: {
        'place/ask_city': { pinned: { value: 'Oslo' } },
        'words/write_lines': { pinned: { response: { lines: ['p', 'q', 'r'] }, response_text: '' } },
      },
    });
    const second = await exported(pinned);
    expect(second.preview.outcomes?.map(({ at, origin }) => [at, origin?.kind])).toEqual([
      ['place/ask_city', 'pinned'],
      ['words/write_lines', 'pinned'],
    ]);
    expect(lastOutputs(second, 'write_lines')).toMatchObject({ response: { lines: ['p', 'q', 'r'] } });
    expect(await again(second)).toEqual(second.preview.events);
  });

  it('22 a failure and what came after it', async () => {
    const scenario = { name: 'rough', modules: { 'words/write_lines': { fail: 'timeout' } } };
    const failed = await start({ answers: 'sample', scenario });
    expect(failed.error?.code).toBe('llm_timeout');
    const broken = await exported(failed);
    expect(broken.preview.outcomes).toMatchObject([{ at: 'words/write_lines', error: { code: 'llm_timeout' } }]);
    expect(typesIn(broken).slice(-2)).toEqual(['module_error', 'workflow_error']);
    expect(await again(broken)).toEqual(broken.preview.events);
    const resumed = await rig.preview('/workflow/resume', { ...carry(failed), ...targets.pickLine });
    const file = await exported(resumed);
    expect(file.preview.answers).toMatchObject([{ by: 'sample' }, { do: 'resume' }]);
    expect(file.differs).toEqual([]);
    expect(await again(file)).toEqual(file.preview.events);
  });

  it('22 an opened run is told with what it really got', async () => {
    const runId = await finishedPostcard(production);
    const opened = await rig.preview('/workflow/open', { workflow_run_id: runId });
    const file = await exported(opened);
    expect(file).toMatchObject({ differs: [], preview: { mode: 'real', answers: { length: 2 } } });
    expect(lastOutputs(file, 'write_lines')).toMatchObject({ response: { lines: realLines } });
    expect(typesIn(file).at(-1)).toBe('workflow_completed');
    expect(await again(file)).toEqual(file.preview.events);
  });

  it('22 opened up to any event, it goes as far and no further', async () => {
    const runId = await finishedPostcard(production);
    const last = (await production.ada.events(runId)).length - 1;
    for (let up_to_seq = 4; up_to_seq <= last; up_to_seq += 1) {
      const opened = await rig.preview('/workflow/open', { workflow_run_id: runId, up_to_seq });
      const file = await exported(opened);
      expect(await again(file)).toEqual(file.preview.events);
      expect(file.differs).toEqual([]);
    }
  });

  it('13, 22 sub-actions are carried out again with what they brought', async () => {
    const menu = {
      format: 2,
      workflow_id: 'menu',
      initial_state: { dishes: ['dal'] },
      steps: [
        {
          step_id: 'choose',
          modules: [
            {
              module_id: 'user.select',
              name: 'pick',
              inputs: { prompt: 'Which?', data: '{{ state.dishes }}', schema: { type: 'array' } },
              sub_actions: [
                {
                  id: 'more',
                  label: 'More',
                  actions: [
                    { type: 'target_sub_action', module_id: 'api.llm', name: 'cook', inputs: { input: 'One' } },
                  ],
                  result_mapping: [{ source: 'cook.response_text', target: 'special', mode: 'replace' }],
                },
              ],
            },
          ],
        },
      ],
    };
    const asked = await rig.preview('/workflow/start', { workflow: menu, virtual_db: null, mock: false });
    const reply = await rig.post('/workflow/sub-action', {
      workflow: menu,
      virtual_db: asked.virtual_db,
      interaction_id: asked.interaction_request?.interaction_id,
      sub_action_id: 'more',
      params: { hot: true },
    });
    const { virtual_db } = JSON.parse(/\ndata: (.*)\n*$/.exec(reply.body)?.[1] ?? '{}') as { virtual_db: string };
    const file = await exported({ ...asked, virtual_db });
    expect(file.preview).toMatchObject({
      answers: [{ do: 'sub_action', at: 'choose/pick', sub_action_id: 'more', params: { hot: true } }],
      outcomes: [{ at: 'more/cook' }],
    });
    expect(typesIn(file)).toContain('sub_action_completed');
    expect(await again(file)).toEqual(file.preview.events);
  });
});

describe('secrets in a file', () => {
  it('S13 they are taken out of the workflow, the answers and what came back, listed, and the rest does the same', async () => {
    const secret = 'sk-canary1234567890canary';
    const answered = await respond(await start(), { value: `my key is ${secret}` });
    const done = await respond(answered, { selected_indices: [0] });
    const file = await exported(done);
    expect(JSON.stringify(file)).not.toContain(secret);
    expect(file.redacted).toContain('answers[0].answer.value');
    expect(file.preview.redacted).toEqual(file.redacted);
    expect(await again(file)).toEqual(file.preview.events);
  });

  it('S13 a secret of the server itself is not handed out, wherever it stands', async () => {
    await rig.close();
    const secret = 'a-plain-looking-server-secret';
    rig = await createVirtualRig({ script: () => `{"lines":["${secret}","b","c"]}`, secrets: [secret] });
    const file = await exported(await start({ mock: false, answers: 'sample' }));
    expect(JSON.stringify(file)).not.toContain(secret);
    expect(file.redacted.some((place) => place.startsWith('outcomes[0]'))).toBe(true);
  });
});

describe('what cannot be exported', () => {
  it('22 another person’s, a tampered one, and one in which nothing has run', async () => {
    const at = await start();
    const body = { virtual_db: at.virtual_db };
    expect((await rig.refusal('/workflow/export', body, rig.keys.bob)).code).toBe('snapshot_signature');
    const cut = Buffer.from(at.virtual_db, 'base64').subarray(0, -40).toString('base64');
    expect((await rig.refusal('/workflow/export', { virtual_db: cut })).status).toBe(400);
    const runId = await finishedPostcard(production);
    const nothing = await rig.preview('/workflow/open', { workflow_run_id: runId, up_to_seq: 0 });
    expect(await rig.refusal('/workflow/export', { virtual_db: nothing.virtual_db })).toMatchObject({
      code: 'request_invalid',
      status: 400,
    });
  });

  it('23 one that takes too long to be done again is run_limit', async () => {
    const modules = (step: number) =>
      Array.from({ length: 50 }, (_, index) => ({
        module_id: 'transform.conditional_text',
        name: `m${index}`,
        inputs: { condition_value: `{% for i in range(9000) %}{% endfor %}${step}`, text_if_not_empty: 'x' },
      }));
    const long = {
      format: 2,
      workflow_id: 'long',
      steps: [1, 2, 3].map((step) => ({ step_id: `s${step}`, modules: modules(step) })),
    };
    const at = await rig.preview('/workflow/start', { workflow: long, virtual_db: null });
    expect(at.status).toBe('completed');
    const hurried = await createVirtualRig({ limits: { wallMs: 1, totalMs: 1000 } });
    const problem = await hurried.refusal('/workflow/export', { virtual_db: at.virtual_db });
    expect(problem).toMatchObject({ code: 'run_limit', params: { what: 'time', limit: 1 } });
    await hurried.close();
  });
});
