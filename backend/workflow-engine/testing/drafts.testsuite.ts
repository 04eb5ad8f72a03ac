import { beforeEach, describe, expect, test } from 'vitest';
import type { WorkflowPackage } from '../definition/package-files.ts';
import type { CheckpointRow } from '../ports/draft-store.ts';
import { expectCode } from './expect-code.ts';
import { type StoreSetup, useDatabase } from './store-setup.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

/** Small, large, empty and binary files. */
const content: WorkflowPackage = {
  entryPoint: 'workflow.json',
  files: new Map([
    ['data/pixel.png', Uint8Array.of(0x89, 0x50, 0, 0xff)],
    ['data/ünï/empty.txt', new Uint8Array(0)],
    ['prompts/long.j2', new Uint8Array(300_000).fill(97)],
    ['workflow.json', bytes('{"steps":[]}')],
  ]),
};

/** Drafts, their checkpoints, and how versions were written (api.md, Draft). */
export function draftStoreContract(name: string, setup: () => Promise<StoreSetup>): void {
  describe(`${name}: drafts`, () => {
    const current = useDatabase(setup);
    const drafts = () => current().database.drafts;
    const definitions = () => current().database.definitions;
    const publish = (versionId: string, written?: WorkflowPackage, workflowId = 'w') =>
      definitions().publish({
        ownerId: 'user-1',
        workflowId,
        name: 'Name',
        description: '',
        versionId,
        definition: { versionId },
        kind: 'raw',
        content: written,
      });
    let templateId = '';
    beforeEach(async () => {
      templateId = (await publish('sha256:01', content)).template.template_id;
    });
    const open = () => drafts().reset({ templateId, revision: null, baseVersionId: 'sha256:01', content });
    const changes = (put: Record<string, string>, remove: string[] = []) => ({
      put: new Map(Object.entries(put).map(([path, text]) => [path, bytes(text)])),
      remove,
    });

    test('a draft begins as a version was written, and is found again', async () => {
      expect(await drafts().find({ templateId })).toBeNull();
      const opened = await open();
      expect(opened).toEqual({
        template_id: templateId,
        revision: 1,
        base_version_id: 'sha256:01',
        edited: false,
        entryPoint: 'workflow.json',
        files: content.files,
        source_buffer: null,
        preview: null,
        updated_at: '2026-01-01T00:00:00.000Z',
      });
      expect(await drafts().find({ templateId })).toEqual(opened);
      expect([...(opened?.files.keys() ?? [])]).toEqual([...content.files.keys()]);
      expect(await open()).toBeNull();
    });

    test('a save changes what it names and gives the next revision', async () => {
      await open();
      current().clock.advance(1000);
      const put = { 'prompts/long.j2': 'short', 'a.txt': 'new' };
      const sourceBuffer = { path: 'workflow.json', text: '{"steps": [' };
      const first = { ...changes(put, ['data/pixel.png']), sourceBuffer, preview: { pins: [1] } };
      expect(await drafts().save({ templateId, revision: 1, changes: first })).toBe(2);
      const found = await drafts().find({ templateId });
      expect(found).toMatchObject({ revision: 2, edited: true, source_buffer: sourceBuffer, preview: { pins: [1] } });
      expect(found?.updated_at).toBe('2026-01-01T00:00:01.000Z');
      expect(found?.files).toEqual(
        new Map([
          ['a.txt', bytes('new')],
          ['data/ünï/empty.txt', new Uint8Array(0)],
          ['prompts/long.j2', bytes('short')],
          ['workflow.json', bytes('{"steps":[]}')],
        ]),
      );
      const second = { ...changes({}), entryPoint: 'a.txt' };
      expect(await drafts().save({ templateId, revision: 2, changes: second })).toBe(3);
      const third = { ...changes({}), sourceBuffer: null, preview: null };
      expect(await drafts().save({ templateId, revision: 3, changes: third })).toBe(4);
      expect(await drafts().find({ templateId })).toMatchObject({
        entryPoint: 'a.txt',
        source_buffer: null,
        preview: null,
        files: found?.files,
      });
    });

    test('a save against another revision changes nothing', async () => {
      expect(await drafts().save({ templateId, revision: 1, changes: changes({ a: 'x' }) })).toBeNull();
      const opened = await open();
      for (const revision of [0, 2])
        expect(await drafts().save({ templateId, revision, changes: changes({ a: 'x' }) })).toBeNull();
      expect(await drafts().find({ templateId })).toEqual(opened);
    });

    test('of saves that race one wins, and no file of a loser stays', async () => {
      await open();
      for (let revision = 1; revision < 6; revision += 1) {
        const saved = await Promise.all(
          [0, 1, 2, 3, 4].map((no) =>
            drafts().save({
              templateId,
              revision,
              changes: changes({ [`r${revision}-${no}`]: String(no), long: `${no}`.repeat(100_000) }),
            }),
          ),
        );
        expect(saved.filter((next) => next !== null)).toEqual([revision + 1]);
        const files = (await drafts().find({ templateId }))?.files;
        const winner = saved.findIndex((next) => next !== null);
        expect([...(files?.keys() ?? [])].filter((path) => path.startsWith(`r${revision}`))).toEqual([
          `r${revision}-${winner}`,
        ]);
        expect(files?.get('long')).toEqual(bytes(`${winner}`.repeat(100_000)));
      }
    });

    test('discarding replaces the revision that it names, and the line of revisions goes on', async () => {
      await open();
      const preview = { pins: [] };
      await drafts().save({ templateId, revision: 1, changes: { ...changes({ 'a.txt': 'x' }), preview } });
      const discard = { templateId, baseVersionId: 'sha256:01', content };
      expect(await drafts().reset({ ...discard, revision: 1 })).toBeNull();
      expect(await drafts().reset({ ...discard, revision: null })).toBeNull();
      const reset = await drafts().reset({ ...discard, revision: 2 });
      expect(reset).toMatchObject({ revision: 3, edited: false, preview, files: content.files });
      expect(await drafts().find({ templateId })).toEqual(reset);
      expect(await drafts().reset({ ...discard, revision: 3, preview: null })).toMatchObject({ preview: null });
    });

    test('publishing moves the base; a draft that was edited meanwhile stays edited', async () => {
      await open();
      await drafts().save({ templateId, revision: 1, changes: changes({ a: 'x' }) });
      await drafts().rebase({ templateId, revision: 2, baseVersionId: 'sha256:02' });
      expect(await drafts().find({ templateId })).toMatchObject({
        revision: 2,
        edited: false,
        base_version_id: 'sha256:02',
      });
      await drafts().save({ templateId, revision: 2, changes: changes({ a: 'y' }) });
      await drafts().rebase({ templateId, revision: 2, baseVersionId: 'sha256:03' });
      expect(await drafts().find({ templateId })).toMatchObject({ edited: true, base_version_id: 'sha256:03' });
    });

    test('checkpoints are kept as they were, newest first, 50 of them', async () => {
      const checkpoint = (no: number): CheckpointRow => ({
        checkpoint_id: `c${no}`,
        template_id: templateId,
        label: `Number ${no}`,
        base_version_id: 'sha256:01',
        created_at: current().clock.now().toISOString(),
        ...content,
        preview: no % 2 ? { no } : null,
      });
      expect(await drafts().listCheckpoints({ templateId })).toEqual([]);
      for (let no = 0; no < 52; no += 1) await drafts().addCheckpoint({ checkpoint: checkpoint(no) });
      const { entryPoint, files, preview, ...head } = checkpoint(51);
      const listed = await drafts().listCheckpoints({ templateId });
      expect(listed[0]).toEqual(head);
      expect(listed.map(({ checkpoint_id: id }) => id)).toEqual(Array.from({ length: 50 }, (_, no) => `c${51 - no}`));
      const found = await drafts().findCheckpoint({ templateId, checkpointId: 'c51' });
      expect(found).toEqual({ ...head, entryPoint, files, preview });
      expect(await drafts().findCheckpoint({ templateId, checkpointId: 'c1' })).toBeNull();
      const other = (await publish('sha256:02', undefined, 'other')).template.template_id;
      expect(await drafts().findCheckpoint({ templateId: other, checkpointId: 'c51' })).toBeNull();
      expect(await drafts().listCheckpoints({ templateId: other })).toEqual([]);
    });

    test('a version gives back how it was written last', async () => {
      expect(await definitions().readPackage({ templateId, versionId: 'sha256:01' })).toEqual(content);
      expect(await definitions().readPackage({ templateId, versionId: 'sha256:02' })).toBeNull();
      const other = { entryPoint: 'main.json', files: new Map([['main.json', bytes('{}')]]) };
      await publish('sha256:01', other);
      expect(await definitions().readPackage({ templateId, versionId: 'sha256:01' })).toEqual(other);
      await publish('sha256:01');
      expect(await definitions().readPackage({ templateId, versionId: 'sha256:01' })).toEqual(other);
      await publish('sha256:02');
      expect(await definitions().readPackage({ templateId, versionId: 'sha256:02' })).toBeNull();
    });

    test('with a template its draft, checkpoints and packages go, and no new ones come', async () => {
      await open();
      const head = { template_id: templateId, label: '', base_version_id: 'sha256:01', created_at: '2026' };
      const checkpoint = { ...head, checkpoint_id: 'c1', ...content, preview: null };
      await drafts().addCheckpoint({ checkpoint });
      await definitions().deleteTemplate({ templateId });
      expect(await drafts().find({ templateId })).toBeNull();
      expect(await drafts().listCheckpoints({ templateId })).toEqual([]);
      expect(await drafts().findCheckpoint({ templateId, checkpointId: 'c1' })).toBeNull();
      expect(await definitions().readPackage({ templateId, versionId: 'sha256:01' })).toBeNull();
      await expectCode(open(), 'version_not_found');
      await expectCode(drafts().addCheckpoint({ checkpoint }), 'version_not_found');
      expect(await drafts().save({ templateId, revision: 1, changes: changes({}) })).toBeNull();
      expect(await drafts().find({ templateId })).toBeNull();
      expect(await drafts().listCheckpoints({ templateId })).toEqual([]);
    });
  });
}
