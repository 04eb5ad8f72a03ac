import { randomUUID } from 'node:crypto';
import { strToU8, zipSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { create, createPlain, marked, packageOf, patch, pixel } from '../../testing/sample-package.ts';
import { sampleWorkflow } from '../../testing/sample-workflow.ts';
import { createServerRig, type Person, type ServerRig } from '../../testing/server-rig.ts';

/** Drafts (api.md, Draft). */

let rig: ServerRig;
beforeAll(async () => {
  rig = await createServerRig();
});
afterAll(() => rig.close());

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

async function headersOf(person: Person): Promise<Record<string, string>> {
  const key = (await person.call('POST', '/auth/access-keys', { label: randomUUID() })).json().access_key;
  return { 'x-access-key': key };
}

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
