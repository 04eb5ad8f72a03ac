import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { strToU8, zipSync } from 'fflate';
import { sampleWorkflow } from '../../testing/sample-workflow.ts';
import { createServerRig, type Person, type ServerRig, startSample } from '../../testing/server-rig.ts';
import { cpuMs } from '@wfm/workflow-engine/testing';

let rig: ServerRig;
beforeAll(async () => {
  rig = await createServerRig();
});
afterAll(() => rig.close());

const create = async (person: Person, workflow: object, extra: object = {}) =>
  person.call('POST', '/workflow-templates', { workflow_content: workflow, ...extra });

/** The sample as a package: its first step in a file of its own. */
function packageOf(workflowId: string): Buffer {
  const workflow = sampleWorkflow({ workflow_id: workflowId });
  const [first, second] = workflow.steps;
  const files = {
    'main.json': strToU8(JSON.stringify({ ...workflow, steps: [{ $ref: 'steps/ask.json', type: 'json' }, second] })),
    'steps/ask.json': strToU8(JSON.stringify(first)),
    'notes/other.json': strToU8('{}'),
  };
  return Buffer.from(zipSync(files));
}

const upload = (person: Person, bytes: Buffer, purpose = 'package') =>
  person.call('POST', `/uploads?purpose=${purpose}`, bytes, { 'content-type': 'application/octet-stream' });

describe('templates', () => {
  test('created, listed, read, renamed, searched, deleted', async () => {
    const { bob } = rig;
    const made = await create(bob, sampleWorkflow({ workflow_id: 'one', name: 'First of all' }), { note: 'begin' });
    expect(made.statusCode).toBe(201);
    const { template, version_id: versionId, number, created } = made.json();
    expect([template.workflow_id, template.own, template.newest_version_id, number, created]).toEqual([
      'one',
      true,
      versionId,
      1,
      true,
    ]);
    const again = await create(bob, sampleWorkflow({ workflow_id: 'one', name: 'First of all' }));
    expect([again.statusCode, again.json().created]).toEqual([200, false]);
    const path = `/workflow-templates/${template.template_id}`;
    expect((await bob.call('GET', path)).json()).toEqual(template);
    const patched = (await bob.call('PATCH', path, { name: 'Renamed', description: 'D' })).json();
    expect(patched).toMatchObject({ name: 'Renamed', description: 'D' });
    expect((await bob.call('GET', '/workflow-templates?q=renam')).json().items).toHaveLength(1);
    expect((await bob.call('GET', '/workflow-templates?q=nothing')).json()).toEqual({ items: [], next_cursor: null });
    const run = await startSample(bob, 'kept', sampleWorkflow({ workflow_id: 'one', name: 'First of all' }));
    expect((await bob.call('DELETE', path)).statusCode).toBe(204);
    expect((await bob.call('GET', path)).json()).toMatchObject({ status: 404, code: 'version_not_found' });
    expect((await bob.call('GET', `/workflow/${run.workflow_run_id}/definition`)).json().version_id).toBe(versionId);
  });

  test('lists come in pages, and a cursor of another make is refused', async () => {
    const person = await rig.person();
    for (const id of ['p1', 'p2', 'p3']) await create(person, sampleWorkflow({ workflow_id: id, name: id }));
    const first = (await person.call('GET', '/workflow-templates?limit=2')).json();
    expect(first.items.map(({ name }: { name: string }) => name)).toEqual(['p1', 'p2']);
    const second = (await person.call('GET', `/workflow-templates?limit=2&cursor=${first.next_cursor}`)).json();
    expect([second.items.map(({ name }: { name: string }) => name), second.next_cursor]).toEqual([['p3'], null]);
    expect((await person.call('GET', '/workflow-templates?cursor=nonsense')).json()).toMatchObject({
      status: 400,
      code: 'request_invalid',
    });
    expect((await person.call('GET', '/workflow-templates?limit=0')).statusCode).toBe(400);
    expect((await person.call('GET', '/workflow-templates?page=2')).json().errors[0].path).toBe('page');
  });

  test('versions are published, listed, read and compared', async () => {
    const { alice } = rig;
    const made = (await create(alice, sampleWorkflow({ workflow_id: 'versions' }))).json();
    const path = `/workflow-templates/${made.template.template_id}/versions`;
    const changed = sampleWorkflow({ workflow_id: 'versions', question: 'Else?' });
    const second = await alice.call('POST', path, { workflow_content: changed, note: 'asked otherwise' });
    expect([second.statusCode, second.json().number]).toEqual([201, 2]);
    const { items } = (await alice.call('GET', path)).json();
    expect(items.map(({ number, note }: { number: number; note: string }) => [number, note])).toEqual([
      [2, 'asked otherwise'],
      [1, ''],
    ]);
    const one = (await alice.call('GET', `${path}/${made.version_id}`)).json();
    expect(one).toMatchObject({ number: 1, kind: 'raw', definition: { workflow_id: 'versions' } });
    const diff = (await alice.call('GET', `${path}/compare?a=${made.version_id}&b=${second.json().version_id}`)).json();
    expect(diff).toMatchObject({
      has_changes: true,
      changes: [{ type: 'changed', old_value: 'Which one?', new_value: 'Else?' }],
    });
    expect((await alice.call('GET', `${path}/compare?a=${made.version_id}&b=none`)).statusCode).toBe(404);
    expect((await alice.call('GET', `${path}/sha256:${'0'.repeat(64)}`)).statusCode).toBe(404);
    const other = await alice.call('POST', path, { workflow_content: sampleWorkflow({ workflow_id: 'another' }) });
    expect(other.json()).toMatchObject({ status: 400, errors: [{ path: 'workflow_content.workflow_id' }] });
    const faulty = { ...changed, steps: [{ step_id: 'a', modules: [{ module_id: 'no.such' }] }] };
    expect((await alice.call('POST', path, { workflow_content: faulty })).json()).toMatchObject({
      status: 422,
      code: 'module_not_registered',
    });
    expect((await alice.call('GET', path)).json().items).toHaveLength(2);
  });

  test('a version is cloned under a free id', async () => {
    const { alice } = rig;
    const made = (await create(alice, sampleWorkflow({ workflow_id: 'source' }))).json();
    const path = `/workflow-templates/${made.template.template_id}/versions/${made.version_id}/clone`;
    expect((await alice.call('POST', path)).json().template.workflow_id).toBe('source_copy');
    const named = (await alice.call('POST', path, { workflow_id: 'mine', name: 'Mine' })).json();
    expect(named.template).toMatchObject({ workflow_id: 'mine', name: 'Mine', own: true });
  });

  test('1.6 a global template is everybody’s to start and to clone, its owner’s to change', async () => {
    const { admin } = rig;
    const bob = await rig.person();
    const made = (await create(admin, sampleWorkflow({ workflow_id: 'global' }))).json();
    const path = `/workflow-templates/${made.template.template_id}`;
    expect((await bob.call('GET', path)).statusCode).toBe(404);
    const offered = await admin.call('POST', `${path}/versions/${made.version_id}/publish-global`);
    expect(offered.json()).toMatchObject({ is_global: true });
    expect((await bob.call('GET', path)).json()).toMatchObject({ own: false, is_global: true });
    expect((await bob.call('GET', '/workflow-templates')).json().items).toHaveLength(1);
    const run = await bob.call('POST', `/workflow/start/${made.version_id}`, { project_name: 'theirs' });
    expect(run.json().status).toBe('awaiting_input');
    expect((await admin.call('GET', '/workflows?q=theirs')).json().items).toEqual([]);
    for (const [method, url, body] of [
      ['PATCH', path, { name: 'x' }],
      ['DELETE', path, undefined],
      ['POST', `${path}/versions`, { workflow_content: sampleWorkflow({ workflow_id: 'global' }) }],
    ] as const) {
      expect((await bob.call(method, url, body)).json()).toMatchObject({ status: 403, code: 'forbidden' });
    }
    const clone = await bob.call('POST', `${path}/versions/${made.version_id}/clone`);
    expect(clone.json().template).toMatchObject({ workflow_id: 'global', own: true, is_global: false });
    expect((await admin.call('PATCH', path, { is_global: false })).json()).toMatchObject({ is_global: false });
    expect((await bob.call('GET', path)).statusCode).toBe(404);
    expect((await admin.call('PATCH', path, { is_global: true })).statusCode).toBe(400);
  });
});

describe('packages', () => {
  test('an uploaded ZIP becomes a template, and so does one in base64', async () => {
    const { alice } = rig;
    const bytes = packageOf('packed');
    const uploaded = await upload(alice, bytes);
    expect(uploaded.json()).toMatchObject({ bytes: bytes.length, mime: 'application/zip' });
    const { upload_id: uploadId } = uploaded.json();
    const made = await alice.call('POST', '/workflow-templates', { upload_id: uploadId, entry_point: 'main.json' });
    expect(made.statusCode).toBe(201);
    expect(made.json().diagnostics).toMatchObject([{ code: 'file_unused', file: 'notes/other.json' }]);
    const inline = await alice.call('POST', '/workflow-templates', { workflow_content: bytes.toString('base64') });
    expect([inline.statusCode, inline.json().version_id]).toEqual([200, made.json().version_id]);
    const started = await alice.call('POST', '/workflow/start', { project_name: 'packed', upload_id: uploadId });
    expect(started.json().status).toBe('awaiting_input');
    const missing = await alice.call('POST', '/workflow-templates', { upload_id: uploadId, entry_point: 'none.json' });
    expect(missing.json()).toMatchObject({ status: 400 });
  });

  test('an upload is its owner’s, of its purpose, for an hour', async () => {
    const { alice, bob } = rig;
    const { upload_id: uploadId, expires_at: expiresAt } = (await upload(alice, packageOf('mine'))).json();
    expect(Date.parse(expiresAt) - rig.clock.now().getTime()).toBeGreaterThan(3_590_000);
    const theirs = await bob.call('POST', '/workflow-templates', { upload_id: uploadId });
    const missing = await bob.call('POST', '/workflow-templates', { upload_id: randomUUID() });
    expect([theirs.statusCode, missing.statusCode]).toEqual([404, 404]);
    const answer = (await upload(alice, packageOf('answer'), 'answer')).json();
    expect((await alice.call('POST', '/workflow-templates', { upload_id: answer.upload_id })).statusCode).toBe(404);
    expect((await upload(alice, Buffer.alloc(10 * 1024 * 1024 + 1), 'answer')).json()).toMatchObject({
      status: 413,
      code: 'body_too_large',
    });
    expect((await upload(alice, Buffer.alloc(0))).statusCode).toBe(400);
    expect((await upload(alice, Buffer.alloc(1), 'other')).statusCode).toBe(400);
    expect((await alice.call('POST', '/uploads?purpose=answer', { json: true })).statusCode).toBe(400);
  });

  test.each([
    ['no ZIP at all', Buffer.from('PK nothing of the kind'), 'zip_invalid'],
    ['a path that climbs out', Buffer.from(zipSync({ '../main.json': strToU8('{}') })), 'zip_entry_refused'],
    ['a bomb', Buffer.from(zipSync({ 'main.json': new Uint8Array(19 * 1024 * 1024) })), 'zip_ratio'],
  ])('%s is refused at once', async (_name, bytes, code) => {
    const { upload_id: uploadId } = (await upload(rig.alice, bytes)).json();
    const started = cpuMs();
    const reply = await rig.alice.call('POST', '/workflow-templates', { upload_id: uploadId });
    expect(reply.json()).toMatchObject({ status: 400, code });
    expect(cpuMs() - started).toBeLessThan(1_000);
  });

  test('S4 two megabytes of blanks are no base64, and are seen to be none at once', async () => {
    const started = cpuMs();
    const reply = await rig.alice.call('POST', '/workflow-templates', {
      workflow_content: `${' '.repeat(2_000_000)}!`,
    });
    expect(reply.statusCode).toBe(400);
    expect(cpuMs() - started).toBeLessThan(1_000);
  });

  test('neither or both of two sources is refused', async () => {
    const { alice } = rig;
    expect((await alice.call('POST', '/workflow-templates', {})).json()).toMatchObject({
      status: 400,
      code: 'request_invalid',
    });
    const both = { workflow_content: {}, upload_id: 'x' };
    expect((await alice.call('POST', '/workflow-templates', both)).statusCode).toBe(400);
    expect((await alice.call('POST', '/workflow-templates', { workflow_content: 'no base64!' })).statusCode).toBe(400);
    const version = { project_name: 'p', workflow_content: sampleWorkflow(), workflow_version_id: 'v' };
    expect((await alice.call('POST', '/workflow/start', version)).statusCode).toBe(400);
  });
});

describe('validating without keeping', () => {
  test('a sound definition, every fault of another, and what cannot be read at all', async () => {
    const person = await rig.person();
    const check = async (content: unknown) =>
      (await person.call('POST', '/workflow/validate', { workflow_content: content })).json();
    expect(await check(sampleWorkflow())).toEqual({ valid: true, diagnostics: [] });
    const faulty = sampleWorkflow();
    faulty.steps[0]?.modules.push(
      { module_id: 'no.such', name: 'x', inputs: {} } as never,
      { module_id: 'user.select', name: 'y', inputs: {} } as never,
    );
    const found = await check(faulty);
    expect(found.valid).toBe(false);
    const places = found.diagnostics.map(({ place }: { place: string }) => place);
    expect(places).toContain('steps[0].modules[2].module_id');
    expect(places.length).toBeGreaterThan(1);
    expect((await check({ steps: 'none' })).valid).toBe(false);
    expect((await person.call('GET', '/workflow-templates')).json().items).toEqual([]);
  });
});

test('the catalogue lists modules with schemas and models without keys', async () => {
  const { alice } = rig;
  const { items: modules, addons } = (await alice.call('GET', '/modules')).json();
  const select = modules.find(({ module_id: id }: { module_id: string }) => id === 'user.select');
  expect(select).toMatchObject({ kind: 'interactive', inputs: { type: 'object', properties: { prompt: {} } } });
  expect(addons.map(({ addon_id: id }: { addon_id: string }) => id)).toEqual([
    'addons.compatibility',
    'addons.usage_history',
  ]);
  const models = (await alice.call('GET', '/models')).json();
  expect(models).toMatchObject({
    default_provider: 'scripted',
    items: [{ provider: 'scripted', configured: true, demo: true }],
  });
});

test('watching machines and pages find what they need without signing in', async () => {
  expect((await rig.app.inject('/ready')).json()).toEqual({ status: 'ready' });
  expect((await rig.app.inject('/config.json')).json()).toMatchObject({
    api_url: 'http://localhost:9000',
    virtual_api_url: 'http://localhost:9001',
  });
  const metrics = await rig.app.inject('/metrics');
  expect(metrics.headers['content-type']).toContain('text/plain');
  expect(metrics.body).toMatch(/wfm_http_request_seconds_count\{method="GET",route="\/ready",status="200"\} 1/);
  expect(metrics.body).toMatch(/wfm_runs_started_total [1-9]/);
  for (const url of [
    '/workflow/virtual',
    '/workflow/virtual/start',
    '/workflow/virtual/a/b/status',
    '/workflow/plan',
    '/workflow/generations',
  ]) {
    for (const method of ['GET', 'POST', 'DELETE'] as const) {
      const reply = await rig.alice.call(method, url, method === 'POST' ? {} : undefined);
      expect([method, url, reply.statusCode]).toEqual([method, url, 404]);
    }
    expect((await rig.app.inject(url)).statusCode).toBe(404);
  }
});
