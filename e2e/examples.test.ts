import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDatabase } from '@wfm/db';
import { type Answerer, createRegistry, readFolder, readZip, standardModules } from '@wfm/workflow-engine';
import { compileVersion, inspectWorkflow, loadWorkflow } from '@wfm/workflow-engine/definition';
import { createMockAnswerer } from '@wfm/workflow-engine/mock';
import type { Clock, Database } from '@wfm/workflow-engine/ports';
import { createMemoryDatabase } from '@wfm/workflow-engine/ports/memory';
import { createTestClock, makeZip } from '@wfm/workflow-engine/testing';
import { afterEach, describe, expect, it } from 'vitest';
import { exampleNames, loadExample } from './support/examples.ts';
import { createLocalHost, type LocalHost, type Target } from './support/local-host.ts';
import { playRecorded } from './support/recorded-run.ts';

const registry = createRegistry(standardModules);

const cleanUps: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).toReversed()) await cleanUp();
});

const stores = {
  memory: (clock: Clock) => Promise.resolve(createMemoryDatabase({ clock })),
  sqlite: (clock: Clock) => {
    const dataDir = mkdtempSync(join(tmpdir(), 'wfm-e2e-'));
    cleanUps.push(() => rmSync(dataDir, { recursive: true, force: true }));
    return openDatabase({ dataDir, clock, role: 'owner' });
  },
};

async function openHost(
  store: keyof typeof stores,
  answerer?: Answerer,
): Promise<{ host: LocalHost; database: Database }> {
  const clock = createTestClock();
  const database: Database = await stores[store](clock);
  const host = createLocalHost(database, clock, answerer);
  cleanUps.push(
    () => database.close(),
    () => host.processor.close(),
  );
  return { host, database };
}

/** Every module of an example, as targets. */
async function targetsOf(name: string): Promise<Target[]> {
  const { loaded } = await loadExample(name);
  const { steps } = compileVersion(loaded.resolved, loaded.versionId, registry);
  return steps.flatMap(({ modules }) => modules.map(({ stepId, name: moduleName }) => ({ stepId, moduleName })));
}

/** Ids of all fields that the definition shows of a run. */
function statusIds(resolved: unknown): string[] {
  const { status_display: display } = resolved as { status_display: { fields: { id: string }[] } };
  return display.fields.map(({ id }) => id);
}

describe.each(exampleNames)('the example %s', (name) => {
  it('1.5 is the same version from its folder and from a ZIP of it', async () => {
    const { folder, loaded } = await loadExample(name);
    const parts = [...(await readFolder(folder))].map(([path, data]) => ({ name: path, data }));
    expect(loadWorkflow({ files: await readZip(makeZip(parts)) }).versionId).toBe(loaded.versionId);
  });

  it('4 has nothing to find fault with', async () => {
    const { folder } = await loadExample(name);
    expect(inspectWorkflow({ files: await readFolder(folder) }, registry)).toEqual([]);
  });

  it('8.7 completes with its recorded answers, with the same log in memory and on SQLite', async () => {
    const { loaded, recorded } = await loadExample(name);
    const logs: string[][][] = [];
    for (const store of ['memory', 'sqlite'] as const) {
      const { host, database } = await openHost(store);
      const started = await host.start(loaded, { projectName: 'first' });
      const ended = await playRecorded(started, host.respondTo(started), recorded);
      expect([ended.status, ended.error?.message]).toEqual(['completed', undefined]);
      const run = await database.runs.find({ runId: ended.workflow_run_id ?? '' });
      expect(run?.status_fields.map(({ id }) => id)).toEqual(statusIds(loaded.resolved));
      logs.push(await host.canonicalLines(ended.workflow_run_id ?? ''));
    }
    // A line for the start, and one for each retry and jump of the recording.
    const departures = recorded.answers.filter(({ answer }) => answer.retry_feedback || answer.action_id);
    expect(logs[0]).toHaveLength(1 + departures.length);
    expect(logs[1]).toEqual(logs[0]);
  });

  it('5.5 reads nothing that is not there', async () => {
    const { loaded, recorded } = await loadExample(name);
    const { host, database } = await openHost('memory');
    const started = await host.start(loaded, { projectName: 'first' });
    const runId = started.workflow_run_id ?? '';
    await playRecorded(started, host.respondTo(started), recorded);
    const run = await database.runs.find({ runId });
    const line = await database.runs.readLine({ runId, branchId: run?.current_branch_id ?? '', afterSeq: -1 });
    expect(line.flatMap((event) => (event.type === 'module_completed' ? event.data.warnings : []))).toEqual([]);
  });

  it('10.8 is previewed up to each of its modules with sample answers', async () => {
    const { loaded } = await loadExample(name);
    const targets = await targetsOf(name);
    const { host } = await openHost('memory', createMockAnswerer());
    for (const target of targets) {
      const at = `${target.stepId}/${target.moduleName}`;
      let response = await host.start(loaded, { projectName: at, mode: 'mock', target });
      const respond = host.respondTo(response, target);
      const asked: string[] = [];
      while (response.status === 'awaiting_input' && response.interaction_request) {
        const { interaction_id, step_context: asks } = response.interaction_request;
        asked.push(`${asks.step_id}/${asks.module_name}`);
        expect(response.progress.current_module).toBe(asks.module_name);
        response = await respond(interaction_id, await host.sampleAnswer(response));
      }
      expect([at, response.status, response.error?.message]).toEqual([at, 'target_reached', undefined]);
      // Nothing after the target is asked, and nothing twice.
      const before = targets.map(({ stepId, moduleName }) => `${stepId}/${moduleName}`);
      expect(before.slice(0, before.indexOf(at) + 1)).toEqual(expect.arrayContaining(asked));
      expect(new Set(asked).size).toBe(asked.length);
    }
  });
});

describe('the example pocket-museum', () => {
  it('uses every module that needs no worker, in eight steps or more', async () => {
    const { loaded } = await loadExample('pocket-museum');
    const { steps } = compileVersion(loaded.resolved, loaded.versionId, registry);
    const used = steps.flatMap(({ modules }) => modules.map(({ moduleId }) => moduleId));
    expect(steps.length).toBeGreaterThanOrEqual(8);
    expect(used.length).toBeGreaterThanOrEqual(20);
    // A worker serves this one, in an example of its own; what the others generate may be left out.
    const others = standardModules.map(({ id }) => id).filter((id) => id !== 'media.render');
    expect(new Set(used)).toEqual(new Set(others));
  });

  it.each(['memory', 'sqlite'] as const)('14.7 remembers on %s the words of the window before', async (store) => {
    const { loaded, recorded } = await loadExample('pocket-museum');
    const { host } = await openHost(store);
    const results: Record<string, unknown>[] = [];
    for (const projectName of ['February: small change', 'March: nearly lost']) {
      const started = await host.start(loaded, { projectName });
      const ended = await playRecorded(started, host.respondTo(started), recorded);
      results.push(ended.result as Record<string, unknown>);
    }
    const [first, second] = results;
    const words = (list: unknown) => (list as { keyword: string }[]).map(({ keyword }) => keyword.toLowerCase());
    expect(first).toMatchObject({ used_words: [], earlier_windows: [] });
    expect(words(second?.used_words).toSorted()).toEqual(words(first?.chosen_words).toSorted());
    expect(second).toMatchObject({ earlier_windows: [{ project_name: 'February: small change' }] });
    expect(second?.memory_note).toContain(words(first?.chosen_words)[0]);
  });

  it('10.5 keeps what a retry and a jump left behind on lines of their own', async () => {
    const { loaded, recorded } = await loadExample('pocket-museum');
    const { host, database } = await openHost('memory');
    const started = await host.start(loaded, { projectName: 'first' });
    const ended = await playRecorded(started, host.respondTo(started), recorded);
    const branches = await database.runs.branches({ runId: ended.workflow_run_id ?? '' });
    expect(branches.map(({ kind }) => kind)).toEqual(['first', 'retry', 'jump', 'retry']);
  });
});
