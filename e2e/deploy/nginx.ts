import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { repository } from '../support/examples.ts';
import { freePort } from '../support/programs.ts';

export const hosts = { app: 'wfm.test', api: 'api.wfm.test', virtual: 'virtual.wfm.test' };

/** Why the door cannot be tried on this machine; '' where it can. */
export const missingNginx =
  spawnSync('nginx', ['-v']).status === 0 && spawnSync('openssl', ['version']).status === 0
    ? ''
    : '(skipped: nginx and openssl are not installed)';

/** A real nginx before real programs, with a certificate of its own. */
export interface Door {
  httpPort: number;
  httpsPort: number;
  /** One request over TLS, to one of the names; the answer's body is still to come. */
  ask(
    host: string,
    path: string,
    options?: { method?: string; headers?: Record<string, string>; body?: string },
  ): Promise<IncomingMessage>;
  close(): Promise<void>;
}

/** Starts nginx on the template that is deployed, its variables filled in as the image does it. */
export async function openDoor(upstreams: { api: string; virtual: string }): Promise<Door> {
  const folder = mkdtempSync(join(tmpdir(), 'wfm-nginx-'));
  const [httpPort, httpsPort] = [await freePort(), await freePort()];
  const names = `subjectAltName=${Object.values(hosts)
    .map((host) => `DNS:${host}`)
    .join(',')}`;
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', join(folder, 'key.pem')];
  const certificate = ['-out', join(folder, 'certificate.pem'), '-subj', '/CN=wfm.test', '-addext', names];
  execFileSync('openssl', ['req', '-x509', '-days', '2', ...key, ...certificate], { stdio: 'ignore' });
  const variables: Record<string, string> = {
    WFM_APP_HOST: hosts.app,
    WFM_API_HOST: hosts.api,
    WFM_VIRTUAL_HOST: hosts.virtual,
    WFM_TLS_CERTIFICATE: join(folder, 'certificate.pem'),
    WFM_TLS_KEY: join(folder, 'key.pem'),
    WFM_API_UPSTREAM: upstreams.api,
    WFM_VIRTUAL_UPSTREAM: upstreams.virtual,
    WFM_HTTP_PORT: String(httpPort),
    WFM_HTTPS_PORT: String(httpsPort),
    WFM_SHARED: join(repository, 'deploy/nginx/shared.conf'),
  };
  const template = readFileSync(join(repository, 'deploy/nginx/wfm.conf.template'), 'utf8');
  const site = template.replaceAll(/\$\{(WFM_\w+)\}/g, (_, name: string) => variables[name] ?? '');
  const paths = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (kind) => `${kind}_temp_path ${folder}/${kind};`,
  );
  const main = `worker_processes 1; pid ${folder}/pid; error_log stderr warn; daemon off;
    events { worker_connections 256; }
    http { access_log off; ${paths.join(' ')}\n${site}\n}`;
  writeFileSync(join(folder, 'nginx.conf'), main);
  const child = spawn('nginx', ['-p', folder, '-c', join(folder, 'nginx.conf')], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => {
    said += chunk.toString();
  });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const ca = readFileSync(join(folder, 'certificate.pem'));
  const door: Door = {
    httpPort,
    httpsPort,
    ask: (host, path, { method = 'GET', headers = {}, body } = {}) =>
      new Promise((resolve, reject) => {
        const target = { host: '127.0.0.1', port: httpsPort, servername: host, ca, method, path };
        const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) };
        request({ ...target, headers: { host, ...length, ...headers }, agent: false }, resolve)
          .on('error', reject)
          .end(body);
      }),
    async close() {
      child.kill('SIGTERM');
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
  for (;;) {
    if (child.exitCode !== null) throw new Error(`nginx does not start:\n${said}`);
    const answered = await door.ask(hosts.app, '/metrics').then(
      (reply) => reply.resume().statusCode,
      () => 0,
    );
    if (answered !== 0) return door;
    await sleep(25);
  }
}
