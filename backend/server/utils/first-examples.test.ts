import { createRegistry, standardModules } from '@wfm/workflow-engine';
import { uuidIds } from '@wfm/workflow-engine/ports';
import { createMemoryDatabase } from '@wfm/workflow-engine/ports/memory';
import { createTestClock } from '@wfm/workflow-engine/testing';
import { beforeEach, describe, expect, test } from 'vitest';
import { ensureAdmin } from './first-admin.ts';
import { installExamples } from './first-examples.ts';

const registry = createRegistry(standardModules);
let database: ReturnType<typeof createMemoryDatabase>;
let admin: Awaited<ReturnType<typeof ensureAdmin>>;
beforeEach(async () => {
  const clock = createTestClock();
  database = createMemoryDatabase({ clock });
  admin = await ensureAdmin(database.users, { clock, ids: uuidIds() });
});

const install = () => installExamples(admin, { database, registry });
const listed = async () => (await database.definitions.listTemplates({ userId: 'anybody', limit: 100 })).items;

describe('the examples that ship', () => {
  test('are offered to everybody at a start, once, with their files', async () => {
    expect(await install()).toBe(3);
    const templates = await listed();
    expect(templates.map(({ workflow_id: id }) => id)).toContain('hello');
    expect(templates.every(({ is_global: isGlobal }) => isGlobal)).toBe(true);
    const [first] = templates;
    const at = { templateId: first?.template_id ?? '', versionId: first?.newest_version_id ?? '' };
    expect((await database.definitions.readPackage(at))?.entryPoint).toBe('workflow.json');
    expect(await install()).toBe(0);
    expect(await listed()).toEqual(templates);
  });

  test('come to an installation that has people and workflows of its own too', async () => {
    await database.users.create({ user: { ...admin, user_id: 'other', email: 'other@x.org' } });
    const own = { workflowId: 'own', name: 'Own', description: '', versionId: 'sha256:01', definition: {} };
    await database.definitions.publish({ ...own, ownerId: admin.user_id, kind: 'raw' });
    expect(await install()).toBe(3);
  });

  test('do not come back once somebody has deleted them, or taken them back from everybody', async () => {
    await install();
    const [gone, hidden, left] = await listed();
    await database.definitions.deleteTemplate({ templateId: gone?.template_id ?? '' });
    await database.definitions.updateTemplate({ templateId: hidden?.template_id ?? '', isGlobal: false });
    expect(await install()).toBe(0);
    expect((await listed()).map(({ template_id: id }) => id)).toEqual([left?.template_id]);
  });

  test('that were there, or were deleted, before offers were noted are left as they are', async () => {
    await install();
    const [gone, ...left] = await listed();
    await database.definitions.deleteTemplate({ templateId: gone?.template_id ?? '' });
    database.definitions.wasOffered = async () => false;
    expect(await install()).toBe(0);
    expect(await listed()).toEqual(left);
  });
});
