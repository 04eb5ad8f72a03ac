import { randomUUID } from 'node:crypto';
import { strToU8, unzipSync, zipSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sampleWorkflow } from '../../testing/sample-workflow.ts';
import { createServerRig, type Person, type ServerRig } from '../../testing/server-rig.ts';

/** Drafts, publishing them, and packages (api.md, Draft). */

let rig: ServerRig;
beforeAll(async () => {
  rig = await createServerRig();
});
afterAll(() => rig.close());

/** A PNG's beginning: no UTF-8. */
const pixel = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0, 0xff, 0xfe);
const marked = '\uFEFFWith a mark\r\n';

/** The sample as a package: its first step and a prompt in files of their own, with what nothing refers to beside them. */
function packageOf(workflowId: string): Record<string, Uint8Array> {
  const { steps, ...head } = sampleWorkflow({ workflow_id: workflowId });
  return {
    'main.json': strToU8(
      `${JSON.stringify({ ...head, steps: [{ $ref: 'steps/ask.json', type: 'json' }, steps[1]] })}\n`,
    ),
    'steps/ask.json': strToU8(JSON.stringify(steps[0], null, '\t')),
    'deep/er/ünï.txt': strToU8(marked),
    'data/pixel.png': pixel,
    'data/empty': new Uint8Array(0),
    'data/zeros.txt': new Uint8Array(50_000).fill(48),
  };
}

async function create(person: Person, files: Record<string, Uint8Array>) {
  const zip = Buffer.from(zipSync(files, { level: 0 }));
  const made = await person.call('POST', '/workflow-templates', { workflow_content: zip.toString('base64') });
  expect(made.body).toContain('version_id');
  return {
    path: `/workflow-templates/${made.json().template.template_id}`,
    versionId: made.json().version_id as string,
  };
}

async function createPlain(person: Person, workflowId: string) {
  const made = await person.call('POST', '/workflow-templates', {
    workflow_content: sampleWorkflow({ workflow_id: workflowId }),
  });
  return {
    path: `/workflow-templates/${made.json().template.template_id}`,
    versionId: made.json().version_id as string,
  };
}

const patch = (person: Person, path: string, revision: number | string, body: object) =>
  person.call('PATCH', `${path}/draft`, body, { 'if-match': `"${revision}"` });

const asked = (question: string, workflowId: string) =>
  `${JSON.stringify(sampleWorkflow({ workflow_id: workflowId, question }), null, 2)}\n`;

describe('a draft', () => {
  test('begins as the files of the newest version, text as text and the rest in base64', async () => {
    const { path, versionId } = await create(rig.alice, packageOf('begins'));
    const reply = await rig.alice.call('GET', `${path}/draft`);
    expect(reply.headers['etag']).toBe('"1"');
    const { files, ...draft } = reply.json();
    expect(draft).toMatchObject({
      entry_point: 'main.json',
      source_buffer: null,
      preview: null,
      revision: 1,
      base_version_id: versionId,
    });
    expect(files['deep/er/ünï.txt']).toBe(marked);
    expect(files['data/pixel.png']).toEqual({ base64: Buffer.from(pixel).toString('base64') });
    expect(files['data/empty']).toBe('');
    expect(Object.keys(files)).toHaveLength(6);
  });

  test('of a version that came as JSON is one file, which is that very version', async () => {
    const { path, versionId } = await createPlain(rig.alice, 'plain');
    const draft = (await rig.alice.call('GET', `${path}/draft`)).json();
    expect(Object.keys(draft.files)).toEqual(['workflow.json']);
    const published = await rig.alice.call('POST', `${path}/versions`, {});
    expect([published.statusCode, published.json().version_id]).toEqual([200, versionId]);
  });

  test('is changed by what a PATCH names, one revision after the other', async () => {
    const { path } = await create(rig.alice, packageOf('changed'));
    const sourceBuffer = { path: 'main.json', text: '{"steps": [' };
    const first = await patch(rig.alice, path, 1, {
      put: { 'new/file.txt': 'Zeichen: ü 🦊', 'data/empty': { base64: '/w==' } },
      delete: ['data/zeros.txt', 'never there'],
      source_buffer: sourceBuffer,
      preview: { pins: { 'ask/pick': 1 } },
    });
    expect([first.statusCode, first.json().revision, first.headers['etag']]).toEqual([200, 2, '"2"']);
    const draft = (await rig.alice.call('GET', `${path}/draft`)).json();
    expect(draft).toMatchObject({ revision: 2, source_buffer: sourceBuffer, preview: { pins: { 'ask/pick': 1 } } });
    expect(draft.files).toMatchObject({ 'new/file.txt': 'Zeichen: ü 🦊', 'data/empty': { base64: '/w==' } });
    expect(Object.hasOwn(draft.files, 'data/zeros.txt')).toBe(false);
    await patch(rig.alice, path, 2, { source_buffer: null });
    expect((await rig.alice.call('GET', `${path}/draft`)).json()).toMatchObject({
      revision: 3,
      source_buffer: null,
      preview: { pins: { 'ask/pick': 1 } },
      files: draft.files,
    });
  });

  test('that was changed elsewhere answers 412 with what there is, and stays as it is', async () => {
    const { path } = await createPlain(rig.alice, 'conflict');
    expect((await patch(rig.alice, path, 1, { put: { a: 'first' } })).statusCode).toBe(200);
    const late = await patch(rig.alice, path, 1, { put: { a: 'second' } });
    expect(late.json()).toMatchObject({
      status: 412,
      code: 'draft_conflict',
      params: { revision: 2 },
      details: { draft: { revision: 2, files: { a: 'first' } } },
    });
    expect((await rig.alice.call('GET', `${path}/draft`)).json().files.a).toBe('first');
  });

  test('is not changed by who does not say which revision was seen', async () => {
    const { path } = await createPlain(rig.alice, 'blind');
    const blind = await rig.alice.call('PATCH', `${path}/draft`, { put: { a: '' } });
    expect(blind.json()).toMatchObject({ status: 400, code: 'request_invalid', errors: [{ path: 'if-match' }] });
    for (const odd of ['*', 'one', '1.5', '-1', '"1", "2"']) {
      const reply = await rig.alice.call('PATCH', `${path}/draft`, { put: {} }, { 'if-match': odd });
      expect([odd, reply.statusCode]).toEqual([odd, 400]);
    }
    expect((await rig.alice.call('GET', `${path}/draft`)).json().revision).toBe(1);
  });

  test('is discarded to the newest version; its line of revisions and its pins go on', async () => {
    const { path, versionId } = await create(rig.alice, packageOf('discarded'));
    const files = (await rig.alice.call('GET', `${path}/draft`)).json().files;
    await patch(rig.alice, path, 1, { put: { 'main.json': '{}' }, preview: { pins: {} } });
    const other = await rig.alice.call('DELETE', `${path}/draft`, undefined, { 'if-match': '"1"' });
    expect(other.json()).toMatchObject({ code: 'draft_conflict', details: { draft: { revision: 2 } } });
    expect((await rig.alice.call('DELETE', `${path}/draft`, undefined, { 'if-match': '"2"' })).statusCode).toBe(204);
    expect((await rig.alice.call('GET', `${path}/draft`)).json()).toMatchObject({
      revision: 3,
      base_version_id: versionId,
      preview: { pins: {} },
      files,
    });
    expect((await rig.alice.call('DELETE', `${path}/draft`)).statusCode).toBe(204);
    expect((await patch(rig.alice, path, 2, { put: { a: '' } })).statusCode).toBe(412);
  });

  test('that nobody edited follows the newest version; one that was edited stays', async () => {
    const { path } = await createPlain(rig.alice, 'follows');
    const draft = async () => (await rig.alice.call('GET', `${path}/draft`)).json();
    await draft();
    const publish = async (question: string) =>
      (
        await rig.alice.call('POST', `${path}/versions`, {
          workflow_content: sampleWorkflow({ workflow_id: 'follows', question }),
        })
      ).json();
    const second = await publish('Second?');
    const followed = await draft();
    expect(followed).toMatchObject({ revision: 2, base_version_id: second.version_id });
    expect(followed.files['workflow.json']).toContain('Second?');
    await patch(rig.alice, path, 2, { put: { note: 'mine' } });
    await publish('Third?');
    expect(await draft()).toMatchObject({ revision: 3, base_version_id: second.version_id, files: { note: 'mine' } });
  });

  test('of somebody else’s global template is refused: clone it first', async () => {
    const { admin } = rig;
    const bob = await rig.person();
    const { path, versionId } = await create(admin, packageOf('offered'));
    await admin.call('POST', `${path}/versions/${versionId}/publish-global`);
    for (const [method, url, body] of [
      ['GET', `${path}/draft`, undefined],
      ['PATCH', `${path}/draft`, {}],
      ['DELETE', `${path}/draft`, undefined],
      ['GET', `${path}/checkpoints`, undefined],
      ['POST', `${path}/checkpoints`, { label: 'x' }],
      ['POST', `${path}/versions`, {}],
    ] as const) {
      const reply = await bob.call(method, url, body);
      expect([url, reply.json().code, reply.json().detail]).toEqual([
        url,
        'forbidden',
        'This template belongs to somebody else. Clone a version of it to change it.',
      ]);
    }
    expect((await bob.call('GET', `${path}/versions/${versionId}/package`)).statusCode).toBe(200);
    const clone = (await bob.call('POST', `${path}/versions/${versionId}/clone`, { name: 'Bob’s' })).json();
    const mine = (await bob.call('GET', `/workflow-templates/${clone.template.template_id}/draft`)).json();
    const { files } = (await admin.call('GET', `${path}/draft`)).json();
    expect(JSON.parse(mine.files['main.json'])).toMatchObject({ workflow_id: 'offered', name: 'Bob’s' });
    expect({ ...mine.files, 'main.json': '' }).toEqual({ ...files, 'main.json': '' });
  });

  test('goes with its template', async () => {
    const { path, versionId } = await createPlain(rig.alice, 'gone');
    await rig.alice.call('GET', `${path}/draft`);
    await rig.alice.call('POST', `${path}/checkpoints`, { label: 'kept' });
    await rig.alice.call('DELETE', path);
    for (const url of [`${path}/draft`, `${path}/checkpoints`, `${path}/versions/${versionId}/package`])
      expect([url, (await rig.alice.call('GET', url)).statusCode]).toEqual([url, 404]);
    const again = await createPlain(rig.alice, 'gone');
    expect((await rig.alice.call('GET', `${again.path}/draft`)).json().revision).toBe(1);
    expect((await rig.alice.call('GET', `${again.path}/checkpoints`)).json().items).toEqual([]);
  });
});

describe('what a draft does not take', () => {
  const big = 'x'.repeat(1024 * 1024 + 1);
  test.each([
    ['a path that climbs out', { put: { '../a': '' } }, 422, 'file_path_refused', 'put["../a"]'],
    ['an absolute path', { put: { '/etc/passwd': '' } }, 422, 'file_path_refused', 'put["/etc/passwd"]'],
    ['a drive letter', { put: { 'C:\\a': '' } }, 422, 'file_path_refused', 'put["C:\\\\a"]'],
    ['another spelling of a path', { put: { 'a//b/./c': '' } }, 422, 'file_path_refused', 'put["a//b/./c"]'],
    ['a folder', { put: { 'a/': '' } }, 422, 'file_path_refused', 'put["a/"]'],
    ['no name', { put: { '': '' } }, 422, 'file_path_refused', 'put[""]'],
    ['a name of every object', { put: { constructor: '' } }, 422, 'file_path_refused', 'put.constructor'],
    ['a control character', { put: { 'a\nb': '' } }, 422, 'file_path_refused', 'put["a\\nb"]'],
    [
      'the same file in other letters',
      { put: { 'WORKFLOW.json': '' } },
      422,
      'file_path_refused',
      'put["WORKFLOW.json"]',
    ],
    ['a long path', { put: { ['a'.repeat(501)]: '' } }, 422, 'file_path_refused', `put.${'a'.repeat(501)}`],
    ['no base64', { put: { a: { base64: '!' } } }, 400, 'request_invalid', 'put.a.base64'],
    ['another field', { put: { a: { base64: '', mime: 'x' } } }, 400, 'request_invalid', undefined],
    ['no text at all', { put: { a: 7 } }, 400, 'request_invalid', undefined],
    ['a file over 10 MiB', { put: { a: 'x'.repeat(10 * 1024 * 1024 + 1) } }, 413, 'draft_too_large', 'put.a'],
    [
      'more than 500 files',
      { put: Object.fromEntries(Array.from({ length: 500 }, (_, no) => [`f${no}`, ''])) },
      413,
      'draft_too_large',
      'put',
    ],
    [
      'more than 20 MiB together',
      { put: Object.fromEntries(Array.from({ length: 3 }, (_, no) => [`f${no}`, 'x'.repeat(7 * 1024 * 1024)])) },
      413,
      'draft_too_large',
      'put',
    ],
    [
      'a large unfinished text',
      { source_buffer: { path: 'a', text: big } },
      413,
      'draft_too_large',
      'source_buffer.text',
    ],
    [
      'an unfinished text of nowhere',
      { source_buffer: { path: '../a', text: '' } },
      422,
      'file_path_refused',
      'source_buffer.path',
    ],
    ['large pins', { preview: [big, big, big, big] }, 413, 'draft_too_large', 'preview'],
    ['a body over 32 MiB', { preview: 'x'.repeat(32 * 1024 * 1024) }, 413, 'body_too_large', undefined],
  ])('%s', async (name, body, status, code, place) => {
    const { path } = await createPlain(rig.alice, `refused-${name.replaceAll(/\W/g, '-')}`);
    const before = (await rig.alice.call('GET', `${path}/draft`)).json();
    const reply = (await patch(rig.alice, path, 1, body)).json();
    expect(reply).toMatchObject({ status, code });
    if (place !== undefined) expect(reply.errors[0].path).toBe(place);
    expect((await rig.alice.call('GET', `${path}/draft`)).json()).toEqual(before);
  });

  test('the key __proto__, as no body does', async () => {
    const { path } = await createPlain(rig.alice, 'proto');
    const reply = await rig.app.inject({
      method: 'PATCH',
      url: `${path}/draft`,
      headers: {
        ...(await headersOf(rig.alice)),
        'content-type': 'application/json',
        'if-match': '1',
      },
      payload: '{"put":{"__proto__":"x"}}',
    });
    expect(reply.json()).toMatchObject({ status: 400, code: 'request_invalid' });
    const zip = Buffer.from(zipSync({ ...packageOf('proto2'), constructor: strToU8('x') }));
    const made = await rig.alice.call('POST', '/workflow-templates', { workflow_content: zip.toString('base64') });
    expect(made.json()).toMatchObject({ status: 400, code: 'zip_entry_refused' });
  });
});

async function headersOf(person: Person): Promise<Record<string, string>> {
  const key = (await person.call('POST', '/auth/access-keys', { label: randomUUID() })).json().access_key;
  return { 'x-access-key': key };
}

describe('checkpoints', () => {
  test('keep the draft as it was, newest first', async () => {
    const { path, versionId } = await create(rig.alice, packageOf('kept'));
    const before = (await rig.alice.call('GET', `${path}/draft`)).json();
    const first = await rig.alice.call('POST', `${path}/checkpoints`, { label: ' Before ' });
    expect(first.statusCode).toBe(201);
    expect(first.json()).toMatchObject({ label: 'Before', base_version_id: versionId });
    await patch(rig.alice, path, 1, { put: { 'main.json': '{}' }, preview: { pins: 1 } });
    const second = await rig.alice.call('POST', `${path}/checkpoints`, { label: 'After' });
    const list = (await rig.alice.call('GET', `${path}/checkpoints`)).json();
    expect(list).toEqual({ items: [second.json(), first.json()], next_cursor: null });
    const kept = (await rig.alice.call('GET', `${path}/checkpoints/${first.json().checkpoint_id}`)).json();
    expect(kept).toEqual({ ...first.json(), entry_point: 'main.json', files: before.files, preview: null });
  });

  test('keep the side that a conflict was decided against', async () => {
    const { path } = await createPlain(rig.alice, 'lost');
    const draft = { entry_point: 'w.json', files: { 'w.json': '{"half":', 'p.png': { base64: '/w==' } }, preview: [1] };
    const made = (await rig.alice.call('POST', `${path}/checkpoints`, { label: 'Mine', draft })).json();
    expect((await rig.alice.call('GET', `${path}/checkpoints/${made.checkpoint_id}`)).json()).toEqual({
      ...made,
      ...draft,
    });
    expect((await rig.alice.call('GET', `${path}/draft`)).json().revision).toBe(1);
  });

  test('take no more than a draft, and want a name', async () => {
    const { path } = await createPlain(rig.alice, 'nameless');
    const post = async (body: object) => (await rig.alice.call('POST', `${path}/checkpoints`, body)).json();
    expect(await post({ label: ' ' })).toMatchObject({ status: 400, errors: [{ path: 'label' }] });
    const climbing = { entry_point: 'a', files: { '../a': '' } };
    expect(await post({ label: 'x', draft: climbing })).toMatchObject({
      code: 'file_path_refused',
      errors: [{ path: 'draft.files["../a"]' }],
    });
    expect((await rig.alice.call('GET', `${path}/checkpoints/${randomUUID()}`)).json()).toMatchObject({
      status: 404,
      code: 'checkpoint_not_found',
    });
  });
});

describe('publishing a draft', () => {
  test('makes a version of it, with its note; the draft goes on from there', async () => {
    const { path, versionId } = await createPlain(rig.alice, 'published');
    await patch(rig.alice, path, 1, { put: { 'workflow.json': asked('Really?', 'published') } });
    const reply = await rig.alice.call('POST', `${path}/versions`, { note: 'better' }, { 'if-match': '"2"' });
    expect(reply.statusCode).toBe(201);
    expect(reply.json()).toMatchObject({
      number: 2,
      created: true,
      template: { newest_version_id: reply.json().version_id },
    });
    const { items } = (await rig.alice.call('GET', `${path}/versions`)).json();
    expect(items.map(({ note }: { note: string }) => note)).toEqual(['better', '']);
    expect((await rig.alice.call('GET', `${path}/draft`)).json()).toMatchObject({
      revision: 2,
      base_version_id: reply.json().version_id,
    });
    expect(reply.json().version_id).not.toBe(versionId);
  });

  test('is stopped by another revision, by a text that does not parse, and by faults', async () => {
    const { path } = await createPlain(rig.alice, 'stopped');
    const publish = async (headers = {}) => (await rig.alice.call('POST', `${path}/versions`, {}, headers)).json();
    await patch(rig.alice, path, 1, { source_buffer: { path: 'workflow.json', text: '{\n  "steps": [}' } });
    expect(await publish({ 'if-match': '1' })).toMatchObject({
      code: 'draft_conflict',
      details: { draft: { revision: 2 } },
    });
    expect(await publish()).toMatchObject({ status: 400, code: 'json_invalid', params: { line: 2 } });
    const faulty = {
      ...sampleWorkflow({ workflow_id: 'stopped' }),
      steps: [{ step_id: 'a', modules: [{ module_id: 'no' }] }],
    };
    await patch(rig.alice, path, 2, { source_buffer: null, put: { 'workflow.json': JSON.stringify(faulty) } });
    expect(await publish()).toMatchObject({ status: 422, code: 'module_not_registered' });
    await patch(rig.alice, path, 3, { put: { 'workflow.json': asked('?', 'renamed') } });
    expect(await publish()).toMatchObject({ status: 400, errors: [{ path: 'workflow_id' }] });
    await patch(rig.alice, path, 4, { delete: ['workflow.json'] });
    expect(await publish()).toMatchObject({ status: 400, code: 'entry_point_missing' });
    expect((await rig.alice.call('GET', `${path}/versions`)).json().items).toHaveLength(1);
    expect((await rig.alice.call('GET', `${path}/draft`)).json().revision).toBe(5);
  });
});

describe('packages', () => {
  const exported = async (person: Person, path: string, versionId: string) => {
    const reply = await person.call('GET', `${path}/versions/${versionId}/package`);
    expect(reply.headers['content-type']).toBe('application/zip');
    return { headers: reply.headers, bytes: reply.rawPayload };
  };

  test('export and import give the same files, byte for byte, and the same version', async () => {
    const files = packageOf('round');
    const { path, versionId } = await create(rig.alice, files);
    const { bytes, headers } = await exported(rig.alice, path, versionId);
    expect(headers['content-disposition']).toBe('attachment; filename="round.zip"');
    expect({ ...unzipSync(bytes) }).toEqual(files);
    const bob = await rig.person();
    const made = await bob.call('POST', '/workflow-templates', { workflow_content: bytes.toString('base64') });
    expect(made.json()).toMatchObject({ version_id: versionId });
    const again = `/workflow-templates/${made.json().template.template_id}`;
    expect((await exported(bob, again, versionId)).bytes.equals(bytes)).toBe(true);
    expect((await bob.call('GET', `${again}/draft`)).json().files).toEqual(
      (await rig.alice.call('GET', `${path}/draft`)).json().files,
    );
  });

  test('a published draft exports as it was written, and a JSON definition as one file', async () => {
    const { path, versionId } = await createPlain(rig.alice, 'written');
    const one = unzipSync((await exported(rig.alice, path, versionId)).bytes);
    expect(Object.keys(one)).toEqual(['workflow.json']);
    const put = { 'workflow.json': asked('Now?', 'written'), 'notes/a.txt': 'for later' };
    await patch(rig.alice, path, 1, { put });
    const next = (await rig.alice.call('POST', `${path}/versions`, {})).json();
    const two = unzipSync((await exported(rig.alice, path, next.version_id)).bytes);
    expect(Object.fromEntries(Object.entries(two).map(([name, data]) => [name, Buffer.from(data).toString()]))).toEqual(
      put,
    );
    const bob = await rig.person();
    const zip = Buffer.from(zipSync(one)).toString('base64');
    expect((await bob.call('POST', '/workflow-templates', { workflow_content: zip })).json().version_id).toBe(
      versionId,
    );
    expect((await rig.alice.call('GET', `${path}/versions/sha256:${'0'.repeat(64)}/package`)).statusCode).toBe(404);
  });
});
