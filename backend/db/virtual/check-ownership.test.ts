import { gunzipSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { isWfmError } from '@wfm/workflow-engine/errors';
import { createTestClock, runs, sampleAppend, startSample } from '@wfm/workflow-engine/testing';
import { createVirtualStorage } from './virtual-database.ts';
import type { StoreRows } from '@wfm/workflow-engine/ports/memory';

interface SnapshotBody {
  user_id: string;
  virtual_run_id: string;
  stores: StoreRows;
}

const storage = createVirtualStorage({ clock: createTestClock() });
const userId = 'user-1';
let json = '';
let runId = '';

beforeAll(async () => {
  const database = storage.create();
  await database.definitions.keepDefinition({ versionId: 'sha256:00', definition: {} });
  const started = await startSample(database.runs, { user_id: userId });
  runId = started.runId;
  await database.runs.append(sampleAppend({ ...started, expectedSeq: 0 }, 3));
  const head = { engine: 'test', user_id: userId, virtual_run_id: runId, target: null };
  json = gunzipSync(await database.export(head)).toString();
});

const edited = (edit: (body: SnapshotBody) => unknown): unknown => {
  const body = JSON.parse(json) as SnapshotBody;
  edit(body);
  return body;
};

async function outcome(value: unknown): Promise<string> {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  try {
    await storage.open(gzipSync(text), { userId, runId });
    return 'accepted';
  } catch (error) {
    if (!isWfmError(error)) throw error;
    return error.code;
  }
}

const first = <T>(list: T[]): T => {
  const [item] = list;
  if (item === undefined) throw new Error('the list is empty');
  return item;
};

describe('the rows of a snapshot, signed by whoever', () => {
  it('S16 as they were made, they are accepted', async () => {
    expect(await outcome(edited(() => undefined))).toBe('accepted');
  });

  const forgeries: [string, (body: SnapshotBody) => unknown, string][] = [
    ['a store that nobody knows', (body) => Object.assign(body.stores, { users: [] }), 'snapshot_malformed'],
    ['a store that is null', (body) => Object.assign(body.stores, { usage: null }), 'snapshot_malformed'],
    ['no logs', (body) => delete (body.stores as Partial<StoreRows>).events, 'snapshot_malformed'],
    [
      'a column that nobody knows',
      (body) => Object.assign(first(body.stores.runs), { role: 'admin' }),
      'snapshot_malformed',
    ],
    ['another user’s run', (body) => (first(body.stores.runs).user_id = 'user-2'), 'snapshot_malformed'],
    ['another user’s snapshot', (body) => (body.user_id = 'user-2'), 'snapshot_foreign'],
    ['another run’s snapshot', (body) => (body.virtual_run_id = 'other'), 'snapshot_foreign'],
    ['no run at all', (body) => (body.stores.runs = []), 'snapshot_malformed'],
    ['a log with a gap', (body) => body.stores.events.splice(1, 1), 'snapshot_malformed'],
    ['a log without its end', (body) => body.stores.events.pop(), 'snapshot_malformed'],
    ['an event of no branch', (body) => (first(body.stores.events).branch_id = 'other'), 'snapshot_malformed'],
    [
      'an event of no known type',
      (body) => Object.assign(first(body.stores.events), { type: 'run_code' }),
      'snapshot_malformed',
    ],
    [
      'a branch of its own parent',
      (body) => (first(body.stores.branches).parent_branch_id = first(body.stores.branches).branch_id),
      'snapshot_malformed',
    ],
    ['a head beyond the log', (body) => (first(body.stores.runs).last_seq = 99), 'snapshot_malformed'],
    ['no definition', (body) => (body.stores.definitions = []), 'snapshot_malformed'],
    [
      'a keyword of another user',
      (body) =>
        body.stores.keywords.push({
          user_id: 'user-2',
          template_id: 't',
          keyword: 'k',
          weight: 1,
          last_used: '',
          fields: {},
        }),
      'snapshot_malformed',
    ],
    [
      'a choice of another user',
      (body) =>
        body.stores.usage.push({
          user_id: 'user-2',
          template_id: 't',
          step_id: 's',
          module_name: 'm',
          key: 'k',
          used_at: '',
        }),
      'snapshot_malformed',
    ],
  ];
  for (const [name, edit, code] of forgeries) {
    it(`S16 ${name} is ${code}`, async () => {
      expect(await outcome(edited(edit))).toBe(code);
    });
  }

  it('S16 text that is not JSON, not an object, too deep or polluting is snapshot_malformed', async () => {
    const deep = json.replace('"definition":{}', `"definition":${'['.repeat(500)}${']'.repeat(500)}`);
    const polluting = json.replace('"definition":{}', '"definition":{"__proto__":{"admin":true}}');
    for (const text of ['', '{', 'null', '[]', '"x"', '{}', deep, polluting]) {
      expect(await outcome(text)).toBe('snapshot_malformed');
    }
    expect(Object.hasOwn(Object.prototype, 'admin')).toBe(false);
  });

  it('S16 whatever is changed in them, they are accepted or refused, never a crash', async () => {
    const property = fc.asyncProperty(
      fc.nat(),
      fc.jsonValue({ maxDepth: 2 }),
      fc.boolean(),
      async (pick, value, remove) => {
        const body = edited((whole) => mutate(whole, pick, value, remove));
        expect(await outcome(body)).toMatch(/^(accepted|snapshot_(malformed|foreign|version))$/);
      },
    );
    await fc.assert(property, { numRuns: runs(300, 2000) });
  });
});

/** Replaces or removes one member somewhere in a tree. */
function mutate(root: object, pick: number, value: unknown, remove: boolean): void {
  const places: [Record<string, unknown>, string][] = [];
  const visit = (node: unknown): void => {
    if (typeof node !== 'object' || node === null) return;
    for (const key of Object.keys(node)) {
      places.push([node as Record<string, unknown>, key]);
      visit((node as Record<string, unknown>)[key]);
    }
  };
  visit(root);
  const [node, key] = places[pick % places.length] ?? [{}, ''];
  if (remove) delete node[key];
  else node[key] = value;
}
