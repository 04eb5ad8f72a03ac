import { ApiError } from '@wfm/shared/core';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { documentOf, storedFiles, type StoredFiles } from '../document/document.ts';
import { museumFiles } from '../document/testing.ts';
import { withPartAt } from '../document/document.ts';
import { type Kept, keepDraft, openDraft, type SaveState } from './draft-keeper.ts';
import type { DraftServer, StoredDraft } from './draft-server.ts';
import type { LocalDraft, LocalDrafts } from './local-drafts.ts';

function refusal(code: string, status: number): ApiError {
  return new ApiError({ code, params: {}, title: code, status, detail: code, errors: [] });
}

/** A server that keeps one draft, and may be cut off. */
function memoryServer() {
  let draft: StoredDraft = {
    entryPoint: 'workflow.json',
    files: museumFiles,
    sourceBuffer: null,
    preview: null,
    revision: 1,
    baseVersionId: null,
  };
  const checkpoints: { label: string; files: StoredFiles }[] = [];
  const server = {
    offline: false,
    /** The next save arrives, and its answer does not. */
    loseAnswer: false,
    saves: 0,
    checkpoints,
    get draft() {
      return draft;
    },
    async load() {
      return draft;
    },
    async save(revision, { entryPoint, put, remove, sourceBuffer, preview }) {
      if (server.offline) throw refusal('offline', 0);
      if (revision !== draft.revision) throw refusal('draft_conflict', 412);
      const files = { ...draft.files, ...put };
      for (const path of remove) delete files[path];
      draft = { ...draft, entryPoint, files, sourceBuffer, preview, revision: revision + 1 };
      server.saves += 1;
      if (server.loseAnswer) {
        server.loseAnswer = false;
        throw refusal('offline', 0);
      }
      return draft.revision;
    },
    async checkpoint(label, { files }) {
      checkpoints.push({ label, files });
    },
  } satisfies DraftServer & Record<string, unknown>;
  return server;
}

function memoryLocal(): LocalDrafts & { kept: Map<string, LocalDraft>; full: boolean } {
  const kept = new Map<string, LocalDraft>();
  return {
    kept,
    full: false,
    async read(id) {
      return kept.get(id);
    },
    async write(id, draft) {
      if (this.full) throw new DOMException('full', 'QuotaExceededError');
      kept.set(id, draft);
    },
    async remove(id) {
      kept.delete(id);
    },
  };
}

const named = (state: Kept, name: string): Kept => ({
  ...state,
  document: withPartAt(state.document, { file: 'workflow.json', path: ['name'] }, name),
});
const nameIn = (files: StoredFiles): unknown =>
  (JSON.parse(files['workflow.json'] as string) as { name?: string }).name;

async function openWith(server: ReturnType<typeof memoryServer>, local: LocalDrafts) {
  const opened = await openDraft(server, local, 't');
  const states: SaveState[] = [];
  const keeper = keepDraft(
    { templateId: 't', server, local, onState: (state) => states.push(state), labelFor: (side) => side },
    opened,
  );
  return { opened, keeper, states };
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('E1 edits survive', () => {
  test('an edit is in the browser within 250 ms and on the server within 2 s, many in one save', async () => {
    const server = memoryServer();
    const local = memoryLocal();
    const { opened, keeper, states } = await openWith(server, local);
    for (const name of ['a', 'ab', 'abc']) keeper.keep(named(opened.state, name));
    await vi.advanceTimersByTimeAsync(250);
    expect(nameIn(local.kept.get('t')?.files ?? {})).toBe('abc');
    await vi.advanceTimersByTimeAsync(1_750);
    expect(nameIn(server.draft.files)).toBe('abc');
    expect([server.saves, states.at(-1), local.kept.size]).toEqual([1, 'saved', 0]);
    // What was not touched was not sent anew, and is there as it came.
    expect(server.draft.files['prompts/ask.txt']).toBe(museumFiles['prompts/ask.txt']);
  });

  test('without a connection edits stay in the browser, and go when it is back', async () => {
    const server = memoryServer();
    const local = memoryLocal();
    const { opened, keeper, states } = await openWith(server, local);
    server.offline = true;
    keeper.keep(named(opened.state, 'offline'));
    await vi.advanceTimersByTimeAsync(5_000);
    expect(states.at(-1)).toBe('offline');
    keeper.stop();
    // The page is closed and opened again.
    const again = await openWith(server, local);
    expect(again.opened).toMatchObject({ recovered: true, theirs: null });
    server.offline = false;
    await vi.advanceTimersByTimeAsync(40_000);
    expect(nameIn(server.draft.files)).toBe('offline');
    expect(again.states.at(-1)).toBe('saved');
  });

  test('a save whose answer was lost is no conflict with itself', async () => {
    const server = memoryServer();
    const { opened, keeper, states } = await openWith(server, memoryLocal());
    server.loseAnswer = true;
    keeper.keep(named(opened.state, 'once'));
    await vi.advanceTimersByTimeAsync(40_000);
    expect([states.includes('conflict'), states.at(-1), server.draft.revision]).toEqual([false, 'saved', 2]);
    keeper.keep(named(opened.state, 'twice'));
    await vi.advanceTimersByTimeAsync(2_000);
    expect([nameIn(server.draft.files), states.at(-1), server.draft.revision]).toEqual(['twice', 'saved', 3]);
  });

  test('a browser without room says so, and the server is told all the same', async () => {
    const server = memoryServer();
    const local = memoryLocal();
    local.full = true;
    const { opened, keeper, states } = await openWith(server, local);
    server.offline = true;
    keeper.keep(named(opened.state, 'x'));
    await vi.advanceTimersByTimeAsync(3_000);
    expect(states).toContain('only_in_this_tab');
    server.offline = false;
    await vi.advanceTimersByTimeAsync(40_000);
    expect([nameIn(server.draft.files), states.at(-1)]).toEqual(['x', 'saved']);
  });
});

describe('E2 two tabs or devices', () => {
  test.each(['mine', 'theirs'] as const)(
    'the lost race drops neither side: %s goes on, the other is a checkpoint',
    async (side) => {
      const server = memoryServer();
      const here = await openWith(server, memoryLocal());
      const there = await openWith(server, memoryLocal());
      there.keeper.keep(named(there.opened.state, 'theirs'));
      await there.keeper.flush();
      here.keeper.keep(named(here.opened.state, 'mine'));
      await vi.advanceTimersByTimeAsync(2_000);
      expect([here.states.at(-1), nameIn(server.draft.files)]).toEqual(['conflict', 'theirs']);
      const state = await here.keeper.resolve(side);
      const other = side === 'mine' ? 'theirs' : 'mine';
      expect(nameIn(storedFiles(state.document))).toBe(side);
      expect(server.checkpoints.map(({ label, files }) => [label, nameIn(files)])).toEqual([[other, other]]);
      expect([nameIn(server.draft.files), here.states.at(-1)]).toEqual([side, 'saved']);
    },
  );

  test('edits that were left in a browser meet a draft that has moved on: a conflict, nothing is overwritten', async () => {
    const server = memoryServer();
    const local = memoryLocal();
    const first = await openWith(server, local);
    first.keeper.keep(named(first.opened.state, 'left here'));
    await vi.advanceTimersByTimeAsync(250);
    first.keeper.stop();
    await server.save(server.draft.revision, {
      entryPoint: 'workflow.json',
      put: { 'workflow.json': '{"name":"elsewhere","steps":[]}' },
      remove: [],
      sourceBuffer: null,
      preview: null,
    });
    const { opened, states } = await openWith(server, local);
    expect([opened.theirs?.revision, states]).toEqual([2, ['conflict']]);
    expect(nameIn(storedFiles(opened.state.document))).toBe('left here');
    await vi.advanceTimersByTimeAsync(10_000);
    expect(nameIn(server.draft.files)).toBe('elsewhere');
  });

  test('a tab that is shown again asks before it writes', async () => {
    const server = memoryServer();
    const { keeper, states } = await openWith(server, memoryLocal());
    await keeper.check();
    expect(states).toEqual([]);
    await server.save(1, {
      entryPoint: 'workflow.json',
      put: {},
      remove: [],
      sourceBuffer: null,
      preview: { modes: {} },
    });
    await keeper.check();
    expect(states).toEqual(['conflict']);
  });
});

test('documents are read back as they were stored', () => {
  const document = documentOf({ 'a.json': '{ "x": 1 }', 'b.bin': { base64: 'AA==' } }, 'a.json');
  expect(storedFiles(document)).toEqual({ 'a.json': '{ "x": 1 }', 'b.bin': { base64: 'AA==' } });
});
