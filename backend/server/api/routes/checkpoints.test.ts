import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { create, createPlain, packageOf, patch } from '../../testing/sample-package.ts';
import { createServerRig, type ServerRig } from '../../testing/server-rig.ts';

/** Named states of a draft (api.md, Draft). */

let rig: ServerRig;
beforeAll(async () => {
  rig = await createServerRig();
});
afterAll(() => rig.close());

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
