import { resolve } from 'node:path';
import { type MongoSettings, readMongoSettings, readS3Settings, type S3Settings } from '@wfm/db';
import { type LogLevel, logLevels } from './utils/log.ts';

/** What the environment says, typed and checked. */
export interface Config {
  dataDir: string;
  /** Undefined: SQLite in the data directory. */
  mongo: MongoSettings | undefined;
  /** Undefined: generated media lie in the data directory. */
  s3: S3Settings | undefined;
  /** Where `/health` and `/metrics` are served; undefined: nowhere. */
  port: number | undefined;
  host: string;
  logLevel: LogLevel;
  /** How many tasks this process works on at once. */
  slots: number;
  /** What people's own keys are sealed under; undefined: a secret kept in the data directory. */
  credentialsSecret: string | undefined;
}

export type Env = Readonly<Record<string, string | undefined>>;

/** A setting that cannot be used. The message says which one and what to set, and is meant for a terminal. */
export class ConfigError extends Error {}

/**
 * Reads WFM_DATA_DIR, MONGODB_URI, MONGODB_DATABASE, WFM_S3_…, WFM_WORKER_PORT, WFM_HOST, WFM_LOG_LEVEL,
 * WFM_WORKER_SLOTS and CREDENTIALS_SECRET. Throws a ConfigError that lists everything to be mended.
 */
export function readConfig(env: Env): Config {
  const faults: string[] = [];
  const value = (name: string): string | undefined => env[name]?.trim() || undefined;
  const whole = (name: string, max: number): number | undefined => {
    const text = value(name);
    if (text === undefined) return undefined;
    const number = Number(text);
    if (Number.isInteger(number) && number >= 1 && number <= max) return number;
    faults.push(`${name} must be a whole number from 1 to ${max}.`);
    return undefined;
  };
  const logLevel = value('WFM_LOG_LEVEL') ?? 'info';
  if (!isLogLevel(logLevel)) faults.push(`WFM_LOG_LEVEL must be one of ${logLevels.join(', ')}.`);
  const credentialsSecret = value('CREDENTIALS_SECRET');
  if (credentialsSecret !== undefined && credentialsSecret.length < 16)
    faults.push('CREDENTIALS_SECRET must have at least 16 characters: make one with "openssl rand -base64 32".');
  const config: Config = {
    dataDir: resolve(value('WFM_DATA_DIR') ?? './data'),
    mongo: readMongoSettings(env, faults),
    s3: readS3Settings(env, faults),
    port: whole('WFM_WORKER_PORT', 65_535),
    host: value('WFM_HOST') ?? 'localhost',
    logLevel: isLogLevel(logLevel) ? logLevel : 'info',
    slots: whole('WFM_WORKER_SLOTS', 64) ?? 8,
    credentialsSecret,
  };
  if (faults.length > 0) throw new ConfigError(faults.join('\n'));
  return config;
}

function isLogLevel(text: string): text is LogLevel {
  return logLevels.includes(text);
}
