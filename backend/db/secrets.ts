import { chmodSync, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';

/**
 * A secret in a file of the data directory, made by whichever program asks first and read by all others. The file
 * appears with its whole content or not at all, readable by its owner alone; the directory is made where it is missing.
 *
 * @param name below the directory: `keys/snapshot.secret`
 * @param make a new secret; 256 random bits by default
 */
export function keepSecret(dataDir: string, name: string, make: () => string = randomSecret): string {
  const file = join(dataDir, name);
  const known = readIfThere(file);
  if (known !== undefined) return known;
  mkdirSync(join(file, '..'), { recursive: true, mode: 0o700 });
  const draft = `${file}.${randomBytes(8).toString('hex')}`;
  try {
    writeFileSync(draft, `${make()}\n`, { flag: 'wx', mode: 0o600 });
    chmodSync(draft, 0o600);
    // A link to a finished file, unlike opening the name itself, can never be read half written; the first one wins.
    linkSync(draft, file);
  } catch (error) {
    if (!isExisting(error)) throw error;
  } finally {
    rmSync(draft, { force: true });
  }
  const kept = readIfThere(file);
  if (kept === undefined) throw new Error(`The secret in ${file} is empty. Delete the file and start again.`);
  return kept;
}

function readIfThere(file: string): string | undefined {
  try {
    const text = readFileSync(file, 'utf8').trim();
    return text === '' ? undefined : text;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

function isExisting(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EEXIST';
}

function randomSecret(): string {
  return randomBytes(32).toString('base64url');
}
