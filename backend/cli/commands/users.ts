import { openDatabase, readMongoSettings, systemClock, uuidIds } from '@wfm/db';
import { oneTimeLink } from '@wfm/http';
import { WfmError } from '@wfm/workflow-engine/errors';
import type { Database, UserRow } from '@wfm/workflow-engine/ports';
import { LOCAL_USER } from '../compose.ts';

interface Place {
  data: string;
}

const pageSize = 200;

/** `wfm users list`: everybody who has an account. */
export async function listUsers({ data }: Place): Promise<void> {
  await withDatabase(data, async ({ users }) => {
    let after: string | undefined;
    for (;;) {
      const page = await users.list({ limit: pageSize, after });
      for (const { email, name, role, disabled } of page) {
        console.log(`${email}  ${name}  ${role}${disabled ? '  disabled' : ''}`);
      }
      after = page.at(-1)?.user_id;
      if (page.length < pageSize) return;
    }
  });
}

/** `wfm users add <email>`: an account without a password, and the link by which it is entered. */
export async function addUser(email: string, options: Place & { name?: string; admin?: boolean }): Promise<void> {
  if (!/^[^\s@]+@[^\s@]+$/.test(email)) throw new WfmError('request_invalid', `"${email}" is not an e-mail address.`);
  await withDatabase(options.data, async (database) => {
    const user: UserRow = {
      user_id: uuidIds().uuid(),
      email,
      name: options.name ?? email.split('@')[0] ?? email,
      role: options.admin === true ? 'admin' : 'member',
      password_hash: null,
      disabled: false,
      token_version: 0,
      created_at: new Date().toISOString(),
    };
    await database.users.create({ user });
    console.log(await linkFor(database, user));
  });
}

/** `wfm users link <email>`: an address that signs them in once, within 15 minutes. */
export async function linkUser(email: string, { data }: Place): Promise<void> {
  await withDatabase(data, async (database) => {
    const user = await database.users.findByEmail({ email });
    if (!user)
      throw new WfmError(
        'user_not_found',
        `Nobody has the e-mail address ${email}. \`wfm users list\` shows who is there.`,
      );
    if (user.disabled) throw new WfmError('forbidden', `The account of ${email} is disabled.`);
    if (user.user_id === LOCAL_USER) throw new WfmError('forbidden', 'The person at this terminal does not sign in.');
    console.log(await linkFor(database, user));
  });
}

function linkFor({ users }: Database, { user_id: userId }: UserRow): Promise<string> {
  const baseUrl = process.env.WFM_API_URL ?? `http://localhost:${process.env.WFM_PORT ?? '9000'}`;
  return oneTimeLink(users, { userId, baseUrl, clock: systemClock() });
}

async function withDatabase(dataDir: string, work: (database: Database) => Promise<void>): Promise<void> {
  const faults: string[] = [];
  const mongo = readMongoSettings(process.env, faults);
  if (faults.length > 0) throw new WfmError('request_invalid', faults.join('\n'));
  const database = await openDatabase({ dataDir, mongo, clock: systemClock(), role: 'owner' });
  try {
    await work(database);
  } finally {
    await database.close();
  }
}
