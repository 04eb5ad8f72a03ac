import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { WorkflowResponse } from '@wfm/workflow-engine/models';
import { strToU8, zipSync } from 'fflate';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { accessKeyOf, call, freePort, HttpProblem, type Program, startProgram } from './support/programs.ts';

/** Bad input over real HTTP: a clear typed answer in well under a second, and both processes as healthy as before. */

const folder = mkdtempSync(join(tmpdir(), 'wfm-hostile-'));
let server: Program;
let virtual: Program;
let key: string;

beforeAll(async () => {
  const env = {
    WFM_DATA_DIR: folder,
    WFM_PORT: String(await freePort()),
    WFM_VIRTUAL_PORT: String(await freePort()),
  };
  server = await startProgram('server', env);
  virtual = await startProgram('virtual-server', env);
  key = await accessKeyOf(server);
});

afterEach(async () => {
  for (const url of [server.url, virtual.url]) expect((await fetch(`${url}/ready`)).status).toBe(200);
});

afterAll(async () => {
  expect(await Promise.all([server.end(), virtual.end()])).toEqual([0, 0]);
  rmSync(folder, { recursive: true, force: true });
});

/** The problem that a request meets. Half the promised second is for a machine that has something else to do. */
async function problem(method: string, url: string, body: unknown): Promise<HttpProblem> {
  const startedAt = performance.now();
  const met = await call(key, method, url, body).then(
    (answer) => new Error(`no problem was met: ${JSON.stringify(answer).slice(0, 300)}`),
    (error: unknown) => error,
  );
  expect(performance.now() - startedAt).toBeLessThan(1500);
  if (!(met instanceof HttpProblem)) throw met;
  expect(JSON.stringify(met.problem)).not.toMatch(/node_modules|\.ts:\d|at async/);
  return met;
}

const workflow = (modules: unknown[], more: object = {}) => ({
  format: 2,
  workflow_id: 'hostile',
  steps: [{ step_id: 'only', modules }],
  ...more,
});
const start = (content: unknown) =>
  problem('POST', `${server.url}/workflow/start`, { project_name: 'p', workflow_content: content, confirm: true });
const preview = (body: object) =>
  problem('POST', `${virtual.url}/workflow/start`, {
    virtual_db: null,
    target_step_id: 'only',
    target_module_name: 'a',
    ...body,
  });

async function upload(bytes: Uint8Array): Promise<string> {
  const reply = await fetch(`${server.url}/uploads?purpose=package`, {
    method: 'POST',
    headers: { 'x-access-key': key, 'content-type': 'application/octet-stream' },
    body: bytes as Uint8Array<ArrayBuffer>,
  });
  return ((await reply.json()) as { upload_id: string }).upload_id;
}

describe('a definition with faults', () => {
  const faulty = workflow([
    { module_id: 'no.such_module', name: 'a' },
    { module_id: 'user.text_input', name: 'a', inputs: {} },
    { module_id: 'transform.query', name: 'q', inputs: { data: [], pipeline: [{ $where: 'true' }] } },
    { module_id: 'io.render_template', name: 't', inputs: { template: 'ok\n{{ state.x | nofilter }}' } },
    { module_id: 'api.llm', name: 'l', inputs: { input: '{{ broken' } },
  ]);
  const codes = [
    'module_not_registered',
    'module_name_duplicate',
    'input_missing',
    'pipeline_stage_refused',
    'filter_unknown',
    'template_syntax',
  ];

  it.each(['production', 'preview'])('4 names every fault at once with its place: %s', async (where) => {
    const met = where === 'production' ? await start(faulty) : await preview({ workflow: faulty });
    expect(met.status).toBeGreaterThanOrEqual(400);
    expect(met.status).toBeLessThan(500);
    const errors = (met.problem as { errors: { path: string; code: string; params: Record<string, unknown> }[] })
      .errors;
    expect(errors.map((error) => error.code)).toEqual(expect.arrayContaining(codes));
    expect(errors.find((error) => error.code === 'filter_unknown')).toMatchObject({
      path: 'steps[0].modules[3].inputs.template',
      params: { line: 2 },
    });
    expect(errors.find((error) => error.code === 'pipeline_stage_refused')?.path).toContain(
      'steps[0].modules[2].inputs.pipeline[0]',
    );
  });

  it('23 JSON that is nested too deeply, and a body that is too large', async () => {
    let deep: unknown = 1;
    for (let level = 0; level < 100; level += 1) deep = [deep];
    expect((await start(workflow([], { initial_state: { deep } }))).problem.code).toMatch(
      /json_too_deep|request_invalid/,
    );
    const large = await start(workflow([], { description: 'x'.repeat(3 * 1024 * 1024) }));
    expect(large).toMatchObject({ status: 413, problem: { code: 'body_too_large' } });
  });
});

describe('a package that is an attack', () => {
  const startUpload = async (files: Record<string, Uint8Array>) =>
    problem('POST', `${server.url}/workflow-templates`, {
      upload_id: await upload(zipSync(files, { level: 9 })),
      entry_point: 'workflow.json',
    });
  const definition = strToU8(
    JSON.stringify(
      workflow([{ module_id: 'io.render_template', name: 'a', inputs: { template: { $ref: '../../etc/passwd' } } }]),
    ),
  );

  it('1.2 a bomb', async () => {
    const met = await startUpload({ 'workflow.json': definition, 'bomb.txt': new Uint8Array(64 * 1024 * 1024) });
    expect(met.problem.code).toMatch(/zip_ratio|zip_too_large/);
  });

  it('1.2 an entry that climbs out', async () => {
    expect((await startUpload({ 'workflow.json': definition, '../../evil.txt': strToU8('x') })).problem.code).toBe(
      'zip_entry_refused',
    );
  });

  it('3.2 a reference that leaves the package', async () => {
    const met = await startUpload({ 'workflow.json': definition });
    expect(met.problem).toMatchObject({ code: 'ref_outside_package' });
    expect(JSON.stringify(met.problem)).not.toContain('root:');
  });
});

describe('a draft that is an attack', () => {
  let address: string;
  let revision: string;
  beforeAll(async () => {
    const url = `${server.url}/workflow-templates`;
    const { items } = await call<{ items: { template_id: string }[] }>(key, 'GET', `${url}?q=hello`);
    address = `${url}/${items[0]?.template_id}`;
    const reply = await fetch(`${address}/draft`, { headers: { 'x-access-key': key } });
    revision = reply.headers.get('etag') ?? '';
  });

  const deep = `${'['.repeat(5_000)}${']'.repeat(5_000)}`;
  it.each([
    ['a path that climbs out', '{"put":{"../../etc/cron.d/x":"* * * * * root sh"}}', /^file_path_refused$/],
    ['a path with backslashes', '{"put":{"..\\\\..\\\\x":""}}', /^file_path_refused$/],
    ['NUL in a path', '{"put":{"a\\u0000.json":""}}', /^file_path_refused$/],
    ['a prototype', '{"put":{"__proto__":{"base64":""}}}', /^request_invalid$/],
    ['a constructor', '{"put":{"constructor":""}}', /^file_path_refused$/],
    ['pins that are nested without end', `{"preview":${deep}}`, /^json_too_deep$/],
    [
      'many files',
      `{"put":{${Array.from({ length: 100_000 }, (_, no) => `"f${no}":""`).join()}}}`,
      /^draft_too_large$/,
    ],
    ['many paths to delete', `{"delete":[${'"a",'.repeat(100_000)}"a"]}`, /^request_invalid$/],
    [
      'something that is only nearly base64',
      `{"put":{"a":{"base64":"${'AAAA'.repeat(250_000)}!"}}}`,
      /^request_invalid$/,
    ],
    ['half a body', '{"put":{"a":"', /^request_invalid$/],
  ])('1.2 23 %s', async (_name, body, code) => {
    const startedAt = performance.now();
    const reply = await fetch(`${address}/draft`, {
      method: 'PATCH',
      headers: { 'x-access-key': key, 'content-type': 'application/json', 'if-match': revision },
      body,
    });
    expect(performance.now() - startedAt).toBeLessThan(1500);
    const problem = (await reply.json()) as { code: string; status: number };
    expect([problem.code, problem.status < 500]).toEqual([expect.stringMatching(code), true]);
    const after = await fetch(`${address}/draft`, { headers: { 'x-access-key': key } });
    expect(after.headers.get('etag')).toBe(revision);
  });
});

describe('a snapshot that is not ours', () => {
  const small = workflow([{ module_id: 'user.text_input', name: 'a', inputs: { prompt: 'Hello?' } }]);
  const body = { workflow: small, mock: true, target_step_id: 'only', target_module_name: 'a' };
  let snapshot: string;

  beforeAll(async () => {
    const first = await call<{ virtual_db: string }>(key, 'POST', `${virtual.url}/workflow/start`, {
      ...body,
      virtual_db: null,
    });
    snapshot = first.virtual_db;
  });

  it('22 one byte flipped', async () => {
    const bytes = Buffer.from(snapshot, 'base64');
    const middle = Math.floor(bytes.length / 2);
    bytes[middle] = (bytes[middle] ?? 0) ^ 1;
    const met = await preview({ ...body, virtual_db: bytes.toString('base64') });
    expect(met.problem.code).toMatch(/snapshot_signature|snapshot_malformed/);
  });

  it('22 not a snapshot at all', async () => {
    expect((await preview({ ...body, virtual_db: 'bm90IGEgc25hcHNob3Q=' })).problem.code).toBe('snapshot_malformed');
  });

  it('23 larger than a snapshot may be', async () => {
    const met = await preview({ ...body, virtual_db: Buffer.alloc(5 * 1024 * 1024, 7).toString('base64') });
    expect(met).toMatchObject({ status: 413, problem: { code: 'snapshot_too_large' } });
  });
});

describe('a module that fails inside a sound request', () => {
  const run = (content: unknown) =>
    call<WorkflowResponse>(key, 'POST', `${server.url}/workflow/start`, {
      project_name: crypto.randomUUID(),
      workflow_content: content,
      confirm: true,
    });
  const kept = {
    module_id: 'transform.extract',
    name: 'before',
    inputs: { value: 'kept' },
    outputs_to_state: { value: 'before' },
  };

  it.each([
    'http://127.0.0.1:9000/health',
    'http://169.254.169.254/latest/meta-data/',
    'http://[::ffff:127.0.0.1]/',
    'http://2130706433/',
    'file:///etc/passwd',
  ])('S6 api.fetch of %s is refused, and what came before is kept', async (url) => {
    const response = await run(workflow([kept, { module_id: 'api.fetch', name: 'fetch', inputs: { url } }]));
    expect(response).toMatchObject({ status: 'error', error: { code: 'url_refused', module_id: 'api.fetch' } });
    const state = await call<{ state_mapped: Record<string, unknown> }>(
      key,
      'GET',
      `${server.url}/workflow/${response.workflow_run_id}/state`,
    );
    expect(state.state_mapped).toMatchObject({ before: 'kept' });
    const resumed = await call<WorkflowResponse>(
      key,
      'POST',
      `${server.url}/workflow/${response.workflow_run_id}/resume`,
      {},
    );
    expect(resumed).toMatchObject({ status: 'error', error: { code: 'url_refused', attempt: 2 } });
  });

  it('6.8 a template without end stops at its budget, with its place and line', async () => {
    const template = 'start\n{% for a in range(10000) %}{% for b in range(10000) %}x{% endfor %}{% endfor %}';
    const startedAt = performance.now();
    const response = await run(
      workflow([kept, { module_id: 'io.render_template', name: 'bomb', inputs: { template } }]),
    );
    expect(performance.now() - startedAt).toBeLessThan(1500);
    expect(response).toMatchObject({
      status: 'error',
      error: { code: 'template_limit', place: 'steps[0].modules[1].inputs.template' },
    });
  });

  it('6.6 a template that fails names the module and the line', async () => {
    const response = await run(
      workflow([{ module_id: 'io.render_template', name: 'div', inputs: { template: 'a\nb\n{{ 1 / 0 }}' } }]),
    );
    expect(response).toMatchObject({
      status: 'error',
      error: { code: 'template_error', place: 'steps[0].modules[0].inputs.template', params: { line: 3 } },
    });
  });
});

describe('5 paths that belong to another program', () => {
  it.each(['/workflow/virtual/start', '/workflow/plan', '/workflow/generations'])(
    '9000 answers 404 for %s',
    async (path) => {
      expect(await problem('POST', `${server.url}${path}`, {})).toMatchObject({ status: 404 });
    },
  );

  it('17.1 production has no field for mocks', async () => {
    for (const field of [{ mock: true }, { modes: {} }, { answers: 'sample' }, { scenario: {} }]) {
      const met = await problem('POST', `${server.url}/workflow/start`, {
        project_name: 'p',
        workflow_content: workflow([]),
        ...field,
      });
      expect(met.problem.code).toBe('mock_not_allowed');
    }
  });
});
