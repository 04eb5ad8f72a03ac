import { execFileSync, spawn, type SpawnOptions } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, existsSync, mkdirSync, readdirSync } from 'node:fs';
import { createConnection, createServer } from 'node:net';
import { delimiter, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** PostgreSQL and Redis for one run of the bench: private, on loopback, in a folder of their own, gone afterwards. */

export interface Service {
  port: number;
  /** Ends it and waits for that. */
  stop(): Promise<void>;
}

const START_MS = 30_000;
/** Where Debian puts PostgreSQL's own programs, which are in nobody's PATH. */
const debianPostgres = '/usr/lib/postgresql';

/** The path of a program, or null. */
function find(program: string, folders: readonly string[] = []): string | null {
  const path = (process.env.PATH ?? '').split(delimiter);
  return [...folders, ...path].map((folder) => join(folder, program)).find((file) => existsSync(file)) ?? null;
}

/** Every commit is on disk before it is answered: `appendfsync always`. Null where Redis is not installed. */
export async function startRedis(folder: string): Promise<Service | null> {
  const program = find('redis-server');
  if (program === null) return null;
  mkdirSync(folder, { recursive: true });
  const port = await freePort();
  const args = ['--port', `${port}`, '--bind', '127.0.0.1', '--dir', folder, '--save', '', '--appendonly', 'yes'];
  return begin(program, [...args, '--appendfsync', 'always'], port);
}

/** Every commit is on disk before it is answered: `fsync` and `synchronous_commit` on. Null where it is not installed. */
export async function startPostgres(folder: string): Promise<Service | null> {
  const versions = existsSync(debianPostgres) ? readdirSync(debianPostgres).toSorted().toReversed() : [];
  const folders = versions.map((version) => join(debianPostgres, version, 'bin'));
  const [initdb, program] = [find('initdb', folders), find('postgres', folders)];
  if (initdb === null || program === null) return null;
  mkdirSync(folder, { recursive: true });
  // It refuses to run as root; Debian's package makes a user for it.
  const user = process.getuid?.() === 0 ? { uid: idOf('-u'), gid: idOf('-g') } : {};
  if (user.uid !== undefined) chownSync(folder, user.uid, user.gid);
  const data = join(folder, 'data');
  execFileSync(initdb, ['-D', data, '-U', 'bench', '-A', 'trust', '--no-sync'], {
    ...user,
    stdio: 'ignore',
    cwd: folder,
  });
  const port = await freePort();
  const settings = ['listen_addresses=127.0.0.1', 'unix_socket_directories=', 'max_connections=300', 'fsync=on'];
  const args = [...settings, 'synchronous_commit=on', 'log_min_messages=panic'].flatMap((setting) => ['-c', setting]);
  return begin(program, ['-D', data, '-p', `${port}`, ...args], port, { ...user, cwd: folder });
}

function idOf(which: '-u' | '-g'): number {
  return Number(execFileSync('id', [which, 'postgres']).toString());
}

async function begin(program: string, args: string[], port: number, options: SpawnOptions = {}): Promise<Service> {
  const child = spawn(program, args, { ...options, stdio: ['ignore', 'ignore', 'inherit'] });
  const ended = once(child, 'exit');
  const until = performance.now() + START_MS;
  while (!(await listens(port))) {
    if (child.exitCode !== null || performance.now() > until) {
      child.kill('SIGKILL');
      throw new Error(`${program} did not come up.`);
    }
    await sleep(50);
  }
  return {
    port,
    async stop() {
      // PostgreSQL's fast way out, and Redis's ordinary one.
      child.kill('SIGINT');
      await ended;
    },
  };
}

function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection({ port, host: '127.0.0.1' });
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}

async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (typeof address !== 'object' || address === null) throw new Error('no port is free');
  return address.port;
}
