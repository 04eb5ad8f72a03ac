import { gunzipSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { canonicalLog, type RunEvent } from '@wfm/workflow-engine/events';
import type { InteractionAnswer, VirtualWorkflowResponse } from '@wfm/workflow-engine/models';
import { uuidIds } from '@wfm/db';
import { createRegistry, prepareStart, standardModules, WorkflowProcessor } from '@wfm/workflow-engine';
import { loadWorkflow } from '@wfm/workflow-engine/definition';
import { createMemoryDatabase } from '@wfm/workflow-engine/ports/memory';
import { cpuMs, createTestClock, runs, scriptedLlm } from '@wfm/workflow-engine/testing';
import { postcard, targets } from '../testing/sample-workflows.ts';
import { createVirtualRig, type VirtualRig } from '../testing/virtual-rig.ts';

const workflow = postcard();
let rig: VirtualRig;
let preview: VirtualWorkflowResponse;
beforeAll(async () => {
  rig = await createVirtualRig();
  preview = await rig.preview('/workflow/start', { workflow, virtual_db: null, ...targets.pickLine });
});
afterAll(() => rig.close());

const carried = (virtual_db: string) => ({ workflow, virtual_db, ...targets.pickLine });

/** Refused with that code within a second, and the server is as well as before. */
async function expectRefused(body: object, code: string, status: number, key?: string): Promise<void> {
  const before = cpuMs();
  const problem = await rig.refusal('/workflow/start', body, key);
  expect(cpuMs() - before).toBeLessThan(1000);
  expect(problem).toMatchObject({ code, status });
  expect((await rig.app.inject('/health')).statusCode).toBe(200);
  expect((await rig.preview('/workflow/start', carried(preview.virtual_db))).status).toBe('awaiting_input');
}

/** A snapshot of the preview with another content, signed as we would. */
function resigned(
  edit: (body: Snapshot) => void,
  owner = { userId: rig.users.ada, runId: preview.virtual_run_id },
): string {
  const body = snapshotOf(preview);
  edit(body);
  return rig.seal.seal(gzipSync(JSON.stringify(body)), owner);
}

interface Snapshot {
  user_id: string;
  virtual_run_id: string;
  stores: Record<string, Record<string, unknown>[]> & { events: RunEvent[] };
}

function snapshotOf({ virtual_db }: VirtualWorkflowResponse): Snapshot {
  return JSON.parse(gunzipSync(Buffer.from(virtual_db, 'base64')).toString()) as Snapshot;
}

describe('a snapshot that comes back', () => {
  it('22 tampered with is snapshot_signature', async () => {
    const bytes = Buffer.from(preview.virtual_db, 'base64');
    const at = bytes.length - 20;
    bytes[at] = (bytes[at] ?? 0) ^ 1;
    await expectRefused(carried(bytes.toString('base64')), 'snapshot_signature', 400);
  });

  it('22 unsigned is snapshot_signature', async () => {
    const bare = gzipSync(gunzipSync(Buffer.from(preview.virtual_db, 'base64'))).toString('base64');
    await expectRefused(carried(bare), 'snapshot_signature', 400);
  });

  it('22 of another person is snapshot_signature, whatever it is used for', async () => {
    await expectRefused(carried(preview.virtual_db), 'snapshot_signature', 400, rig.keys.bob);
    for (const path of ['state', 'interaction-history', 'branches']) {
      const problem = await rig.refusal(`/workflow/${path}`, { virtual_db: preview.virtual_db }, rig.keys.bob);
      expect(problem.code).toBe('snapshot_signature');
    }
  });

  it('22 of another run is snapshot_foreign', async () => {
    const other = await rig.preview('/workflow/start', { workflow, virtual_db: null, ...targets.pickLine });
    const body = { workflow, virtual_db: other.virtual_db, virtual_run_id: preview.virtual_run_id };
    const answer = { interaction_id: preview.interaction_request?.interaction_id, response: { value: 'x' } };
    expect(await rig.refusal('/workflow/respond', { ...body, ...answer })).toMatchObject({
      code: 'snapshot_foreign',
      status: 400,
    });
  });

  it('22 not a snapshot at all is snapshot_malformed', async () => {
    for (const text of ['hello', '%%%', Buffer.from('plain').toString('base64')]) {
      await expectRefused(carried(text), 'snapshot_malformed', 400);
    }
  });

  it('23 over 4 MB is snapshot_too_large; over 8 MB the body is refused unread', async () => {
    await expectRefused(carried('A'.repeat(6_000_000)), 'snapshot_too_large', 413);
    await expectRefused(carried('A'.repeat(9_000_000)), 'body_too_large', 413);
  });

  it('S2 a signed bomb is snapshot_too_large', async () => {
    const bomb = gzipSync(Buffer.alloc(200_000_000), { level: 9 });
    const text = rig.seal.seal(bomb, { userId: rig.users.ada, runId: preview.virtual_run_id });
    await expectRefused(carried(text), 'snapshot_too_large', 413);
  });

  it('22.3 of a newer version is snapshot_version', async () => {
    await expectRefused(carried(resigned((body) => Object.assign(body, { snapshot: 7 }))), 'snapshot_version', 400);
  });

  it('S16 signed, yet forged inside, it reaches nobody else and breaks nothing', async () => {
    const forgeries: ((body: Snapshot) => void)[] = [
      (body) => Object.assign(body.stores, { users: [{ user_id: 'x', role: 'admin' }] }),
      (body) => Object.assign(body.stores['runs']?.[0] ?? {}, { user_id: rig.users.bob }),
      (body) => body.stores.events.splice(1, 1),
      (body) => Object.assign(body.stores.events.at(-1)?.data ?? {}, { request: null }),
    ];
    for (const edit of forgeries) await expectRefused(carried(resigned(edit)), 'snapshot_malformed', 400);
    // A shape that every schema accepts, and that makes no sense to the engine.
    const headless = resigned((body) => {
      for (const event of body.stores.events) if (event.type === 'module_started') event.module_name = 'nobody';
    });
    const reply = await rig.post('/workflow/start', carried(headless));
    expect(reply.statusCode).toBeLessThan(500);
  });

  it('S16 signed, with anything changed inside, it is accepted or refused, never an error of ours', async () => {
    const paths = ['start', 'resume', 'state', 'interaction-history', 'branches'];
    const change = fc.tuple(fc.nat(), fc.jsonValue({ maxDepth: 1 }), fc.constantFrom(...paths));
    const property = fc.asyncProperty(change, async ([pick, value, path]) => {
      const virtual_db = resigned((body) => replaceSomewhere(body.stores, pick, value));
      const reading = path !== 'start' && path !== 'resume';
      const reply = await rig.post(`/workflow/${path}`, reading ? { virtual_db } : { workflow, virtual_db });
      expect(reply.statusCode).toBeLessThan(500);
    });
    await fc.assert(property, { numRuns: runs(200, 2000) });
    expect((await rig.app.inject('/health')).statusCode).toBe(200);
  });

  it('8.4 carries no credential', async () => {
    const own = await createVirtualRig({ script: () => JSON.stringify({ lines: ['a', 'b', 'c'] }) });
    const done = await own.preview('/workflow/start', {
      workflow,
      virtual_db: null,
      mock: false,
      answers: 'sample',
      ai_config: { model: 'm', api_key: 'sk-canary-1234' },
    });
    expect(done.status).toBe('completed');
    expect(JSON.stringify(done)).not.toContain('canary');
    expect(JSON.stringify(snapshotOf(done))).not.toContain('canary');
    await own.close();
  });
});

/** Replaces one member somewhere in a tree. */
function replaceSomewhere(root: object, pick: number, value: unknown): void {
  const places: [Record<string, unknown>, string][] = [];
  const visit = (node: unknown): void => {
    if (typeof node !== 'object' || node === null) return;
    for (const key of Object.keys(node)) {
      places.push([node as Record<string, unknown>, key]);
      visit((node as Record<string, unknown>)[key]);
    }
  };
  visit(root);
  const [node, key] = places[pick % places.length] ?? [{}, ''];
  node[key] = value;
}

describe('statelessness', () => {
  /** All answers of a workflow, each request sent to the server that `next` gives. */
  async function play(next: () => Promise<VirtualRig>): Promise<{ log: string[]; state: unknown }> {
    let at = await (await next()).preview('/workflow/start', { workflow, virtual_db: null, ...targets.sign });
    const answers: InteractionAnswer[] = [{ value: 'Évora' }, { selected_indices: [2] }];
    for (const response of answers) {
      const { virtual_db, virtual_run_id, interaction_request: request } = at;
      const body = { workflow, virtual_db, virtual_run_id, interaction_id: request?.interaction_id, response };
      at = await (await next()).preview('/workflow/respond', body);
    }
    const rest = await (await next()).preview('/workflow/resume/confirm', {
      workflow,
      virtual_db: at.virtual_db,
      target_step_id: null,
    });
    return { log: canonicalLog(snapshotOf(rest).stores.events), state: rest.state.state_mapped };
  }

  it('a server that is new before every request gives what one server gives', async () => {
    const rigs: VirtualRig[] = [];
    const fresh = async (): Promise<VirtualRig> => {
      const made = await createVirtualRig();
      rigs.push(made);
      return made;
    };
    const restarted = await play(fresh);
    const one = await play(() => Promise.resolve(rig));
    expect(restarted).toEqual(one);
    expect(rigs).toHaveLength(4);
    await Promise.all(rigs.map((each) => each.close()));
  });

  it('law 5: a preview in real mode writes the log that production writes', async () => {
    const script = () => JSON.stringify({ lines: ['a', 'b', 'c'] });
    const clock = createTestClock();
    const database = createMemoryDatabase({ clock });
    const registry = createRegistry(standardModules);
    const ids = uuidIds();
    const http = { fetch: () => Promise.reject(new Error('there is no network')) };
    const llm = scriptedLlm(script);
    const production = new WorkflowProcessor({ database, registry, llm, http, clock, ids, engine: 'e', executor: 'x' });
    const loaded = loadWorkflow({ json: workflow });
    const prepared = await prepareStart(database.definitions, registry, { ownerId: 'u', loaded, confirm: true });
    if (prepared.kind !== 'ready') throw new Error('the version is not ready');
    const { template, versionId } = prepared;
    const caller = { userId: 'u', sessionId: 'key-ada', waitMs: 10_000 };
    const head = { versionId, templateId: template.template_id, templateName: template.name };
    let at = await production.start({ ...caller, ...head, projectName: 'preview', mode: 'real' });
    const runId = at.workflow_run_id ?? '';
    const own = await createVirtualRig({ script });
    let shown = await own.preview('/workflow/start', { workflow, virtual_db: null, mock: false });
    for (const response of [{ value: 'Évora' }, { selected_indices: [2] }]) {
      const interactionId = at.interaction_request?.interaction_id ?? '';
      at = await production.respond({ ...caller, runId, interactionId, answer: response });
      const { virtual_db, virtual_run_id, interaction_request: request } = shown;
      const question = { interaction_id: request?.interaction_id, response };
      shown = await own.preview('/workflow/respond', { workflow, virtual_db, virtual_run_id, ...question });
    }
    expect([at.status, shown.status]).toEqual(['completed', 'completed']);
    const events = await database.runs.readLine({ runId, branchId: at.branch_id ?? '', afterSeq: -1 });
    expect(canonicalLog(snapshotOf(shown).stores.events)).toEqual(canonicalLog(events));
    await own.close();
  });
});
