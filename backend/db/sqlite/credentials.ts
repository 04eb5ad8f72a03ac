import { WfmError } from '@wfm/workflow-engine/errors';
import { credentialHint, type CredentialStore } from '@wfm/workflow-engine/ports';
import { createCredentialSeal } from '../credential-seal.ts';
import { read, type SqliteContext } from './context.ts';

interface SealedRow {
  provider: string;
  sealed: Uint8Array;
  updated_at: string;
}

/** `CredentialStore` on SQLite; keys are sealed under `secret` (credential-seal.ts). */
export function sqliteCredentials({ connection, queue }: SqliteContext, secret: () => string): CredentialStore {
  const seal = createCredentialSeal(secret);
  return {
    put: ({ userId, provider, apiKey, now }) =>
      queue.submit(() => {
        connection.run(
          'INSERT OR REPLACE INTO credentials (user_id, provider, sealed, updated_at) VALUES (?, ?, ?, ?)',
          userId,
          provider,
          seal.seal({ userId, provider }, apiKey),
          now.toISOString(),
        );
      }),
    get: ({ userId, provider }) =>
      read(() => {
        const row = connection.get<SealedRow>(
          'SELECT provider, sealed, updated_at FROM credentials WHERE user_id = ? AND provider = ?',
          userId,
          provider,
        );
        if (!row) return null;
        const apiKey = seal.open({ userId, provider }, row.sealed);
        if (apiKey === null) throw unreadable(provider);
        return apiKey;
      }),
    delete: ({ userId, provider }) =>
      queue.submit(
        () => void connection.run('DELETE FROM credentials WHERE user_id = ? AND provider = ?', userId, provider),
      ),
    list: ({ userId }) =>
      read(() =>
        connection
          .all<SealedRow>(
            'SELECT provider, sealed, updated_at FROM credentials WHERE user_id = ? ORDER BY provider',
            userId,
          )
          .map(({ provider, sealed, updated_at }) => ({
            provider,
            hint: credentialHint(seal.open({ userId, provider }, sealed) ?? ''),
            updated_at,
          })),
      ),
  };
}

function unreadable(provider: string): WfmError {
  return new WfmError('provider_auth', `Your stored key for ${provider} can no longer be read. Enter it again.`, {
    params: { provider },
  });
}
