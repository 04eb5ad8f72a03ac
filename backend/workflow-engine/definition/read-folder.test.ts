import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { limits } from '../models/limits.ts';
import { readFolder, readPackage } from './read-folder.ts';
import { makeZip } from './testing/make-zip.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'wfm-package-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

async function put(path: string, content: string | Uint8Array): Promise<void> {
  await mkdir(join(folder, path, '..'), { recursive: true });
  await writeFile(join(folder, path), content);
}

describe('reading a package from disk', () => {
  it('takes every file, but none that is hidden or of an installed package', async () => {
    await put('wf.json', '{}');
    await put('prompts/ask.j2', 'Hi');
    await put('.git/config', 'x');
    await put('node_modules/x/index.js', 'x');
    expect([...(await readFolder(folder)).keys()].sort()).toEqual(['prompts/ask.j2', 'wf.json']);
  });

  it('follows a link to a file inside, refuses one that leads out, passes over a broken one', async () => {
    await put('a.txt', 'inside');
    await symlink(join(folder, 'a.txt'), join(folder, 'b.txt'));
    await symlink(join(folder, 'nowhere'), join(folder, 'c.txt'));
    await symlink(folder, join(folder, 'loop'));
    const files = await readFolder(folder);
    expect(new TextDecoder().decode(files.get('b.txt'))).toBe('inside');
    expect(files.size).toBe(2);
    await symlink('/etc/hostname', join(folder, 'out.txt'));
    await expect(readFolder(folder)).rejects.toMatchObject({
      code: 'ref_outside_package',
      params: { path: 'out.txt' },
    });
  });

  it('a folder beside that shares the name as a prefix is outside', async () => {
    const sibling = `${folder}-other`;
    await mkdir(sibling);
    await writeFile(join(sibling, 'x.txt'), 'x');
    await symlink(join(sibling, 'x.txt'), join(folder, 'x.txt'));
    await expect(readFolder(folder)).rejects.toMatchObject({ code: 'ref_outside_package' });
    await rm(sibling, { recursive: true });
  });

  it('refuses too many files and too many bytes', async () => {
    await put('big.bin', new Uint8Array(limits.zipInflated + 1));
    await expect(readFolder(folder)).rejects.toMatchObject({ code: 'definition_too_large' });
    await rm(join(folder, 'big.bin'));
    for (let index = 0; index <= limits.zipEntries; index += 1) await put(`f${index}`, '');
    await expect(readFolder(folder)).rejects.toMatchObject({ code: 'too_many_refs' });
  });

  it('takes a folder, the entry point in it, or a ZIP', async () => {
    await put('wf.json', '{}');
    await put('pack.zip', makeZip([{ name: 'inner.json', data: '{}' }]));
    expect((await readPackage(join(folder, 'wf.json'))).entryPoint).toBe('wf.json');
    expect((await readPackage(folder)).files.has('wf.json')).toBe(true);
    expect([...(await readPackage(join(folder, 'pack.zip'))).files.keys()]).toEqual(['inner.json']);
    await expect(readPackage(join(folder, 'nothing'))).rejects.toMatchObject({ code: 'entry_point_missing' });
  });
});
