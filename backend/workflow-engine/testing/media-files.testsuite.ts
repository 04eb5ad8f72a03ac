import { createHash, randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { MediaFiles } from '../ports/media-files.ts';
import { expectCode } from './expect-code.ts';

/** Empty media files, and what lies in them. */
export interface MediaFilesSetup {
  files: MediaFiles;
  /** Names of everything that is kept, finished or not. */
  names(): Promise<string[]>;
  close(): Promise<void>;
}

const runId = '0195b9c8-0000-7000-8000-000000000001';
const otherRun = '0195b9c8-0000-7000-8000-000000000002';
const room = { maxBytes: 100_000_000 };

/** The laws of media files; an adapter is done when it passes. */
export function mediaFilesContract(name: string, setup: () => Promise<MediaFilesSetup>): void {
  describe(`${name}: media files`, () => {
    let current: MediaFilesSetup;
    beforeEach(async () => {
      current = await setup();
    });
    afterEach(() => current.close());
    const put = (bytes: Uint8Array, run = runId, piece = 1000) =>
      current.files.put({ runId: run, data: pieces(bytes, piece), ...room });
    const get = async (sha256: string, range: { start?: number; end?: number } = {}, run = runId) => {
      const found = await current.files.read({ runId: run, sha256, ...range });
      return found && { data: await join(found.data), size: found.size };
    };

    test('bytes come back as they went in, under their hash', async () => {
      for (const size of [0, 1, 999, 70_001]) {
        const bytes = randomBytes(size);
        const kept = await put(bytes);
        expect(kept).toEqual({ sha256: createHash('sha256').update(bytes).digest('hex'), bytes: size });
        expect(await get(kept.sha256)).toEqual({ data: hex(bytes), size });
      }
      expect(await get('0'.repeat(64))).toBeNull();
    });

    test('a large stream is kept whole', { timeout: 30_000 }, async () => {
      const bytes = randomBytes(12_000_001);
      const kept = await put(bytes, runId, 262_144);
      expect(kept.sha256).toBe(createHash('sha256').update(bytes).digest('hex'));
      expect((await get(kept.sha256))?.data).toBe(hex(bytes));
    });

    test('the same bytes twice are one file, also at once', async () => {
      const bytes = randomBytes(5000);
      const kept = await Promise.all([put(bytes), put(bytes), put(bytes)]);
      expect(new Set(kept.map(({ sha256 }) => sha256)).size).toBe(1);
      expect(await current.names()).toHaveLength(1);
    });

    test('a range is read from start to before end, and cut to the file', async () => {
      const bytes = randomBytes(200_000);
      const { sha256 } = await put(bytes);
      const ranges = [{ start: 5 }, { end: 7 }, { start: 100_000, end: 170_000 }, { start: 199_999, end: 900_000 }];
      for (const range of ranges) {
        const expected = { data: hex(bytes.subarray(range.start ?? 0, range.end)), size: bytes.length };
        expect(await get(sha256, range)).toEqual(expected);
      }
      expect(await get(sha256, { start: 300_000 })).toEqual({ data: '', size: bytes.length });
    });

    test('an answer that nobody reads, or reads in part, does no harm', async () => {
      const { sha256 } = await put(randomBytes(500_000));
      await current.files.read({ runId, sha256 });
      const found = await current.files.read({ runId, sha256 });
      for await (const chunk of found?.data ?? []) {
        expect(chunk.length).toBeGreaterThan(0);
        break;
      }
      expect((await get(sha256))?.size).toBe(500_000);
    });

    test('23 a stream over its limit is refused and leaves nothing', async () => {
      const bytes = randomBytes(10_001);
      const over = current.files.put({ runId, data: pieces(bytes, 1000), maxBytes: 10_000 });
      await expectCode(over, 'content_too_large');
      expect(await current.names()).toEqual([]);
      const exact = await current.files.put({ runId, data: pieces(bytes, 1000), maxBytes: 10_001 });
      expect(exact.bytes).toBe(10_001);
    });

    test.each([2000, 11_000_000])(
      'a stream that fails after %i bytes leaves nothing, and its fault passes',
      async (size) => {
        const fault = Object.assign(new Error('the line is dead'), { code: 'ECONNRESET' });
        async function* broken() {
          yield* pieces(randomBytes(size), 250_000);
          throw fault;
        }
        await expect(current.files.put({ runId, data: broken(), ...room })).rejects.toBe(fault);
        expect(await current.names()).toEqual([]);
      },
    );

    test('an abort ends a stream that hangs, and leaves nothing', async () => {
      const abort = new AbortController();
      async function* hanging() {
        yield randomBytes(2000);
        setTimeout(() => abort.abort(new Error('enough')), 5);
        await new Promise((resolve) => setTimeout(resolve, 60_000).unref());
      }
      const putting = current.files.put({ runId, data: hanging(), ...room, signal: abort.signal });
      await expect(putting).rejects.toThrow('enough');
      expect(await current.names()).toEqual([]);
      const late = current.files.put({ runId, data: pieces(randomBytes(9), 1), ...room, signal: abort.signal });
      await expect(late).rejects.toThrow('enough');
    });

    test('an abort ends a stream that never waits', async () => {
      const abort = new AbortController();
      const chunk = { done: false as const, value: new Uint8Array(10) };
      let given = 0;
      const ready = Promise.resolve(chunk);
      const endless: AsyncIterable<Uint8Array> = {
        [Symbol.asyncIterator]: () => ({
          next: () => {
            given += 1;
            if (given === 20) abort.abort(new Error('enough'));
            return ready;
          },
        }),
      };
      const putting = current.files.put({ runId, data: endless, ...room, signal: abort.signal });
      await expect(putting).rejects.toThrow('enough');
      expect(given).toBeLessThan(30);
    });

    test('files belong to one run', async () => {
      const { sha256 } = await put(randomBytes(100));
      expect(await get(sha256, {}, otherRun)).toBeNull();
    });

    test('a derived value is made once, kept beside its file, and gone with it', async () => {
      const { sha256 } = await put(randomBytes(100));
      let made = 0;
      const derived = (name: string) =>
        current.files.derived({
          runId,
          sha256,
          name,
          make: async () => {
            made += 1;
            return new TextEncoder().encode(`${name} ${made}`);
          },
        });
      const text = async (value: Promise<Uint8Array>) => new TextDecoder().decode(await value);
      expect(await Promise.all([text(derived('w-160')), text(derived('w-160'))])).toEqual(['w-160 1', 'w-160 1']);
      expect(await text(derived('w-160'))).toBe('w-160 1');
      expect(await text(derived('w-320'))).toBe('w-320 2');
      await current.files.deleteRun({ runId });
      expect(await text(derived('w-160'))).toBe('w-160 3');
      expect(await current.names()).toEqual([]);
    });

    test('a derived value that cannot be made is an error each time, and kept never', async () => {
      const { sha256 } = await put(randomBytes(100));
      const broken = { runId, sha256, name: 'x', make: () => Promise.reject(new Error('no picture')) };
      await expect(current.files.derived(broken)).rejects.toThrow('no picture');
      const whole = { ...broken, make: async () => new Uint8Array([7]) };
      expect([...(await current.files.derived(whole))]).toEqual([7]);
    });

    test('R22 a deleted run leaves nothing; others stay', async () => {
      await put(randomBytes(100));
      await put(randomBytes(200));
      const kept = await put(randomBytes(300), otherRun);
      expect(await allRuns(current.files)).toEqual([runId, otherRun]);
      await current.files.deleteRun({ runId });
      await current.files.deleteRun({ runId });
      expect(await allRuns(current.files)).toEqual([otherRun]);
      expect((await current.names()).filter((each) => each.includes(runId))).toEqual([]);
      expect((await get(kept.sha256, {}, otherRun))?.size).toBe(300);
    });

    test('S15 a name that could lead elsewhere is refused by every verb', async () => {
      const { sha256 } = await put(randomBytes(10));
      const runIds = ['', '..', '../x', 'a/b', '/etc', 'a\0b', '.incoming', 'A', 'a%2fb', '\\x', 'x'.repeat(65)];
      const hashes = ['', '..', '../../x', `${sha256}/`, sha256.toUpperCase(), `${sha256.slice(1)}.`, `${sha256}\0`];
      const { files } = current;
      const make = async () => new Uint8Array();
      for (const bad of runIds) {
        await expectCode(files.put({ runId: bad, data: pieces(new Uint8Array(1), 1), ...room }), 'content_not_found');
        await expectCode(files.read({ runId: bad, sha256 }), 'content_not_found');
        await expectCode(files.derived({ runId: bad, sha256, name: 'a', make }), 'content_not_found');
        await expectCode(files.deleteRun({ runId: bad }), 'content_not_found');
      }
      for (const bad of hashes) {
        await expectCode(files.read({ runId, sha256: bad }), 'content_not_found');
        await expectCode(files.derived({ runId, sha256: bad, name: 'a', make }), 'content_not_found');
      }
      for (const bad of ['', '..', 'a/b', 'A', 'a.b']) {
        await expectCode(files.derived({ runId, sha256, name: bad, make }), 'content_not_found');
      }
      expect(await current.names()).toHaveLength(1);
    });
  });
}

async function allRuns(files: MediaFiles): Promise<string[]> {
  const ids: string[] = [];
  for await (const id of files.runs()) ids.push(id);
  return ids.sort();
}

async function* pieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function join(data: AsyncIterable<Uint8Array>): Promise<string> {
  const hash: Buffer[] = [];
  for await (const chunk of data) hash.push(Buffer.from(chunk));
  return hex(Buffer.concat(hash));
}

/** Compares large bytes without printing them. */
function hex(bytes: Uint8Array): string {
  return bytes.length > 1000
    ? `${bytes.length} ${createHash('sha256').update(bytes).digest('hex')}`
    : Buffer.from(bytes).toString('hex');
}
