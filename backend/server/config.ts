import { resolve } from 'node:path';
import { type MongoSettings, readMongoSettings, readS3Settings, type S3Settings } from '@wfm/db';

/** What the environment says (api.md, Configuration), typed and checked. */
export interface Config {
  production: boolean;
  dataDir: string;
  /** Undefined: SQLite in the data directory. */
  mongo: MongoSettings | undefined;
  /** Undefined: generated media lie in the data directory. */
  s3: S3Settings | undefined;
  /** What people's own keys are sealed under; undefined: a secret kept in the data directory. */
  credentialsSecret: string | undefined;
  host: string;
  port: number;
  /** The address of this server and of the preview server as pages reach them. */
  apiUrl: string;
  virtualApiUrl: string;
  corsOrigins: string[];
  cookieDomain: string | undefined;
  trustProxyHops: number;
  logLevel: string;
  /** PEM; undefined: a pair kept in the data directory. */
  privateKeyPem: string | undefined;
  /** Further public keys whose tokens are still believed. */
  publicKeysPem: string | undefined;
  /** Only under NODE_ENV=test. */
  testClock: Date | undefined;
}

export type Env = Readonly<Record<string, string | undefined>>;

/** A setting that cannot be used. The message says which one and what to set, and is meant for a terminal. */
export class ConfigError extends Error {}

const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'];

/** Reads the settings. Throws a ConfigError that lists everything to be mended. */
export function readConfig(env: Env): Config {
  const faults: string[] = [];
  const value = (name: string): string | undefined => (env[name]?.trim() ? env[name]?.trim() : undefined);
  const whole = (name: string, fallback: number, max: number, min = 0): number => {
    const text = value(name);
    if (text === undefined) return fallback;
    const number = Number(text);
    if (Number.isInteger(number) && number >= min && number <= max) return number;
    faults.push(`${name} must be a whole number from ${min} to ${max}.`);
    return fallback;
  };
  const production = value('NODE_ENV') === 'production';
  const port = value('WFM_PORT') === undefined ? whole('PORT', 9000, 65_535, 1) : whole('WFM_PORT', 9000, 65_535, 1);
  const virtualPort = whole('WFM_VIRTUAL_PORT', 9001, 65_535, 1);
  const logLevel = value('WFM_LOG_LEVEL') ?? 'info';
  if (!logLevels.includes(logLevel)) faults.push(`WFM_LOG_LEVEL must be one of ${logLevels.join(', ')}.`);
  if (production && value('JWT_PRIVATE_KEY') === undefined) {
    faults.push('JWT_PRIVATE_KEY is missing: make one with "openssl genpkey -algorithm ed25519" and set its PEM text.');
  }
  const credentialsSecret = value('CREDENTIALS_SECRET');
  if (credentialsSecret !== undefined && credentialsSecret.length < 16)
    faults.push('CREDENTIALS_SECRET must have at least 16 characters: make one with "openssl rand -base64 32".');
  const config: Config = {
    production,
    dataDir: resolve(value('WFM_DATA_DIR') ?? './data'),
    mongo: readMongoSettings(env, faults),
    s3: readS3Settings(env, faults),
    credentialsSecret,
    host: value('WFM_HOST') ?? 'localhost',
    port,
    apiUrl: url(value('WFM_API_URL') ?? `http://localhost:${port}`, 'WFM_API_URL', faults),
    virtualApiUrl: url(
      value('WFM_VIRTUAL_API_URL') ?? `http://localhost:${virtualPort}`,
      'WFM_VIRTUAL_API_URL',
      faults,
    ),
    corsOrigins: origins(value('CORS_ORIGINS'), port, faults),
    cookieDomain: value('COOKIE_DOMAIN'),
    trustProxyHops: whole('WFM_TRUST_PROXY_HOPS', 0, 10),
    logLevel,
    privateKeyPem: pem(value('JWT_PRIVATE_KEY')),
    publicKeysPem: pem(value('JWT_PUBLIC_KEY')),
    testClock: value('NODE_ENV') === 'test' ? testClock(value('WFM_TEST_CLOCK'), faults) : undefined,
  };
  if (faults.length > 0) throw new ConfigError(faults.join('\n'));
  return config;
}

/** True for an address that only programs of this machine reach. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host);
}

function origins(text: string | undefined, port: number, faults: string[]): string[] {
  if (text === undefined) {
    const ports = new Set([port, 9000, 5173, 5174]);
    return [...ports].flatMap((each) => [`http://localhost:${each}`, `http://127.0.0.1:${each}`]);
  }
  const list = text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
  for (const origin of list) {
    // As browsers send it: no path, no wildcard, nothing that needs interpreting.
    if (!URL.canParse(origin) || new URL(origin).origin !== origin) {
      faults.push(`CORS_ORIGINS: "${origin}" is not an origin such as https://wfm.example.org.`);
    }
  }
  return list;
}

function url(text: string, name: string, faults: string[]): string {
  if (!URL.canParse(text) || !/^https?:/.test(text)) faults.push(`${name} must be an http or https address.`);
  return text.replace(/\/+$/, '');
}

/** A PEM in one line, as files of environment variables hold it, has `\n` spelt out. */
function pem(text: string | undefined): string | undefined {
  return text?.replaceAll(String.raw`\n`, '\n');
}

function testClock(text: string | undefined, faults: string[]): Date | undefined {
  if (text === undefined) return undefined;
  const date = new Date(text);
  if (Number.isNaN(date.getTime())) faults.push('WFM_TEST_CLOCK must be an ISO 8601 time.');
  return date;
}
