import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';

/** Sealed: a byte that names this form, 12 bytes of nonce, 16 of tag, the encrypted key. */
const form = 1;
const nonceBytes = 12;
const tagBytes = 16;

/** Whose key it is, and for whom. */
export interface CredentialOwner {
  userId: string;
  provider: string;
}

export interface CredentialSeal {
  seal(owner: CredentialOwner, text: string): Buffer;
  /** Null where the secret is another one, or the bytes were changed or moved. */
  open(owner: CredentialOwner, sealed: Uint8Array): string | null;
}

/**
 * Seals people's own keys with AES-256-GCM under `secret` (of any length; asked for at the first use), bound to their user
 * and provider: a row that is moved to somebody else does not open.
 */
export function createCredentialSeal(secret: () => string): CredentialSeal {
  let kept: Buffer | undefined;
  const key = (): Buffer => {
    kept ??= Buffer.from(hkdfSync('sha256', secret(), '', 'wfm credentials', 32));
    return kept;
  };
  return {
    seal(owner, text) {
      const nonce = randomBytes(nonceBytes);
      const cipher = createCipheriv('aes-256-gcm', key(), nonce).setAAD(bytesOf(owner));
      const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
      return Buffer.concat([Buffer.of(form), nonce, cipher.getAuthTag(), body]);
    },
    open(owner, sealed) {
      if (sealed[0] !== form || sealed.length < 1 + nonceBytes + tagBytes) return null;
      const nonce = sealed.subarray(1, 1 + nonceBytes);
      const tag = sealed.subarray(1 + nonceBytes, 1 + nonceBytes + tagBytes);
      const cipher = createDecipheriv('aes-256-gcm', key(), nonce, { authTagLength: tagBytes })
        .setAAD(bytesOf(owner))
        .setAuthTag(tag);
      try {
        const text = Buffer.concat([cipher.update(sealed.subarray(1 + nonceBytes + tagBytes)), cipher.final()]);
        return text.toString('utf8');
      } catch {
        return null;
      }
    },
  };
}

function bytesOf({ userId, provider }: CredentialOwner): Buffer {
  return Buffer.from(JSON.stringify([userId, provider]));
}
