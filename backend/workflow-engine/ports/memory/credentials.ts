import { compareText } from '../store-rules.ts';
import { credentialHint, type CredentialStore } from '../credential-store.ts';
import { joinKey, type MemoryState } from './state.ts';

/** `CredentialStore` in memory; nothing is sealed, since nothing is stored. */
export function memoryCredentials(state: MemoryState): CredentialStore {
  return {
    async put({ userId, provider, apiKey, now }) {
      state.credentials.set(joinKey(userId, provider), { userId, provider, apiKey, updatedAt: now.toISOString() });
    },
    get: async ({ userId, provider }) => state.credentials.get(joinKey(userId, provider))?.apiKey ?? null,
    async delete({ userId, provider }) {
      state.credentials.delete(joinKey(userId, provider));
    },
    async list({ userId }) {
      return [...state.credentials.values()]
        .filter((credential) => credential.userId === userId)
        .sort((a, b) => compareText(a.provider, b.provider))
        .map(({ provider, apiKey, updatedAt }) => ({
          provider,
          hint: credentialHint(apiKey),
          updated_at: updatedAt,
        }));
    },
  };
}
