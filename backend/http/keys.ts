import { createHash, createPublicKey, type KeyObject } from 'node:crypto';
import { join } from 'node:path';

/** A public key by the id that tokens name it with. */
export interface VerificationKey {
  kid: string;
  key: KeyObject;
}

/** Where the key pair lives when it is not configured. Only the production server reads the first. */
export const keyFiles = (dataDir: string): { privateKey: string; publicKey: string } => ({
  privateKey: join(dataDir, 'keys', 'jwt-private.pem'),
  publicKey: join(dataDir, 'keys', 'jwt-public.pem'),
});

/**
 * Reads one or more concatenated PEM public keys, so that two can be active while one replaces the other.
 * Throws an Error with a sentence for the operator when a key is not Ed25519.
 */
export function readVerificationKeys(pem: string): VerificationKey[] {
  const blocks = pem.match(/-----BEGIN PUBLIC KEY-----[^-]+-----END PUBLIC KEY-----/g) ?? [];
  if (blocks.length === 0) throw new Error('There is no PEM public key ("-----BEGIN PUBLIC KEY-----") in it.');
  return blocks.map((block) => {
    const key = createPublicKey(block);
    if (key.asymmetricKeyType !== 'ed25519')
      throw new Error(`It is a key of type ${key.asymmetricKeyType}; an Ed25519 key is needed.`);
    return { kid: keyId(key), key };
  });
}

/** A key's id: the beginning of the hash of its public half. */
export function keyId(publicKey: KeyObject): string {
  return createHash('sha256')
    .update(publicKey.export({ type: 'spki', format: 'der' }))
    .digest('base64url')
    .slice(0, 16);
}
