import { randomBytes, randomUUID } from 'node:crypto';
import type { Cookie } from '@playwright/test';
import { secretHash } from '@wfm/http';
import type { UserRow } from '@wfm/workflow-engine/ports';
import { accessKeyBy, call, signInBy } from '../../support/programs.ts';
import type { Servers } from './servers.ts';

/** Somebody who uses the product, with a session and an access key. No other test knows them. */
export interface Person {
  userId: string;
  email: string;
  name: string;
  /** One JSON request in their name; throws an `HttpProblem` for anything but 2xx. */
  api<T>(method: string, path: string, body?: unknown): Promise<T>;
  /** A session of its own for a browser: its cookies. */
  cookies(): Promise<Cookie[]>;
  /** A fresh address that signs them in, once. */
  link(): Promise<string>;
}

export async function makePerson({ url, database }: Servers, role: UserRow['role']): Promise<Person> {
  const userId = randomUUID();
  const mark = userId.slice(0, 8);
  const user: UserRow = {
    user_id: userId,
    email: `person-${mark}@example.org`,
    name: `Person ${mark}`,
    role,
    password_hash: null,
    disabled: false,
    token_version: 0,
    created_at: new Date().toISOString(),
  };
  await database.users.create({ user });
  const token = async (): Promise<string> => {
    const secret = randomBytes(32).toString('base64url');
    const expiresAt = new Date(Date.now() + 15 * 60_000).toISOString();
    await database.users.addOneTimeToken({ sha256: secretHash(secret), userId, expiresAt });
    return secret;
  };
  const signIn = async (): Promise<string[]> => signInBy(url, await token(), anAddress());
  const key = await accessKeyBy(url, await signIn());
  return {
    userId,
    email: user.email,
    name: user.name,
    api: (method, path, body) => call(key, method, url + path, body),
    cookies: async () => (await signIn()).map((line) => cookieOf(line, url)),
    link: async () => `${url}/app/sign-in#token=${await token()}`,
  };
}

function anAddress(): string {
  return `10.${[...randomBytes(3)].join('.')}`;
}

function cookieOf(line: string, url: string): Cookie {
  const [pair = '', ...attributes] = line.split(';').map((part) => part.trim());
  const at = pair.indexOf('=');
  const path = attributes.find((part) => part.toLowerCase().startsWith('path='))?.slice('path='.length) ?? '/';
  return {
    name: pair.slice(0, at),
    value: pair.slice(at + 1),
    domain: new URL(url).hostname,
    path,
    expires: -1,
    secure: false,
    httpOnly: true,
    sameSite: 'Lax',
  };
}
