import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { httpDraftServer } from '@wfm/editor/drafts';
import { ApiError, loadConfig } from '@wfm/shared/core';
import { runs } from '@wfm/workflow-engine/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { accessKeyOf, call, freePort, type Program, startProgram } from './support/programs.ts';

/** E2, R1: the editor's way to the server over real HTTP: devices that race, and a server that is killed. */

const folder = mkdtempSync(join(tmpdir(), 'wfm-drafts-'));
const env: Record<string, string> = { WFM_DATA_DIR: folder };
const plainFetch = globalThis.fetch;
let server: Program;
let key: string;
let templateId: string;

beforeAll(async () => {
  env.WFM_PORT = String(await freePort());
  server = await startProgram('server', env);
  key = await accessKeyOf(server);
  // A page has a session's cookie; this process has a key.
  globalThis.fetch = (input, init = {}) => {
    const headers = new Headers(init.headers);
    headers.set('x-access-key', key);
    return plainFetch(input, { ...init, headers });
  };
  await loadConfig({ VITE_API_URL: server.url });
  const { items } = await call<{ items: { template_id: string; workflow_id: string }[] }>(
    key,
    'GET',
    `${server.url}/workflow-templates?q=hello`,
  );
  templateId = items[0]?.template_id ?? '';
});

afterAll(async () => {
  globalThis.fetch = plainFetch;
  expect(await server.end()).toBe(0);
  rmSync(folder, { recursive: true, force: true });
});

const edit = (name: string, text = name) => ({
  entryPoint: 'workflow.json',
  put: { [`edits/${name}`]: text },
  remove: [],
  sourceBuffer: null,
  preview: null,
});

/** The other side of a conflict, as the refusal carries it. */
function theirs(error: unknown): { revision: number; files: Record<string, unknown> } {
  if (!(error instanceof ApiError)) throw error;
  expect(error.problem).toMatchObject({ status: 412, code: 'draft_conflict' });
  return (error.problem.details as { draft: { revision: number; files: Record<string, unknown> } }).draft;
}

const editsIn = (files: object): string[] =>
  Object.keys(files)
    .filter((path) => path.startsWith('edits/'))
    .map((path) => path.slice('edits/'.length));

describe('E2 devices that race on one draft', () => {
  it('200 saves on one revision: one is in, each other is told so with the draft that won', async () => {
    const drafts = httpDraftServer(templateId);
    const { revision } = await drafts.load();
    const outcomes = await Promise.allSettled(
      Array.from({ length: 200 }, (_, no) => drafts.save(revision, edit(`burst-${no}`))),
    );
    const won = outcomes.flatMap((outcome, no) => (outcome.status === 'fulfilled' ? [`burst-${no}`] : []));
    expect(won).toHaveLength(1);
    for (const outcome of outcomes) {
      if (outcome.status === 'fulfilled') expect(outcome.value).toBe(revision + 1);
      else
        expect([theirs(outcome.reason).revision, editsIn(theirs(outcome.reason).files)]).toEqual([revision + 1, won]);
    }
    expect(editsIn((await drafts.load()).files)).toEqual(won);
  });

  it('200 saves of two devices, each going on from what it was told: all are in one line of revisions', async () => {
    const drafts = httpDraftServer(templateId);
    const begun = await drafts.load();
    const line: { revision: number; name: string }[] = [];
    let refused = 0;
    const device = async (name: string): Promise<void> => {
      let { revision } = begun;
      for (let no = 0; no < 100; no += 1) {
        for (;;) {
          try {
            revision = await drafts.save(revision, edit(`${name}-${no}`));
            line.push({ revision, name: `${name}-${no}` });
            break;
          } catch (error) {
            const other = theirs(error);
            expect(other.revision).toBeGreaterThan(revision);
            expect(editsIn(other.files)).not.toContain(`${name}-${no}`);
            revision = other.revision;
            refused += 1;
          }
        }
      }
    };
    await Promise.all([device('left'), device('right')]);
    const ended = await drafts.load();
    line.sort((a, b) => a.revision - b.revision);
    expect(line.map(({ revision }) => revision)).toEqual(line.map((_, index) => begun.revision + 1 + index));
    expect(ended.revision).toBe(begun.revision + 200);
    expect(new Set(editsIn(ended.files))).toEqual(new Set([...editsIn(begun.files), ...line.map(({ name }) => name)]));
    // It would prove little if nobody had met anybody.
    expect(refused).toBeGreaterThan(0);
  });

  it('the side that lost is kept as a checkpoint, files that are no text with it', async () => {
    const drafts = httpDraftServer(templateId);
    const { entryPoint, files } = await drafts.load();
    const mine = { entryPoint, files: { ...files, 'p.png': { base64: '/9j/' } }, preview: { modes: {} } };
    await drafts.checkpoint('Mine', mine);
    const url = `${server.url}/workflow-templates/${templateId}/checkpoints`;
    const { items } = await call<{ items: { checkpoint_id: string; label: string }[] }>(key, 'GET', url);
    expect(items.map(({ label }) => label)).toEqual(['Mine']);
    expect(await call(key, 'GET', `${url}/${items[0]?.checkpoint_id}`)).toMatchObject({
      entry_point: entryPoint,
      files: mine.files,
      preview: mine.preview,
    });
  });
});

describe('a server that is killed amid saves', () => {
  it('R1 has every save that it acknowledged, and at most the one that was under way', async () => {
    const drafts = httpDraftServer(templateId);
    let { revision } = await drafts.load();
    let acknowledged: unknown;
    const text = (no: number): string => `${no} ${'x'.repeat(50_000)}`;
    for (let kill = 0, no = 0; kill < runs(4, 60); kill += 1) {
      let dying: Promise<number | string> | undefined;
      let tried = '';
      for (;;) {
        no += 1;
        tried = text(no);
        try {
          revision = await drafts.save(revision, edit('typed', tried));
          acknowledged = tried;
          // After one save, some time within the next ones.
          dying ??= sleep((kill * 7) % 40).then(() => server.end('SIGKILL'));
        } catch (error) {
          expect(error).toMatchObject({ problem: { code: 'offline' } });
          break;
        }
      }
      expect(await dying).toBe('SIGKILL');
      server = await startProgram('server', env);
      const found = await drafts.load();
      const typed = found.files['edits/typed'];
      if (found.revision === revision) expect(typed).toBe(acknowledged);
      else expect([found.revision, typed]).toEqual([revision + 1, tried]);
      revision = found.revision;
      acknowledged = typed;
    }
  });
});
