import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { repository } from '../support/examples.ts';

/** What the compose file denies to whom (security.md S18), read as Compose reads it. */

interface Service {
  image?: string;
  build?: { dockerfile: string };
  user?: string;
  read_only?: boolean;
  cap_drop?: string[];
  cap_add?: string[];
  security_opt?: string[];
  pids_limit?: number;
  mem_limit?: string;
  cpus?: number;
  ports?: string[];
  networks?: string[];
  volumes?: string[];
  environment?: Record<string, string>;
  env_file?: { path: string }[];
  command?: string[];
}

interface Compose {
  services: Record<string, Service>;
  networks?: Record<string, { internal?: boolean } | null>;
}

const read = (file: string): Compose =>
  parse(readFileSync(join(repository, 'deploy', file), 'utf8'), { merge: true }) as Compose;
const compose = read('docker-compose.yml');
const services = Object.entries(compose.services);
const ours = services.filter(([, service]) => service.build);

describe('S18 containers have the least that they need', () => {
  test('they are the programs, two databases and the door', () => {
    expect(services.map(([name]) => name)).toEqual(['api', 'worker', 'virtual-api', 'mongo', 'mongo-virtual', 'nginx']);
    expect(ours.map(([name]) => name)).toEqual(['api', 'worker', 'virtual-api']);
  });

  test.each(services)('%s gains no rights, drops what it has, and has its limits', (_, service) => {
    expect(service.cap_drop).toEqual(['ALL']);
    expect(service.security_opt).toContain('no-new-privileges:true');
    expect(service.pids_limit).toBeGreaterThan(0);
    expect(service.mem_limit).toMatch(/^\d+[mg]$/);
    expect(service.cpus).toBeGreaterThan(0);
  });

  test.each(services.filter(([name]) => name !== 'mongo'))('%s writes to nothing but named places', (_, service) => {
    expect([service.read_only, service.cap_add]).toEqual([true, undefined]);
  });

  test('only the door is reached from outside', () => {
    expect(services.filter(([, { ports }]) => ports).map(([name]) => name)).toEqual(['nginx']);
  });

  test('the preview server has no way out, no vendor’s key, no private key, no volume, and reads with a role of its own', () => {
    const preview = compose.services['virtual-api'] ?? {};
    for (const network of preview.networks ?? [])
      expect([network, compose.networks?.[network]?.internal]).toEqual([network, true]);
    expect([preview.env_file, preview.volumes]).toEqual([undefined, undefined]);
    const names = Object.keys(preview.environment ?? {});
    expect(names.filter((name) => /PRIVATE|CREDENTIALS|API_KEY|API_TOKEN/.test(name))).toEqual([]);
    expect(preview.environment?.['MONGODB_URI']).toContain('wfm_preview:');
    const users = readFileSync(join(repository, 'deploy/mongo/create-users.js'), 'utf8');
    expect(users).toMatch(/user: 'wfm_preview'.*roles: \[\{ role: 'read', db: 'wfm' \}\]/);
  });

  test('keys come to it with the file that says so, and with nothing else', () => {
    expect(read('docker-compose.real-previews.yml').services).toEqual({
      'virtual-api': {
        env_file: [{ path: 'providers.env', required: false }],
        networks: ['front', 'store', 'preview-store', 'outside'],
      },
    });
  });

  test('the database of previews may be lost, and runs no code of anybody', () => {
    expect(compose.services['mongo-virtual']?.volumes).toBeUndefined();
    for (const name of ['mongo', 'mongo-virtual'])
      expect(compose.services[name]?.command).toContain('javascriptEnabled=false');
  });

  test('no secret stands in it, and each that is missing stops the start with what to do', () => {
    const text = readFileSync(join(repository, 'deploy/docker-compose.yml'), 'utf8');
    const secrets = [...text.matchAll(/\$\{(\w*(?:PASSWORD|SECRET|_KEY))\b/g)].map(([, name]) => name ?? '');
    const files = ['WFM_TLS_KEY'];
    for (const name of new Set(secrets.filter((secret) => !files.includes(secret))))
      expect([name, text.includes(`\${${name}:?`)]).toEqual([name, true]);
  });
});
