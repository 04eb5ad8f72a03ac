import { v7 } from 'uuid';
import { describe, expect, test } from 'vitest';
import type { UploadRow } from '../ports/content-store.ts';
import type { RunFileRow } from '../ports/file-store.ts';
import { expectCode } from './expect-code.ts';
import { sampleAppend, startSample } from './run-samples.ts';
import { type StoreSetup, useDatabase } from './store-setup.ts';

/** Large values, uploads, and the files of a run. */
export function contentStoreContract(name: string, setup: () => Promise<StoreSetup>): void {
  describe(`${name}: content and files`, () => {
    const current = useDatabase(setup);
    const content = () => current().database.content;
    const files = () => current().database.files;
    const runs = () => current().database.runs;

    test('7.7 a value is kept for its run, once or twice', async () => {
      const { runId } = await startSample(runs());
      const json = JSON.stringify({ text: 'ü'.repeat(300_000) });
      await content().putValue({ runId, sha256: 'aa', json });
      await content().putValue({ runId, sha256: 'aa', json });
      expect(await content().getValue({ runId, sha256: 'aa' })).toBe(json);
      expect(await content().getValue({ runId, sha256: 'bb' })).toBeNull();
      expect(await content().getValue({ runId: v7(), sha256: 'aa' })).toBeNull();
    });

    test('7.7 values that ride on an append come and fall with it', async () => {
      const run = await startSample(runs(), {}, { values: [{ sha256: 'aa', json: '1' }] });
      const append = sampleAppend({ ...run, expectedSeq: 0 }, 1, {
        values: [
          { sha256: 'bb', json: '2' },
          { sha256: 'aa', json: '1' },
        ],
      });
      await expectCode(runs().append({ ...append, expectedSeq: 5 }), 'conflict');
      expect(await content().getValue({ runId: run.runId, sha256: 'bb' })).toBeNull();
      await runs().append(append);
      expect(await content().getValue({ runId: run.runId, sha256: 'aa' })).toBe('1');
      expect(await content().getValue({ runId: run.runId, sha256: 'bb' })).toBe('2');
    });

    test('an upload is its owner’s until it expires', async () => {
      const upload = sampleUpload();
      const data = Uint8Array.from([0, 255, 1]);
      await content().putUpload({ upload, data });
      data[0] = 9;
      const get = (userId: string, time: string) =>
        content().getUpload({ uploadId: upload.upload_id, userId, now: new Date(time) });
      const got = await get('user-1', '2026-01-01T00:59:59.999Z');
      expect(got?.upload).toEqual(upload);
      expect(Array.from(got?.data ?? [])).toEqual([0, 255, 1]);
      expect(await get('user-2', '2026-01-01T00:30:00.000Z')).toBeNull();
      expect(await get('user-1', '2026-01-01T01:00:00.000Z')).toBeNull();
    });

    test('the sweep removes what has expired', async () => {
      const uploads = ['01', '02', '03'].map((hour) => sampleUpload({ expires_at: `2026-01-01T${hour}:00:00.000Z` }));
      for (const upload of uploads) await content().putUpload({ upload, data: new Uint8Array(1) });
      const now = new Date('2026-01-01T02:00:00.000Z');
      expect(await content().sweepUploads({ now })).toBe(2);
      expect(await content().sweepUploads({ now })).toBe(0);
      expect(await content().getUpload({ uploadId: uploads[2]!.upload_id, userId: 'user-1', now })).not.toBeNull();
    });

    test('15.4 a file reads back, byte by byte', async () => {
      const { runId, branchId } = await startSample(runs());
      const file = sampleFile({ workflow_run_id: runId, branch_id: branchId, group: 'g', filename: 'Grüße.txt' });
      const data = Uint8Array.from({ length: 300 }, (_, index) => index % 256);
      expect(await files().put({ key: 'k', file, data })).toEqual(file);
      const got = await files().read({ runId, fileId: file.file_id });
      expect(got?.file).toEqual(file);
      expect(Array.from(got?.data ?? [])).toEqual(Array.from(data));
      expect(await files().read({ runId: v7(), fileId: file.file_id })).toBeNull();
      expect(await files().read({ runId, fileId: v7() })).toBeNull();
      expect(await files().list({ runId: v7() })).toEqual([]);
    });

    test('13 the files of a child run are found at its parent', async () => {
      const parent = await startSample(runs());
      const child = await startSample(runs(), { parent_run_id: parent.runId }, { forceNew: true });
      const other = await startSample(runs());
      const made = [parent, child].map((run, hour) =>
        sampleFile({
          workflow_run_id: run.runId,
          branch_id: run.branchId,
          created_at: `2026-01-01T0${hour}:00:00.000Z`,
        }),
      );
      for (const file of made) await files().put({ key: 'k', file, data: Uint8Array.from([7]) });
      expect(await files().list({ runId: parent.runId })).toEqual(made);
      expect(await files().list({ runId: child.runId })).toEqual(made.slice(1));
      const fileId = made[1]!.file_id;
      expect((await files().read({ runId: parent.runId, fileId }))?.file).toEqual(made[1]);
      expect(await files().read({ runId: other.runId, fileId })).toBeNull();
    });

    test('a second write under one key answers the first file', async () => {
      const { runId, branchId } = await startSample(runs());
      const place = { workflow_run_id: runId, branch_id: branchId };
      const first = await files().put({ key: 'k', file: sampleFile({ ...place }), data: Uint8Array.from([1]) });
      const second = await files().put({
        key: 'k',
        file: sampleFile({ ...place, filename: 'other' }),
        data: Uint8Array.from([2]),
      });
      expect(second).toEqual(first);
      expect(await files().list({ runId })).toEqual([first]);
      const other = await startSample(runs());
      await files().put({
        key: 'k',
        file: sampleFile({ workflow_run_id: other.runId, branch_id: other.branchId }),
        data: new Uint8Array(),
      });
      expect(await files().list({ runId: other.runId })).toHaveLength(1);
    });

    test('the newest file of a name on the given branches is found', async () => {
      const { runId, branchId } = await startSample(runs());
      const put = (key: string, branch: string, filename = 'f.json') =>
        files().put({
          key,
          file: sampleFile({ workflow_run_id: runId, branch_id: branch, filename }),
          data: new TextEncoder().encode(key),
        });
      for (const [key, branch] of [
        ['1', branchId],
        ['2', 'x'],
        ['3', branchId],
        ['4', 'y'],
      ] as const)
        await put(key, branch);
      await put('5', branchId, 'g.json');
      const newest = async (branchIds: string[], filename = 'f.json') => {
        const found = await files().newest({ runId, branchIds, filename });
        return found && new TextDecoder().decode(found.data);
      };
      expect(await newest([branchId])).toBe('3');
      expect(await newest([branchId, 'y'])).toBe('4');
      expect(await newest(['x'])).toBe('2');
      expect(await newest(['z'])).toBeNull();
      expect(await newest([])).toBeNull();
      expect(await newest([branchId], 'F.json')).toBeNull();
      expect((await files().list({ runId })).map((file) => file.filename)).toEqual([
        'f.json',
        'f.json',
        'f.json',
        'f.json',
        'g.json',
      ]);
    });

    test('R22 files and values of a deleted run are gone, and none can be added', async () => {
      const { runId, branchId } = await startSample(runs());
      const file = sampleFile({ workflow_run_id: runId, branch_id: branchId });
      await files().put({ key: 'k', file, data: new Uint8Array(1) });
      await runs().delete({ runId });
      expect(await files().list({ runId })).toEqual([]);
      await expectCode(files().put({ key: 'k', file, data: new Uint8Array(1) }), 'run_not_found');
      await expectCode(content().putValue({ runId, sha256: 'aa', json: '1' }), 'run_not_found');
    });
  });
}

function sampleUpload(changes: Partial<UploadRow> = {}): UploadRow {
  return {
    upload_id: v7(),
    user_id: 'user-1',
    purpose: 'answer',
    bytes: 3,
    mime: 'text/plain',
    created_at: '2026-01-01T00:00:00.000Z',
    expires_at: '2026-01-01T01:00:00.000Z',
    ...changes,
  };
}

function sampleFile(changes: Partial<RunFileRow> & Pick<RunFileRow, 'workflow_run_id' | 'branch_id'>): RunFileRow {
  return {
    file_id: v7(),
    category: 'outputs',
    group: null,
    filename: 'f.json',
    content_type: 'json',
    step_id: 's',
    module_name: 'm',
    bytes: 1,
    created_at: '2026-01-01T00:00:00.000Z',
    ...changes,
  };
}
