import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { MediaFiles } from '@wfm/workflow-engine/ports';
import { expectCode, mediaFilesContract } from '@wfm/workflow-engine/testing';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { makeTestDir } from '../testing/open-test-database.ts';
import { startProcess } from '../testing/start-process.ts';
import { mediaDirectory } from './directory.ts';

const runId = 'run-1';
const room = { maxBytes: 1_000_000 };

/** Paths of all files below the media directory. */
function filesIn(dataDir: string): string[] {
  const entries = readdirSync(join(dataDir, 'media'), { recursive: true, withFileTypes: true });
  return entries.filter((entry) => !entry.isDirectory()).map((entry) => join(entry.parentPath, entry.name));
}

mediaFilesContract('directory', async () => {
  const { dataDir, remove } = makeTestDir();
  return {
    files: mediaDirectory(dataDir),
    names: async () => (existsSync(join(dataDir, 'media')) ? filesIn(dataDir) : []),
    close: async () => remove(),
  };
});

describe('directory', () => {
  let dataDir: string;
  let remove: () => void;
  beforeEach(() => {
    ({ dataDir, remove } = makeTestDir());
  });
  afterEach(() => remove());
  const media = (...parts: string[]) => join(dataDir, 'media', ...parts);

  test('files and directories are for their user alone', async () => {
    const files = mediaDirectory(dataDir);
    const { sha256 } = await files.put({ runId, data: once(randomBytes(10)), ...room });
    await files.derived({ runId, sha256, name: 'w-160', make: async () => new Uint8Array(3) });
    for (const path of [media(), media('.incoming'), media(runId)]) expect(lstatSync(path).mode & 0o777).toBe(0o700);
    expect(filesIn(dataDir)).toHaveLength(2);
    for (const path of filesIn(dataDir)) expect(lstatSync(path).mode & 0o777).toBe(0o600);
  });

  test('S15 a symbolic link in the place of a run or of a file is not followed', async () => {
    const files = mediaDirectory(dataDir);
    const outside = mkdtempSync(join(tmpdir(), 'wfm-outside-'));
    const { sha256 } = await files.put({ runId, data: once(randomBytes(10)), ...room });
    writeFileSync(join(outside, sha256), 'secret');
    symlinkSync(outside, media('linked'));
    expect(await files.read({ runId: 'linked', sha256 })).toBeNull();
    const putting = files.put({ runId: 'linked', data: once(randomBytes(10)), ...room });
    await expectCode(putting, 'storage_unavailable');
    const make = async () => new Uint8Array([1]);
    expect([...(await files.derived({ runId: 'linked', sha256, name: 'a', make }))]).toEqual([1]);
    await files.deleteRun({ runId: 'linked' });

    symlinkSync(join(outside, sha256), media(runId, 'b'.repeat(64)));
    expect(await files.read({ runId, sha256: 'b'.repeat(64) })).toBeNull();
    expect(readdirSync(outside)).toEqual([sha256]);
    expect(await listRuns(files)).toEqual([runId]);
    rmSync(outside, { recursive: true });
  });

  test('a full disk is said as such and leaves nothing', async () => {
    // A limit on the size of a file stands for a disk with no room: the write fails at the same place.
    const script = fileURLToPath(new URL('../testing/storage-process.ts', import.meta.url));
    const limited = ['-c', 'ulimit -f 64; exec "$@"', 'sh', process.execPath, script, 'keepMedia', dataDir, '2000000'];
    const { stdout } = await promisify(execFile)('sh', limited);
    expect(stdout).toContain('There is no room left where generated media are kept.');
    expect(filesIn(dataDir)).toEqual([]);
  });

  test('killed in the middle of a write, nothing half is there, and the sweep takes what was left', async () => {
    const writer = startProcess('keepMediaForever', dataDir);
    await writer.said(1);
    writer.child.kill('SIGKILL');
    await writer.ended;
    expect(await listRuns(mediaDirectory(dataDir))).toEqual([]);
    const [draft = ''] = filesIn(dataDir);
    expect(draft).toContain('.incoming');
    expect(await mediaDirectory(dataDir).sweepIncoming()).toBe(0);
    utimesSync(draft, new Date(0), new Date(0));
    expect(await mediaDirectory(dataDir).sweepIncoming()).toBe(1);
    expect(filesIn(dataDir)).toEqual([]);
  });

  test('a place that is no directory is a fault with a code', async () => {
    writeFileSync(media(), 'a file');
    const files = mediaDirectory(dataDir);
    await expectCode(files.put({ runId, data: once(new Uint8Array(1)), ...room }), 'storage_unavailable');
    rmSync(media());
    mkdirSync(media());
    expect(await files.read({ runId, sha256: 'a'.repeat(64) })).toBeNull();
  });
});

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

async function listRuns(files: MediaFiles): Promise<string[]> {
  const ids: string[] = [];
  for await (const id of files.runs()) ids.push(id);
  return ids;
}
