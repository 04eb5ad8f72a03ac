import { randomBytes } from 'node:crypto';
import { gunzipSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ErrorCode, hasCode, isWfmError } from '@wfm/workflow-engine/errors';
import { limits } from '@wfm/workflow-engine/models';
import { cpuMs, createTestClock, runs, sampleAppend, sampleFork, startSample } from '@wfm/workflow-engine/testing';
import { giveExtra, takeExtra } from './gzip-member.ts';
import { createSnapshotSeal } from './snapshot-seal.ts';
import { createVirtualStorage, type VirtualDatabase } from './virtual-database.ts';

const owner = { userId: 'user-1', runId: '' };
const storage = createVirtualStorage({ clock: createTestClock() });
const seal = createSnapshotSeal(['a secret of some length, for tests']);

/** A run with two branches, a file, a kept value and keywords. */
async function filled(): Promise<{ database: VirtualDatabase; runId: string }> {
  const database = storage.create();
  const { version } = await database.definitions.publish({
    ownerId: owner.userId,
    workflowId: 'w',
    name: 'W',
    description: '',
    versionId: 'sha256:00',
    definition: { z: 1, a: [{ nested: true }] },
    kind: 'raw',
  });
  const templateId = version.template_id;
  const { runId, branchId } = await startSample(database.runs, { user_id: owner.userId, template_id: templateId });
  await database.runs.append(sampleAppend({ runId, branchId, expectedSeq: 0 }, 4));
  const fork = sampleFork({ runId, parentId: branchId, forkSeq: 2 }, 3);
  await database.runs.append({ ...fork, projection: { current_branch_id: fork.branchId } });
  await database.content.putValue({ runId, sha256: '0'.repeat(64), json: '{"large":true}' });
  const data = new TextEncoder().encode('Grüße');
  await database.files.put({
    key: 'k',
    data,
    file: {
      file_id: 'f1',
      workflow_run_id: runId,
      branch_id: branchId,
      category: 'outputs',
      group: null,
      filename: 'card.txt',
      content_type: 'text',
      step_id: 's',
      module_name: 'm',
      bytes: data.length,
      created_at: '2026-01-01T00:00:00.000Z',
    },
  });
  const keyword = { keyword: 'fog', weight: 2, last_used: '2026-01-01T00:00:00.000Z', fields: { note: 'x' } };
  const scope = { userId: owner.userId, templateId };
  await database.keywords.save({ scope, key: 'save-1', runId, keywords: [keyword], accumulate: true });
  return { database, runId };
}

function headOf(runId: string) {
  return { engine: 'test', user_id: owner.userId, virtual_run_id: runId, target: { step_id: 's', module_name: 'm' } };
}

async function sealed(): Promise<{ text: string; runId: string; gzip: Buffer }> {
  const { database, runId } = await filled();
  const gzip = await database.export(headOf(runId));
  return { text: seal.seal(gzip, { ...owner, runId }), runId, gzip };
}

async function codeOf(work: () => unknown): Promise<ErrorCode | 'accepted'> {
  try {
    await work();
    return 'accepted';
  } catch (error) {
    if (!isWfmError(error)) throw error;
    return error.code;
  }
}

/** A file with the given JSON, signed or not: what an attacker with or without the key could send. */
const fileOf = (value: unknown): Buffer => gzipSync(typeof value === 'string' ? value : JSON.stringify(value));

describe('a snapshot', () => {
  it('22 carries a whole state there and back, byte for byte', async () => {
    const { text, runId, gzip } = await sealed();
    const opened = seal.unseal(text, { userId: owner.userId });
    expect(opened.runId).toBe(runId);
    const { database, head } = await storage.open(opened.gzip, { ...owner, runId });
    expect(head).toEqual(headOf(runId));
    expect(gunzipSync(await database.export(head)).equals(gunzipSync(gzip))).toBe(true);
    const file = await database.files.read({ runId, fileId: 'f1' });
    expect(new TextDecoder().decode(file?.data)).toBe('Grüße');
    const row = await database.runs.find({ runId });
    const line = await database.runs.readLine({ runId, branchId: row?.current_branch_id ?? '', afterSeq: -1 });
    expect(line.map((event) => event.seq)).toEqual([0, 1, 2, 3, 4, 5]);
  });

  it('22 decodes with plain tools', async () => {
    const { text, runId } = await sealed();
    const body = JSON.parse(gunzipSync(Buffer.from(text, 'base64')).toString()) as Record<string, unknown>;
    expect(body).toMatchObject({ snapshot: 1, user_id: 'user-1', virtual_run_id: runId });
    expect(Object.keys(body)).toEqual(['snapshot', 'engine', 'user_id', 'virtual_run_id', 'target', 'stores']);
  });

  it('22 is the same for the same state, and keeps the order of keys', async () => {
    const { database, runId } = await filled();
    const [first, second] = [await database.export(headOf(runId)), await database.export(headOf(runId))];
    expect(first.equals(second)).toBe(true);
    expect(gunzipSync(first).toString()).toContain('"definition":{"z":1,"a":');
  });

  it('22.1 S16 any flipped byte is refused, as text and as bytes', async () => {
    const { text } = await sealed();
    const bytes = Buffer.from(text, 'base64');
    const refusals = new Set<string>();
    const flip = fc.tuple(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), fc.boolean());
    const property = fc.asyncProperty(flip, async ([at, mask, asText]) => {
      const source = asText ? Buffer.from(text) : bytes;
      const changed = Buffer.from(source);
      const place = asText ? Math.floor((at / bytes.length) * source.length) : at;
      changed[place] = (changed[place] ?? 0) ^ mask;
      const sent = asText ? changed.toString('latin1') : changed.toString('base64');
      refusals.add(await codeOf(() => seal.unseal(sent, { userId: owner.userId })));
    });
    await fc.assert(property, { numRuns: runs(1000, 20_000) });
    expect([...refusals].sort()).toEqual(['snapshot_malformed', 'snapshot_signature']);
  });

  it('22.1 every single bit of the header and the signature counts', async () => {
    const { text } = await sealed();
    const bytes = Buffer.from(text, 'base64');
    for (let bit = 0; bit < 8 * 130; bit += 1) {
      const changed = Buffer.from(bytes);
      changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(await codeOf(() => seal.unseal(changed.toString('base64'), owner))).toMatch(
        /^snapshot_(malformed|signature)$/,
      );
    }
  });

  it('22 another user’s, another server’s and an unsigned one are snapshot_signature', async () => {
    const { text, gzip, runId } = await sealed();
    const stranger = createSnapshotSeal(['another secret, of the same length']);
    expect(await codeOf(() => seal.unseal(text, { userId: 'user-2' }))).toBe('snapshot_signature');
    expect(await codeOf(() => stranger.unseal(text, { userId: owner.userId }))).toBe('snapshot_signature');
    expect(await codeOf(() => seal.unseal(gzip.toString('base64'), { userId: owner.userId, runId }))).toBe(
      'snapshot_signature',
    );
  });

  it('22 another run’s is snapshot_foreign', async () => {
    const { text } = await sealed();
    expect(await codeOf(() => seal.unseal(text, { userId: owner.userId, runId: 'other' }))).toBe('snapshot_foreign');
    const { gzip, runId } = seal.unseal(text, { userId: owner.userId });
    expect(await codeOf(() => storage.open(gzip, { userId: owner.userId, runId: `${runId}x` }))).toBe(
      'snapshot_foreign',
    );
    expect(await codeOf(() => storage.open(gzip, { userId: 'user-2', runId }))).toBe('snapshot_foreign');
  });

  it('22 a replaced secret still opens what it signed, and signs no more', async () => {
    const { gzip, runId } = await sealed();
    const [old, fresh] = ['the old secret, for tests only', 'the new secret, for tests only'];
    const both = createSnapshotSeal([fresh, old]);
    const before = createSnapshotSeal([old]).seal(gzip, { ...owner, runId });
    expect(await codeOf(() => both.unseal(before, { userId: owner.userId }))).toBe('accepted');
    const after = both.seal(gzip, { ...owner, runId });
    expect(await codeOf(() => createSnapshotSeal([old]).unseal(after, { userId: owner.userId }))).toBe(
      'snapshot_signature',
    );
  });

  it('22.3 a signed one of a newer version is snapshot_version', async () => {
    const { runId } = await sealed();
    const text = fileOf({ snapshot: 2, user_id: owner.userId });
    expect(await codeOf(() => storage.open(text, { ...owner, runId }))).toBe('snapshot_version');
  });

  it('22.2 nothing is inflated before the signature holds', async () => {
    const { text } = await sealed();
    const taken = takeExtra(Buffer.from(text, 'base64'), 'WF');
    const bomb = gzipSync(Buffer.alloc(64 * 1024 * 1024), { level: 9 });
    const swapped = giveExtra(bomb, 'WF', taken?.data ?? Buffer.alloc(0)).toString('base64');
    const before = cpuMs();
    expect(await codeOf(() => seal.unseal(swapped, { userId: owner.userId }))).toBe('snapshot_signature');
    expect(cpuMs() - before).toBeLessThan(250);
  });

  it('S2 a signed bomb is given up at 16 MB', async () => {
    const bomb = gzipSync(Buffer.alloc(128 * 1024 * 1024), { level: 9 });
    const before = cpuMs();
    expect(await codeOf(() => storage.open(bomb, { ...owner, runId: 'r' }))).toBe('snapshot_too_large');
    expect(cpuMs() - before).toBeLessThan(1000);
  });

  it('23 a text over 4 MB is refused before it is decoded', async () => {
    const large = 'A'.repeat(limits.snapshotCompressed * 2);
    expect(await codeOf(() => seal.unseal(large, { userId: owner.userId }))).toBe('snapshot_too_large');
  });

  it('22 two members, and bytes behind the file, are refused', async () => {
    const { gzip, runId } = await sealed();
    for (const file of [Buffer.concat([gzip, fileOf('{}')]), Buffer.concat([gzip, Buffer.alloc(8)])]) {
      expect(await codeOf(() => storage.open(file, { ...owner, runId }))).toBe('snapshot_malformed');
    }
  });

  it('23 a state that is too large names its largest value', async () => {
    const { database, runId } = await filled();
    const menu = randomBytes(4_000_000).toString('base64');
    await database.files.put({
      key: 'big',
      data: new TextEncoder().encode(menu),
      file: {
        file_id: 'f2',
        workflow_run_id: runId,
        branch_id: 'b',
        category: 'outputs',
        group: null,
        filename: 'menu.json',
        content_type: 'json',
        step_id: 's',
        module_name: 'm',
        bytes: menu.length,
        created_at: '2026-01-01T00:00:00.000Z',
      },
    });
    const attempt = database.export(headOf(runId));
    await expect(attempt).rejects.toSatisfy((error) => hasCode(error, 'snapshot_too_large'));
    await expect(attempt).rejects.toMatchObject({ params: { largest: { what: 'file menu.json' } } });
  });
});
