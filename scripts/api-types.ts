// Writes the types of both servers' APIs for the pages, from the OpenAPI that the servers themselves tell
// (`npm run api-types`; part of `npm run verify`). They are not committed: they are long, and never anybody's to edit.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const shared = join(import.meta.dirname, '..', 'ui', 'shared');
const folder = join(shared, 'generated');

/** What a server's tests start it with. */
interface Rig {
  app: { inject(url: string): Promise<{ body: string }> };
  close(): Promise<unknown>;
}

/** The OpenAPI of a program, told by the program itself. The rigs belong to other packages, which have no door for them. */
async function openapiOf(program: 'server' | 'virtual-server', make: string): Promise<string> {
  const name = program === 'server' ? 'server-rig.ts' : 'virtual-rig.ts';
  const url = new URL(`../backend/${program}/testing/${name}`, import.meta.url);
  const rigs = (await import(url.href)) as Record<string, () => Promise<Rig>>;
  const rig = await rigs[make]?.();
  if (!rig) throw new Error(`${name} has no ${make}`);
  try {
    return (await rig.app.inject('/openapi.json')).body;
  } finally {
    await rig.close();
  }
}

function typesOf(openapi: string): string {
  const place = mkdtempSync(join(tmpdir(), 'wfm-openapi-'));
  try {
    const file = join(place, 'openapi.json');
    writeFileSync(file, openapi);
    const made = execFileSync('npx', ['openapi-typescript', file], { cwd: shared, encoding: 'utf8', stdio: 'pipe' });
    return execFileSync('npx', ['biome', 'format', '--stdin-file-path', 'types.d.ts'], {
      input: made,
      encoding: 'utf8',
    });
  } finally {
    rmSync(place, { recursive: true });
  }
}

mkdirSync(folder, { recursive: true });
writeFileSync(join(folder, 'production.d.ts'), typesOf(await openapiOf('server', 'createServerRig')));
writeFileSync(join(folder, 'preview.d.ts'), typesOf(await openapiOf('virtual-server', 'createVirtualRig')));
