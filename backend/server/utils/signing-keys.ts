import { createPrivateKey, createPublicKey, generateKeyPairSync, hkdfSync, type KeyObject } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { keyFiles, keyId, readVerificationKeys, type VerificationKey } from '@wfm/http';
import { ConfigError } from '../config.ts';

/** What this server signs with, and whose signatures it believes. */
export interface SigningKeys {
  kid: string;
  privateKey: KeyObject;
  publicKeys: VerificationKey[];
  /** For successors of refresh tokens: never stored, so that the database alone gives no token away. */
  refreshSecret: Buffer;
}

/**
 * The configured key pair, else the one kept in the data directory, made there on the first start. The public half is
 * written beside it: it is all that the virtual server needs. Throws a ConfigError for a key that cannot be used.
 */
export function loadSigningKeys(options: {
  dataDir: string;
  privateKeyPem: string | undefined;
  publicKeysPem: string | undefined;
}): SigningKeys {
  const files = keyFiles(options.dataDir);
  const pem = options.privateKeyPem ?? keptKey(files.privateKey);
  const privateKey = readPrivateKey(pem);
  const publicKey = createPublicKey(privateKey);
  const kid = keyId(publicKey);
  const further = options.publicKeysPem === undefined ? [] : furtherKeys(options.publicKeysPem);
  const publicKeys = [{ kid, key: publicKey }, ...further.filter((key) => key.kid !== kid)];
  const publicPem = publicKeys.map(({ key }) => key.export({ type: 'spki', format: 'pem' })).join('');
  writeWhole(files.publicKey, publicPem, 0o644);
  const seed = privateKey.export({ type: 'pkcs8', format: 'der' });
  const refreshSecret = Buffer.from(hkdfSync('sha256', seed, '', 'wfm refresh tokens', 32));
  return { kid, privateKey, publicKeys, refreshSecret };
}

function keptKey(file: string): string {
  if (existsSync(file)) return readFileSync(file, 'utf8');
  const { privateKey } = generateKeyPairSync('ed25519');
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  writeWhole(file, pem, 0o600);
  return pem;
}

function readPrivateKey(pem: string): KeyObject {
  let key: KeyObject;
  try {
    key = createPrivateKey(pem);
  } catch {
    throw new ConfigError('JWT_PRIVATE_KEY cannot be read: it must be an Ed25519 private key in PEM form.');
  }
  if (key.asymmetricKeyType === 'ed25519') return key;
  throw new ConfigError(`JWT_PRIVATE_KEY is a key of type ${key.asymmetricKeyType}: it must be an Ed25519 key.`);
}

function furtherKeys(pem: string): VerificationKey[] {
  try {
    return readVerificationKeys(pem);
  } catch (error) {
    throw new ConfigError(`JWT_PUBLIC_KEY cannot be used. ${error instanceof Error ? error.message : ''}`.trim());
  }
}

/** A reader of the file never sees half of it. */
function writeWhole(file: string, text: string, mode: number): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const draft = `${file}.${process.pid}.tmp`;
  writeFileSync(draft, text, { mode });
  renameSync(draft, file);
}
