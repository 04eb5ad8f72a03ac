// oxlint-disable-next-line no-restricted-imports -- tests of the adapter need a server, which is another program
import { spawn, spawnSync } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('./mongo-server/', import.meta.url));

export interface MongoServer {
  uri: string;
  stop(): Promise<void>;
}

/**
 * The server that `MONGODB_URI` names, else one of our own on a free port of this machine: a Java program in memory,
 * fetched by Maven into a cache folder once. Where neither can be had, `missing` says why, for the title of what is skipped.
 */
export async function startMongoServer(
  options: { streams?: boolean } = {},
): Promise<{ server: MongoServer; missing: '' } | { server: null; missing: string }> {
  const given = process.env['MONGODB_URI'];
  if (given !== undefined && given !== '') return { server: { uri: given, stop: async () => {} }, missing: '' };
  const missing = whatIsMissing();
  if (missing !== '') {
    console.warn(`Skipped: tests on MongoDB need ${missing}, or a server named by MONGODB_URI.`);
    return { server: null, missing: `needs ${missing}, or MONGODB_URI` };
  }
  return { server: await start(options.streams === true), missing: '' };
}

function whatIsMissing(): string {
  if (existsSync(jarFolder())) return runs('java') ? '' : 'Java 17';
  if (!runs('java')) return 'Java 17 and Maven';
  if (!runs('mvn')) return 'Maven';
  return fetchJars() ? '' : 'the Java packages that Maven could not fetch';
}

function runs(program: string): boolean {
  return spawnSync(program, ['--version'], { stdio: 'ignore' }).status === 0;
}

/** Named by what it is made from, so that a change of the version fetches anew. */
function jarFolder(): string {
  const cache = process.env['WFM_CACHE_DIR'] ?? process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache');
  const hash = createHash('sha256')
    .update(readFileSync(join(folder, 'pom.xml')))
    .digest('hex');
  return join(cache, 'wfm', `mongo-test-server-${hash.slice(0, 16)}`);
}

/** Fetches beside the place and moves there, so that two who start at once do not see half of it. */
function fetchJars(): boolean {
  const target = jarFolder();
  const fetched = `${target}.${randomUUID()}`;
  mkdirSync(fetched, { recursive: true });
  const goal = ['dependency:copy-dependencies', `-DoutputDirectory=${fetched}`];
  const { status } = spawnSync('mvn', ['-q', '-B', '-f', join(folder, 'pom.xml'), ...goal], {
    stdio: 'ignore',
    timeout: 120_000,
  });
  try {
    if (status === 0) renameSync(fetched, target);
  } catch {
    // Somebody else has just moved theirs there.
  }
  rmSync(fetched, { recursive: true, force: true });
  return existsSync(target);
}

async function start(streams: boolean): Promise<MongoServer> {
  const jars = readdirSync(jarFolder()).map((name) => join(jarFolder(), name));
  const main = join(folder, 'MongoTestServer.java');
  const child = spawn('java', ['-Xmx512m', '-cp', jars.join(':'), main, ...(streams ? ['streams'] : [])], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const port = await new Promise<string>((resolve, reject) => {
    child.stdout.once('data', (data: Buffer) => resolve(data.toString().trim()));
    child.once('error', reject);
    child.once('close', (code) => reject(new Error(`The test server ended with ${code} before it was there.`)));
  });
  return {
    uri: `mongodb://127.0.0.1:${port}/?directConnection=true`,
    async stop() {
      child.stdin.end();
      await ended;
    },
  };
}
