import { v7 } from 'uuid';
import { describe, expect, test } from 'vitest';
import type { DefinitionStore, TemplateRow } from '../ports/definition-store.ts';
import { collectPages } from './collect-pages.ts';
import { expectCode } from './expect-code.ts';
import { type StoreSetup, useDatabase } from './store-setup.ts';

type Publish = Parameters<DefinitionStore['publish']>[0];

/** Templates and versions (format.md 1.5, 1.6). */
export function definitionStoreContract(name: string, setup: () => Promise<StoreSetup>): void {
  describe(`${name}: definitions`, () => {
    const current = useDatabase(setup);
    const store = () => current().database.definitions;
    const publish = (changes: Partial<Publish> = {}) => store().publish({ ...samplePublish, ...changes });

    test('1.6 publishing makes a line, then adds to it', async () => {
      const first = await publish();
      expect(first).toEqual({
        template: {
          template_id: first.template.template_id,
          owner_id: 'user-1',
          workflow_id: 'w',
          name: 'Name',
          description: 'About',
          is_global: false,
          newest_version_id: 'sha256:01',
          created_at: '2026-01-01T00:00:00.000Z',
          updated_at: '2026-01-01T00:00:00.000Z',
        },
        version: {
          version_id: 'sha256:01',
          template_id: first.template.template_id,
          number: 1,
          kind: 'raw',
          note: '',
          created_at: '2026-01-01T00:00:00.000Z',
        },
        created: true,
      });
      current().clock.advance(1000);
      const second = await publish({ versionId: 'sha256:02', name: 'New', note: 'better', definition: { v: 2 } });
      expect(second).toMatchObject({
        created: true,
        template: {
          template_id: first.template.template_id,
          name: 'New',
          newest_version_id: 'sha256:02',
          updated_at: '2026-01-01T00:00:01.000Z',
        },
        version: { number: 2, note: 'better' },
      });
      expect(await store().findTemplate({ templateId: first.template.template_id })).toEqual(second.template);
      expect(await store().findTemplateByWorkflowId({ ownerId: 'user-1', workflowId: 'w' })).toEqual(second.template);
      expect(await store().findTemplateByWorkflowId({ ownerId: 'user-2', workflowId: 'w' })).toBeNull();
      expect(await store().readDefinition({ versionId: 'sha256:02' })).toEqual({ v: 2 });
    });

    test('1.5 the same content is not added twice; the line turns back to it', async () => {
      const first = await publish();
      await publish({ versionId: 'sha256:02' });
      const again = await publish({ name: 'Third name' });
      expect(again).toMatchObject({
        created: false,
        version: first.version,
        template: { newest_version_id: 'sha256:01', name: 'Third name' },
      });
      const page = await store().listVersions({ templateId: first.template.template_id, limit: 9 });
      expect(page.items.map((version) => version.number)).toEqual([2, 1]);
    });

    test('20 what an unresolved version stands for is added behind it, and never becomes the newest', async () => {
      const expansions = [
        { versionId: 'sha256:e1', definition: { e: 1 } },
        { versionId: 'sha256:e2', definition: { e: 2 } },
        { versionId: 'sha256:e1', definition: { e: 1 } },
      ];
      const first = await publish({ kind: 'unresolved', expansions });
      const again = await publish({ kind: 'unresolved', expansions });
      expect(again).toMatchObject({ created: false, version: { number: 1, kind: 'unresolved' } });
      expect(again.template.newest_version_id).toBe('sha256:01');
      const { template_id: templateId } = first.template;
      const page = await store().listVersions({ templateId, limit: 9 });
      expect(page.items.map(({ number, kind, version_id: id }) => [number, kind, id])).toEqual([
        [3, 'resolved', 'sha256:e2'],
        [2, 'resolved', 'sha256:e1'],
        [1, 'unresolved', 'sha256:01'],
      ]);
      expect(await store().readDefinition({ versionId: 'sha256:e2' })).toEqual({ e: 2 });
      const next = await publish({ versionId: 'sha256:02', expansions: expansions.slice(0, 1) });
      expect(next.version.number).toBe(4);
      expect(await store().findVersion({ templateId, versionId: 'sha256:e1' })).toMatchObject({ number: 2 });
    });

    test('1.6 fifty who publish at once make one line and one version', async () => {
      const results = await Promise.all(Array.from({ length: 50 }, () => publish()));
      expect(new Set(results.map(({ template }) => template.template_id)).size).toBe(1);
      expect(results.filter(({ created }) => created)).toHaveLength(1);
    });

    test('equal content of two owners is two versions of one definition', async () => {
      const mine = await publish();
      const theirs = await publish({ ownerId: 'user-2' });
      expect(theirs.template.template_id).not.toBe(mine.template.template_id);
      expect(await store().findVersion({ templateId: mine.template.template_id, versionId: 'sha256:01' })).toEqual(
        mine.version,
      );
      expect(await store().findVersion({ templateId: mine.template.template_id, versionId: 'sha256:02' })).toBeNull();
      expect(await store().findVersion({ templateId: v7(), versionId: 'sha256:01' })).toBeNull();
    });

    test('a user sees own and global templates, by name, page by page', async () => {
      const names = ['b', 'a', 'Ä', 'b', 'c'];
      const made: TemplateRow[] = [];
      for (const [index, title] of names.entries())
        made.push((await publish({ workflowId: `w${index}`, name: title })).template);
      const foreign = (await publish({ ownerId: 'user-2', workflowId: 'x', name: 'b' })).template;
      await publish({ ownerId: 'user-2', workflowId: 'y', name: 'hidden' });
      await store().updateTemplate({ templateId: foreign.template_id, isGlobal: true });
      const [b0, a, umlaut, b1, c] = made.map((template) => template.template_id);
      const wanted = [a, b0, b1, foreign.template_id, c, umlaut];
      for (const limit of [1, 2, 4, 6, 10]) {
        const seen = await collectPages((page) => store().listTemplates({ userId: 'user-1', ...page }), limit);
        expect(seen.map((template) => template.template_id)).toEqual(wanted);
      }
      const found = await store().listTemplates({ userId: 'user-1', q: 'ä', limit: 9 });
      expect(found.items.map((template) => template.template_id)).toEqual([umlaut]);
      await expectCode(store().listTemplates({ userId: 'user-1', limit: 1, cursor: 'x' }), 'request_invalid');
    });

    test('a version is found for whom it is visible, own line first', async () => {
      const theirs = await publish({ ownerId: 'user-2', name: 'A' });
      const find = () => store().findVersionForUser({ userId: 'user-1', versionId: 'sha256:01' });
      expect(await find()).toBeNull();
      await store().updateTemplate({ templateId: theirs.template.template_id, isGlobal: true });
      expect(await find()).toEqual({ template: { ...theirs.template, is_global: true }, version: theirs.version });
      const mine = await publish({ name: 'Z' });
      expect(await find()).toEqual({ template: mine.template, version: mine.version });
      await store().updateTemplate({ templateId: theirs.template.template_id, isGlobal: false });
      await store().deleteTemplate({ templateId: mine.template.template_id });
      expect(await find()).toBeNull();
    });

    test('versions page newest first', async () => {
      for (let index = 1; index <= 5; index += 1) await publish({ versionId: `sha256:0${index}` });
      const templateId = (await publish({ versionId: 'sha256:05' })).template.template_id;
      const first = await store().listVersions({ templateId, limit: 2 });
      const second = await store().listVersions({ templateId, limit: 9, cursor: first.next_cursor ?? '' });
      expect([...first.items, ...second.items].map((version) => version.number)).toEqual([5, 4, 3, 2, 1]);
      expect(second.next_cursor).toBeNull();
    });

    test('changes of a template touch what they name', async () => {
      const { template } = await publish();
      current().clock.advance(1000);
      await store().updateTemplate({ templateId: template.template_id, description: '' });
      const changed = { ...template, description: '', updated_at: '2026-01-01T00:00:01.000Z' };
      expect(await store().findTemplate({ templateId: template.template_id })).toEqual(changed);
      await store().updateTemplate({ templateId: template.template_id, name: 'ÖL' });
      expect((await store().listTemplates({ userId: 'user-1', q: 'öl', limit: 9 })).items).toEqual([
        { ...changed, name: 'ÖL' },
      ]);
    });

    test('a deleted template leaves the lists; its definitions stay readable', async () => {
      const { template } = await publish();
      await store().deleteTemplate({ templateId: template.template_id });
      expect(await store().findTemplate({ templateId: template.template_id })).toBeNull();
      expect((await store().listTemplates({ userId: 'user-1', limit: 9 })).items).toEqual([]);
      expect((await store().listVersions({ templateId: template.template_id, limit: 9 })).items).toEqual([]);
      expect(await store().readDefinition({ versionId: 'sha256:01' })).toEqual({ v: 1 });
      expect((await publish()).template.template_id).not.toBe(template.template_id);
    });

    test('an example that was offered stays so', async () => {
      expect(await store().wasOffered({ example: 'hello' })).toBe(false);
      await Promise.all([store().markOffered({ example: 'hello' }), store().markOffered({ example: 'hello' })]);
      expect(await store().wasOffered({ example: 'hello' })).toBe(true);
      expect(await store().wasOffered({ example: 'other' })).toBe(false);
    });

    test('a definition may be kept without a template', async () => {
      await store().keepDefinition({ versionId: 'sha256:09', definition: { steps: [] } });
      await store().keepDefinition({ versionId: 'sha256:09', definition: { steps: [] } });
      expect(await store().readDefinition({ versionId: 'sha256:09' })).toEqual({ steps: [] });
      expect(await store().readDefinition({ versionId: 'sha256:08' })).toBeNull();
    });
  });
}

const samplePublish: Publish = {
  ownerId: 'user-1',
  workflowId: 'w',
  name: 'Name',
  description: 'About',
  versionId: 'sha256:01',
  definition: { v: 1 },
  kind: 'raw',
};
