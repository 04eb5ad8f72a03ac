import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Plan, VirtualWorkflowResponse } from '@wfm/workflow-engine/models';
import { eventsIn } from '../testing/events-in.ts';
import { postcard, targets } from '../testing/sample-workflows.ts';
import { createVirtualRig, type VirtualRig } from '../testing/virtual-rig.ts';

/** Modes, pins and scenarios of single modules, as an editor sends them. */

/** Real time, but nobody waits: a retry comes at once, and its wait is written down. */
const waits: number[] = [];
const clock = {
  now: () => new Date(),
  monotonicMs: () => performance.now(),
  bootId: 'this-process',
  sleep: async (ms: number) => {
    waits.push(ms);
  },
};

let rig: VirtualRig;
beforeAll(async () => {
  rig = await createVirtualRig({ clock, script: () => '{"lines":["real one","real two","real three"]}' });
});
afterAll(() => rig.close());

const workflow = postcard();
const fresh = { workflow, virtual_db: null };
const carry = ({ virtual_db, virtual_run_id }: VirtualWorkflowResponse) => ({ workflow, virtual_db, virtual_run_id });
const actions = (preview: VirtualWorkflowResponse) =>
  preview.plan.map(({ module_name, action, reason }) => `${module_name}: ${action} (${reason})`);
const staged = (modules: object) => ({ scenario: { name: 'a test', modules } });
const dataOf = (preview: VirtualWorkflowResponse, type: string, module: string): Record<string, unknown> =>
  eventsIn(preview.virtual_db).findLast((event) => event.type === type && event.module_name === module)?.data ?? {};

describe('modes of single modules', () => {
  it('17.8 a module asked for real is called, while the others stay mocked', async () => {
    const body = { ...fresh, ...targets.pickLine, answers: 'sample', modes: { 'words/write_lines': 'real' } };
    const preview = await rig.preview('/workflow/start', body);
    expect(preview).toMatchObject({
      mode: 'mock',
      state: { state_mapped: { proposal: { lines: expect.any(Array) } } },
    });
    expect(rig.llm.calls).toHaveLength(1);
    expect(actions(preview)[1]).toBe('write_lines: executed (no_record)');
  });

  it('17.8 its mode is part of its hash, and of no other module’s', async () => {
    const hashes = async (modes: object) => {
      const preview = await rig.preview('/workflow/start', { ...fresh, ...targets.pickLine, answers: 'sample', modes });
      return ['ask_city', 'write_lines'].map((name) => dataOf(preview, 'module_started', name)['input_hash']);
    };
    const [plainAsk, plainWrite] = await hashes({});
    const [realAsk, realWrite] = await hashes({ 'words/write_lines': 'real' });
    const [sameAsk, sameWrite] = await hashes({ 'words/write_lines': 'mock', 'place/ask_city': 'real' });
    expect([realAsk, sameAsk, sameWrite]).toEqual([plainAsk, plainAsk, plainWrite]);
    expect(realWrite).not.toBe(plainWrite);
  });

  it('17.8 pinned outputs stand for any module, and a pinned question is not asked', async () => {
    const modes = {
      'place/ask_city': { pinned: { value: 'Turku' } },
      'words/write_lines': { pinned: { response: { lines: ['a', 'b', 'c'] }, response_text: '' } },
      'end/sign': { pinned: { result: 'Signed.' } },
    };
    const preview = await rig.preview('/workflow/start', { ...fresh, answers: 'sample', modes });
    expect(preview.error).toBeUndefined();
    expect(preview).toMatchObject({ status: 'completed', result: { city: 'Turku', line: 'a', card: 'Signed.' } });
    expect(actions(preview)).toEqual([
      'ask_city: pinned (pinned_outputs)',
      'write_lines: pinned (pinned_outputs)',
      'pick_line: mocked (sample_answer)',
      'sign: pinned (pinned_outputs)',
    ]);
  });

  it('17.8 pinned outputs that do not fit the module are output_invalid', async () => {
    const modes = { 'place/ask_city': { pinned: { value: 7 } } };
    const preview = await rig.preview('/workflow/start', { ...fresh, ...targets.askCity, modes });
    expect(preview).toMatchObject({ status: 'error', error: { code: 'output_invalid' } });
  });
});

describe('scenarios', () => {
  it('17.2 pinned comes before the scenario, the scenario before mocks', async () => {
    const output = { response: { lines: ['x', 'y', 'z'] }, response_text: 'x y z' };
    const scenario = staged({ 'words/write_lines': { output }, 'end/sign': { output: { result: 'staged' } } });
    const modes = { 'end/sign': { pinned: { result: 'pinned' } } };
    const preview = await rig.preview('/workflow/start', { ...fresh, answers: 'sample', ...scenario, modes });
    expect(preview.result).toMatchObject({ line: 'x', card: 'pinned' });
    expect(actions(preview)).toContain('write_lines: mocked (scenario)');
  });

  it('17.7 an answer is given to its question and marked; the others are asked', async () => {
    const scenario = staged({ 'place/ask_city': { answer: { value: 'Ghent' } } });
    const preview = await rig.preview('/workflow/start', { ...fresh, ...targets.sign, ...scenario });
    expect(preview).toMatchObject({ status: 'awaiting_input', progress: { current_module: 'pick_line' } });
    expect(preview.state.state_mapped).toMatchObject({ city: 'Ghent' });
    expect(actions(preview)[0]).toBe('ask_city: mocked (scenario)');
    expect(dataOf(preview, 'interaction_response', 'ask_city')['origin']).toEqual({
      kind: 'mocked',
      reason: 'scenario',
    });
    const sampled = await rig.preview('/workflow/resume', { ...carry(preview), ...targets.sign, answers: 'sample' });
    expect(dataOf(sampled, 'interaction_response', 'pick_line')['origin']).toEqual({
      kind: 'mocked',
      reason: 'sample_answer',
    });
  });

  it('10.3.6 a passing fault is met by the engine’s retries', async () => {
    waits.length = 0;
    const scenario = staged({ 'words/write_lines': { fail: 'rate_limited', times: 2 } });
    const preview = await rig.preview('/workflow/start', {
      ...fresh,
      ...targets.pickLine,
      answers: 'sample',
      ...scenario,
    });
    expect(preview.status).toBe('awaiting_input');
    expect(waits).toEqual([1_000, 4_000]);
    expect(actions(preview)[1]).toBe('write_lines: mocked (mock_generated)');
  });

  it('17.7 a fault that outlasts them is the module’s error, and a later attempt goes on counting', async () => {
    const scenario = staged({ 'words/write_lines': { fail: 'rate_limited', times: 4 } });
    const body = { ...fresh, ...targets.pickLine, answers: 'sample', ...scenario };
    const failed = await rig.preview('/workflow/start', body);
    expect(failed).toMatchObject({ status: 'error', error: { code: 'llm_rate_limited', attempt: 1, transient: true } });
    const resumed = await rig.preview('/workflow/resume', { ...carry(failed), ...targets.pickLine, ...scenario });
    expect(resumed.status).toBe('awaiting_input');
  });

  it.each([
    ['timeout', 'llm_timeout'],
    ['malformed', 'llm_output_invalid'],
    ['worker_lost', 'worker_lost'],
  ])('17.7 the fault %s is %s', async (fail, code) => {
    const scenario = staged({ 'words/write_lines': { fail } });
    const preview = await rig.preview('/workflow/start', {
      ...fresh,
      ...targets.pickLine,
      answers: 'sample',
      ...scenario,
    });
    expect(preview).toMatchObject({ status: 'error', error: { code, place: 'steps[1].modules[0]' } });
    expect(preview.progress.current_module).toBe('write_lines');
  });

  it('17.7 a slow port only takes its time', async () => {
    waits.length = 0;
    const scenario = staged({ 'words/write_lines': { fail: 'slow' } });
    const preview = await rig.preview('/workflow/start', {
      ...fresh,
      ...targets.pickLine,
      answers: 'sample',
      ...scenario,
    });
    expect(preview.status).toBe('awaiting_input');
    expect(waits).toEqual([3_000]);
  });

  it('17.7 modules that compute or ask can fail too', async () => {
    const scenario = staged({ 'end/sign': { fail: 'timeout' } });
    const preview = await rig.preview('/workflow/start', { ...fresh, answers: 'sample', ...scenario });
    expect(preview).toMatchObject({ status: 'error', error: { code: 'module_timeout' } });
    const asking = staged({ 'place/ask_city': { fail: 'rate_limited', times: 9 } });
    expect(await rig.preview('/workflow/start', { ...fresh, ...asking })).toMatchObject({
      status: 'error',
      error: { code: 'module_failed', transient: true },
    });
  });
});

describe('settings that change between two requests', () => {
  const going = { ...fresh, answers: 'sample' };
  const again = (preview: VirtualWorkflowResponse, settings: object) =>
    rig.preview('/workflow/start', { workflow, virtual_db: preview.virtual_db, answers: 'sample', ...settings });

  it('17.8 a pin holds while the same pin stands, and no longer', async () => {
    const pin = (city: string) => ({ modes: { 'place/ask_city': { pinned: { value: city } } } });
    const first = await rig.preview('/workflow/start', { ...going, ...pin('Turku') });
    const same = await again(first, pin('Turku'));
    expect(same.last_seq).toBe(first.last_seq);
    expect(new Set(same.plan.map(({ action }) => action))).toEqual(new Set(['pinned', 'reused', 'answer_reapplied']));
    const other = await again(same, pin('Pori'));
    expect(other).toMatchObject({ status: 'completed', result: { city: 'Pori' } });
    expect(actions(other)[0]).toBe('ask_city: pinned (pinned_outputs)');
    const none = await again(other, {});
    expect(none).toMatchObject({ status: 'completed', result: { city: 'Lisbon' } });
    expect(actions(none)[0]).toBe('ask_city: mocked (sample_answer)');
  });

  it('17.8 the plan foretells what is pinned, staged, mocked and called', async () => {
    const settings = {
      modes: { 'place/ask_city': { pinned: { value: 'Turku' } }, 'words/write_lines': 'real' },
      ...staged({ 'end/sign': { output: { result: 'staged' } } }),
    };
    const { virtual_db } = await rig.preview('/workflow/start', going);
    const planned = await rig.post('/workflow/plan', { ...going, virtual_db, ...settings });
    const { modules } = planned.json<Plan>();
    expect(modules.map(({ module_name, action, reason }) => [module_name, action, reason])).toEqual([
      ['ask_city', 'pinned', 'pinned_outputs'],
      ['write_lines', 'not_reached', 'depends_on_unknown'],
      ['pick_line', 'not_reached', 'depends_on_unknown'],
      ['sign', 'not_reached', 'depends_on_unknown'],
    ]);
    const { modes, scenario } = settings;
    const later = await rig.post('/workflow/plan', {
      ...going,
      virtual_db,
      modes: { 'words/write_lines': modes['words/write_lines'] },
      scenario,
    });
    expect(later.json<Plan>().modules[1]).toMatchObject({
      action: 'executed',
      reason: 'mode_changed',
    });
  });

  it('17.8 another mode of one module executes it, and reuses what comes before', async () => {
    const before = rig.llm.calls.length;
    const mocked = await rig.preview('/workflow/start', { ...going, ...targets.pickLine });
    const real = await again(mocked, { ...targets.pickLine, modes: { 'words/write_lines': 'real' } });
    expect(rig.llm.calls.length).toBe(before + 1);
    expect(actions(real).slice(0, 2)).toEqual([
      'ask_city: answer_reapplied (question_unchanged)',
      'write_lines: executed (mode_changed)',
    ]);
    await again(real, { ...targets.pickLine, modes: { 'words/write_lines': 'real' } });
    expect(rig.llm.calls.length).toBe(before + 1);
  });
});

describe('settings that cannot be', () => {
  it.each([
    [{ modes: { 'words/write_line': 'mock' } }, 'module_not_found', 'modes["words/write_line"]'],
    [staged({ 'end/none': { fail: 'slow' } }), 'module_not_found', 'scenario.modules["end/none"]'],
  ])('17.8 a module that is not there: %j', async (settings, code, place) => {
    const problem = await rig.refusal('/workflow/start', { ...fresh, ...settings });
    expect(problem).toMatchObject({ code });
    expect(JSON.stringify(problem)).toContain(JSON.stringify(place).slice(1, -1));
    const begun = await rig.preview('/workflow/start', { ...fresh, ...targets.askCity });
    expect(await rig.refusal('/workflow/resume/confirm', { ...carry(begun), ...settings })).toMatchObject({ code });
  });

  it.each([
    { modes: { 'end/sign': 'sometimes' } },
    { modes: { 'end/sign': { pinned: 'text' } } },
    { modes: { sign: 'mock' } },
    { scenario: { name: 'x', modules: { 'end/sign': { fails: 'slow' } } } },
    { scenario: { name: 'x', modules: { 'end/sign': { fail: 'earthquake' } } } },
    { scenario: { modules: {} } },
  ])('17.7 a misspelt setting is refused: %j', async (settings) => {
    expect(await rig.refusal('/workflow/start', { ...fresh, ...settings })).toMatchObject({ code: 'request_invalid' });
  });
});
