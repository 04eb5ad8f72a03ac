import { describe, expect, it, vi } from 'vitest';
import { versionIdOf } from '../definition/canonical-json.ts';
import { createMemoryDatabase } from '../ports/memory/index.ts';
import { createRig, type EngineRig } from '../testing/engine-rig.ts';
import { mortalDatabase, ProcessDied } from '../testing/mortal-database.ts';
import { createTestClock } from '../testing/test-clock.ts';
import { questionHash } from './interaction.ts';

const dishes = [
  { label: 'Dal', tags: { mood: [{ tag: 'warm', value: 1 }] } },
  { label: 'Ice', tags: { mood: [{ tag: 'cold', value: 1 }] } },
];

function workflowOf(addons: unknown[], extra: object = {}) {
  const inputs = { data: dishes, schema: { type: 'array' }, ...extra };
  const wish = { tags: { mood: [{ tag: 'warm', value: 0.5 }] } };
  const module = { module_id: 'user.select', name: 'pick', inputs, addons };
  return { format: 2, workflow_id: 'w', initial_state: { wish }, steps: [{ step_id: 's', modules: [module] }] };
}

function setup() {
  const clock = createTestClock();
  const database = createMemoryDatabase({ clock });
  return { clock, database, rig: createRig({ database, clock }) };
}

/** The test's stand-in for a template: the rig starts runs without one, so that each would have a history of its own. */
async function startOf(rig: EngineRig, workflow: unknown) {
  const { template, version } = await rig.database.definitions.publish({
    ownerId: rig.userId,
    workflowId: 'w',
    name: 'w',
    description: '',
    versionId: `sha256:${JSON.stringify(workflow).length}`,
    definition: workflow,
    kind: 'raw',
  });
  return rig.processor.start({
    userId: rig.userId,
    sessionId: 'session',
    waitMs: 20_000,
    projectName: 'p',
    forceNew: true,
    versionId: version.version_id,
    templateId: template.template_id,
    templateName: 'w',
    mode: 'real',
  });
}

describe('16 addons on a question', () => {
  const history = {
    addon_id: 'addons.usage_history',
    priority: 2,
    inputs: { colors: [{ max: 1, unit: 'day', color: 'bad' }] },
  };
  const matching = { addon_id: 'addons.compatibility', inputs: { source: ['{{ state.wish }}'] } };

  it('16.3 marks stand beside the data, by the path of the item, each with its source and priority', async () => {
    const { rig } = setup();
    const asked = await startOf(rig, workflowOf([history, matching]));
    expect(asked.interaction_request?.data).toEqual(dishes);
    expect(asked.interaction_request?.annotations).toEqual({
      '[0]': [{ source: 'addons.compatibility', badge: '50% match', priority: 0 }],
      '[1]': [{ source: 'addons.compatibility', badge: '0% match', priority: 0 }],
    });
  });

  it('16.4 the next question shows what the answer to the last one chose, from the time of the answer', async () => {
    const { rig, clock, database } = setup();
    const asked = await startOf(rig, workflowOf([history]));
    expect(asked.interaction_request?.annotations).toBeUndefined();
    clock.advance(1000);
    const answeredAt = clock.now().toISOString();
    const done = await rig.respond(asked, { selected_indices: [1] });
    expect(done.status).toBe('completed');
    expect(database.export().usage).toMatchObject([
      { user_id: rig.userId, step_id: 's', module_name: 'pick', key: 'Ice', used_at: answeredAt },
    ]);
    clock.advance(3 * 3_600_000);
    const again = await startOf(rig, workflowOf([history]));
    expect(again.interaction_request?.annotations).toEqual({
      '[1]': [{ source: 'addons.usage_history', badge: '3h ago', tone: 'bad', priority: 2 }],
    });
  });

  it('16.3 marks say nothing about what may be answered, so they are no part of the question’s hash', async () => {
    const { rig } = setup();
    const asked = await startOf(rig, workflowOf([matching]));
    const events = await rig.events(asked.workflow_run_id ?? '');
    const question = events.find((event) => event.type === 'interaction_requested');
    const { annotations, ...plain } = question?.data.request ?? {};
    expect(annotations).toBeDefined();
    expect(question?.data.question_hash).toBe(questionHash(plain as Parameters<typeof questionHash>[0]));
  });

  it('16.1 whatever is wrong with an addon is a warning on the event; the others go on', async () => {
    const { rig, database } = setup();
    database.usage.lastUsed = () => Promise.reject(new Error('disk'));
    const asked = await startOf(
      rig,
      workflowOf([
        { addon_id: 'addons.nonsense' },
        history,
        { addon_id: 'addons.compatibility', inputs: { colors: 'red' } },
        { addon_id: 'addons.compatibility', inputs: { source: '{{ 1 | nofilter }}' } },
        matching,
      ]),
    );
    expect(asked.status).toBe('awaiting_input');
    expect(Object.keys(asked.interaction_request?.annotations ?? {})).toEqual(['[0]', '[1]']);
    const events = await rig.events(asked.workflow_run_id ?? '');
    const question = events.find((event) => event.type === 'interaction_requested');
    expect(question?.data.warnings).toMatchObject([
      { code: 'module_not_registered', place: 'steps[0].modules[0].addons[0]' },
      { code: 'module_failed', place: 'steps[0].modules[0].addons[1]' },
      { code: 'input_invalid', place: 'steps[0].modules[0].addons[2]' },
      { code: 'filter_unknown', place: 'steps[0].modules[0].addons[3]' },
    ]);
  });

  it('16.1 a store that fails when the answer is noted is a warning; the answer counts', async () => {
    const { rig, database } = setup();
    const asked = await startOf(rig, workflowOf([history]));
    database.usage.touch = () => Promise.reject(new Error('disk'));
    const done = await rig.respond(asked, { selected_indices: [0] });
    expect(done.status).toBe('completed');
    const completed = (await rig.events(done.workflow_run_id ?? '')).find(({ type }) => type === 'module_completed');
    expect(completed?.data).toMatchObject({ warnings: [{ code: 'module_failed' }] });
  });

  it('16.5 histories of two users, and of runs without a template, are apart', async () => {
    const { rig, clock, database } = setup();
    await rig.respond(await startOf(rig, workflowOf([history])), { selected_indices: [0] });
    const other = createRig({ database, clock });
    expect((await startOf(other, workflowOf([history]))).interaction_request?.annotations).toBeUndefined();
    expect((await rig.start(workflowOf([history]))).interaction_request?.annotations).toBeUndefined();
  });

  it('16.4 killed at any write of the answer, the choice is noted with the time of the answer and the run ends', async () => {
    for (let write = 1; write <= 4; write += 1) {
      for (const moment of ['before', 'after'] as const) {
        const { rig, clock, database } = setup();
        const asked = await startOf(rig, workflowOf([history]));
        const mortal = createRig({ database: mortalDatabase(database, { write, moment }), clock, userId: rig.userId });
        const again = { idempotencyKey: 'k' };
        const fault = await mortal.respond(asked, { selected_indices: [0] }, again).catch((error: unknown) => error);
        if (fault instanceof Error) expect(fault).toBeInstanceOf(ProcessDied);
        clock.advance(60_000);
        await rig.processor.sweep();
        const done = await vi.waitFor(async () => {
          const now = await rig.respond(asked, { selected_indices: [0] }, again);
          expect([write, moment, now.status]).toEqual([write, moment, 'completed']);
          return now;
        });
        const answer = (await rig.events(done.workflow_run_id ?? '')).find(
          ({ type }) => type === 'interaction_response',
        );
        expect(database.export().usage).toMatchObject([{ key: 'Dal', used_at: answer?.time }]);
      }
    }
  });

  it('16.4 an answer that is applied again on another version is no new choice', async () => {
    const { rig, clock, database } = setup();
    const asked = await startOf(rig, workflowOf([history]));
    const done = await rig.respond(asked, { selected_indices: [0] });
    const before = database.export().usage;
    clock.advance(3_600_000);
    const edited = workflowOf([history], { prompt: 'Which one?' });
    const versionId = versionIdOf(edited);
    await database.definitions.keepDefinition({ versionId, definition: edited });
    const moved = await rig.processor.reconcile({
      userId: rig.userId,
      sessionId: 'session',
      waitMs: 20_000,
      runId: done.workflow_run_id ?? '',
      versionId,
      autoReapply: true,
    });
    expect(moved.status).toBe('completed');
    expect(moved.branch_id).not.toBe(done.branch_id);
    expect(database.export().usage).toEqual(before);
  });
});
