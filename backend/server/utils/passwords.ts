import { argon2, randomBytes, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';

const hash = promisify(argon2);

/** security.md, Passwords: argon2id with 19 MiB and two passes. */
const memoryKiB = 19_456;
const passes = 2;
const parallelism = 1;
const saltBytes = 16;
const tagBytes = 32;

export const passwordLength = { min: 10, max: 200 } as const;

/** A password's hash in PHC form: `$argon2id$v=19$m=…,t=…,p=…$salt$hash`. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(saltBytes);
  const tag = await derive(password, salt, { memoryKiB, passes, parallelism, tagBytes });
  return `$argon2id$v=19$m=${memoryKiB},t=${passes},p=${parallelism}$${base64(salt)}$${base64(tag)}`;
}

/**
 * True when the password has that hash. For a user without one, or no user at all, the same work is done for nothing,
 * so that the time does not tell who exists (security.md S14).
 */
export async function verifyPassword(password: string, stored: string | null): Promise<boolean> {
  const parsed = stored === null ? null : parse(stored);
  if (!parsed) {
    await derive(password, Buffer.alloc(saltBytes), { memoryKiB, passes, parallelism, tagBytes });
    return false;
  }
  const tag = await derive(password, parsed.salt, { ...parsed, tagBytes: parsed.tag.length });
  return timingSafeEqual(tag, parsed.tag);
}

interface Cost {
  memoryKiB: number;
  passes: number;
  parallelism: number;
}

async function derive(password: string, nonce: Buffer, cost: Cost & { tagBytes: number }): Promise<Buffer> {
  return hash('argon2id', {
    message: password.normalize('NFC'),
    nonce,
    memory: cost.memoryKiB,
    passes: cost.passes,
    parallelism: cost.parallelism,
    tagLength: cost.tagBytes,
  });
}

function parse(stored: string): (Cost & { salt: Buffer; tag: Buffer }) | null {
  const found =
    /^\$argon2id\$v=19\$m=(\d{1,7}),t=(\d{1,2}),p=(\d{1,2})\$([A-Za-z0-9+/]{11,86})\$([A-Za-z0-9+/]{16,86})$/.exec(
      stored,
    );
  if (!found) return null;
  const [, m, t, p, salt = '', tag = ''] = found;
  return {
    memoryKiB: Number(m),
    passes: Number(t),
    parallelism: Number(p),
    salt: Buffer.from(salt, 'base64'),
    tag: Buffer.from(tag, 'base64'),
  };
}

function base64(bytes: Buffer): string {
  return bytes.toString('base64').replaceAll('=', '');
}
