import { WfmError } from '@wfm/workflow-engine/errors';
import { compareText, credentialHint, type CredentialStore } from '@wfm/workflow-engine/ports';
import { Binary } from 'mongodb';
import { createCredentialSeal } from '../credential-seal.ts';
import type { MongoContext } from './context.ts';

/** `CredentialStore` on MongoDB; keys are sealed under `secret` (credential-seal.ts). */
export function mongoCredentials({ connection }: MongoContext, secret: () => string): CredentialStore {
  const seal = createCredentialSeal(secret);
  const credentials = () => connection.collection('credentials');
  const idOf = (userId: string, provider: string) => JSON.stringify([userId, provider]);
  return {
    put: ({ userId, provider, apiKey, now }) =>
      connection.write(async () => {
        const sealed = new Binary(seal.seal({ userId, provider }, apiKey));
        const doc = { user_id: userId, provider, sealed, updated_at: now.toISOString() };
        await credentials().replaceOne({ _id: idOf(userId, provider) }, doc, { upsert: true });
      }),
    get: ({ userId, provider }) =>
      connection.read(async () => {
        const doc = await credentials().findOne({ _id: idOf(userId, provider) });
        if (!doc) return null;
        const apiKey = seal.open({ userId, provider }, doc.sealed.buffer);
        if (apiKey === null) {
          throw new WfmError(
            'provider_auth',
            `Your stored key for ${provider} can no longer be read. Enter it again.`,
            { params: { provider } },
          );
        }
        return apiKey;
      }),
    delete: ({ userId, provider }) =>
      connection.write(async () => {
        await credentials().deleteOne({ _id: idOf(userId, provider) });
      }),
    list: ({ userId }) =>
      connection.read(async () => {
        const docs = await credentials().find({ user_id: userId }).toArray();
        return docs
          .map(({ provider, sealed, updated_at }) => ({
            provider,
            hint: credentialHint(seal.open({ userId, provider }, sealed.buffer) ?? ''),
            updated_at,
          }))
          .sort((a, b) => compareText(a.provider, b.provider));
      }),
  };
}
