import { zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { isWfmError } from '../errors/index.ts';
import { limits } from '../models/limits.ts';
import { cpuMs } from '../testing/cpu-ms.ts';
import { readZip } from './read-zip.ts';
import { makeZip, type ZipPart } from './testing/make-zip.ts';

const good: ZipPart = { name: 'wf.json', data: '{}' };
const zeros = (bytes: number): Uint8Array => new Uint8Array(bytes);

/** How a ZIP is refused, and how much work that took. */
async function refusal(zip: Uint8Array): Promise<{ code: string; entry: unknown; ms: number }> {
  const start = cpuMs();
  try {
    await readZip(zip);
  } catch (thrown) {
    if (!isWfmError(thrown)) throw thrown;
    return { code: thrown.code, entry: thrown.params['entry'], ms: cpuMs() - start };
  }
  throw new Error('the ZIP was accepted');
}

describe('1.2 reading a ZIP', () => {
  it('gives the files under clean paths, directories left out', async () => {
    const zip = makeZip([
      good,
      { name: './a\\b.txt', data: 'x', method: 0 },
      { name: 'a/', mode: 0o040755, method: 0 },
      { name: 'caf\u00e9.txt', data: '' },
      { name: 'fat.txt', data: 'f', mode: 0 },
    ]);
    const files = await readZip(zip);
    expect([...files.keys()]).toEqual(['wf.json', 'a/b.txt', 'caf\u00e9.txt', 'fat.txt']);
    expect(new TextDecoder().decode(files.get('a/b.txt'))).toBe('x');
  });

  it('takes what another program packed', async () => {
    const packed = zipSync({ 'wf.json': new TextEncoder().encode('{"steps": []}'), deep: { 'x.bin': zeros(10) } });
    expect([...(await readZip(packed)).keys()]).toEqual(['wf.json', 'deep/x.bin']);
  });

  it('keeps bytes that are no text (1.3)', async () => {
    const bytes = new Uint8Array([0xff, 0, 0x80]);
    expect((await readZip(makeZip([{ name: 'x.bin', data: bytes }]))).get('x.bin')).toEqual(bytes);
  });
});

const manyNames = Array.from(
  { length: limits.zipEntries + 1 },
  (_, index): ZipPart => ({ name: `f${index}`, method: 0 }),
);
const incompressible = (bytes: number): Uint8Array => {
  // A multiplicative generator: the same bytes every time, and deflate finds nothing in them.
  const out = new Uint8Array(bytes);
  let seed = 42;
  for (let index = 0; index < bytes; index += 1) {
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
    out[index] = seed >>> 24;
  }
  return out;
};
/** 50 times its size: under the ratio, so that only the total can stop it. */
const dense = (bytes: number): Uint8Array => {
  const out = zeros(bytes);
  const noise = incompressible(bytes / 64);
  for (const [index, byte] of noise.entries()) out[index * 64] = byte;
  return out;
};

const oneDense = dense(4_194_304);
const manyDense = Array.from({ length: 6 }, (_, index): ZipPart => ({ name: `f${index}`, data: oneDense }));

describe('1.2, 23 hostile ZIPs are refused fast, by name', () => {
  it.each<[string, string, ZipPart[], string]>([
    ['an absolute path', 'zip_entry_refused', [good, { name: '/etc/passwd' }], '/etc/passwd'],
    ['a path above the root', 'zip_entry_refused', [good, { name: 'a/../../x' }], 'a/../../x'],
    ['a path above the root that comes back', 'zip_entry_refused', [{ name: '../root/x' }], '../root/x'],
    ['backslashes above the root', 'zip_entry_refused', [{ name: '..\\x' }], '..\\x'],
    ['a drive letter', 'zip_entry_refused', [{ name: 'C:\\x' }], 'C:\\x'],
    ['a NUL in a name', 'zip_entry_refused', [{ name: 'a\0.json' }], 'a\0.json'],
    ['a symbolic link', 'zip_entry_refused', [good, { name: 'link', data: '/etc/passwd', mode: 0o120777 }], 'link'],
    ['a device', 'zip_entry_refused', [{ name: 'dev', mode: 0o020666 }], 'dev'],
    ['an encrypted entry', 'zip_entry_refused', [{ name: 'secret', data: 'x', flags: 1 }], 'secret'],
    ['an encrypted directory', 'zip_entry_refused', [{ name: 'secret/', flags: 1 }], 'secret/'],
    ['a name twice', 'zip_entry_refused', [good, good], 'wf.json'],
    ['names that differ in case', 'zip_entry_refused', [{ name: 'A.txt' }, { name: 'a.TXT' }], 'a.TXT'],
    ['names that differ in Unicode form', 'zip_entry_refused', [{ name: 'e\u0301' }, { name: '\u00e9' }], '\u00e9'],
    ['names that differ in separators', 'zip_entry_refused', [{ name: 'a/b' }, { name: 'a\\b' }], 'a\\b'],
    [
      'entries that share bytes',
      'zip_entry_refused',
      [
        { name: 'a', data: 'x' },
        { name: 'b', data: 'x', sharesBytesOf: 0 },
      ],
      'b',
    ],
    ['an unknown compression', 'zip_entry_refused', [{ name: 'odd', data: 'x', method: 99 }], 'odd'],
    ['a bomb by ratio', 'zip_ratio', [{ name: 'bomb', data: zeros(15_000_000) }], 'bomb'],
    ['a small bomb by ratio', 'zip_ratio', [{ name: 'bomb', data: zeros(100_000) }], 'bomb'],
    ['a bomb whose header lies', 'zip_ratio', [{ name: 'bomb', data: zeros(15_000_000), claimedSize: 10 }], 'bomb'],
    ['a bomb of many files', 'zip_too_large', manyDense, 'f5'],
    ['content that is not what the header says', 'zip_invalid', [{ name: 'x', data: 'abc', claimedSize: 2 }], 'x'],
    ['content with a wrong checksum', 'zip_invalid', [{ name: 'x', data: 'abc', claimedCrc: 1 }], 'x'],
  ])('%s: %s', async (_name, code, parts, entry) => {
    const { ms, ...refused } = await refusal(makeZip(parts));
    expect(refused).toEqual({ code, entry });
    expect(ms).toBeLessThan(900);
  });

  it('too many entries, before any is read', async () => {
    expect(await refusal(makeZip(manyNames))).toMatchObject({ code: 'zip_too_many_entries' });
    expect(await refusal(makeZip([good], { entries: 60_000 }))).toMatchObject({ code: 'zip_too_many_entries' });
  });

  it('a file over the limit of an upload', async () => {
    expect(await refusal(zeros(limits.packageBytes + 1))).toMatchObject({ code: 'zip_too_large' });
  });

  it.each<[string, Uint8Array]>([
    ['no ZIP at all', new TextEncoder().encode('{"workflow_id": "x"}')],
    ['nothing', new Uint8Array()],
    ['a ZIP cut short', makeZip([good]).slice(0, 40)],
    ['a ZIP whose directory is missing entries', makeZip([good], { entries: 3 })],
    ['a broken deflate stream', corrupted(makeZip([{ name: 'x', data: incompressible(5000) }]), 40)],
  ])('%s is zip_invalid', async (_name, bytes) => {
    expect(await refusal(bytes)).toMatchObject({ code: 'zip_invalid' });
  });
});

function corrupted(zip: Uint8Array, at: number): Uint8Array {
  const copy = zip.slice();
  copy.fill(0xff, at, at + 50);
  return copy;
}
