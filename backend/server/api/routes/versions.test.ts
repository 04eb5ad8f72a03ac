import { unzipSync, zipSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { asked, create, createPlain, packageOf, patch } from '../../testing/sample-package.ts';
import { sampleWorkflow } from '../../testing/sample-workflow.ts';
import { createServerRig, type Person, type ServerRig } from '../../testing/server-rig.ts';

/** Publishing drafts, and versions as packages (api.md, Draft). */

let rig: ServerRig;
beforeAll(async () => {
  rig = await createServerRig();
});
afterAll(() => rig.close());

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
