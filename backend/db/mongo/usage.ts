import { compareText, type UsageScope, type UsageStore, usageKeysPerScope } from '@wfm/workflow-engine/ports';
import type { MongoContext } from './context.ts';
import { isDuplicate } from './errors.ts';

/** `UsageStore` on MongoDB. */
export function mongoUsage({ connection }: MongoContext): UsageStore {
  const times = () => connection.collection('usage_times');
  return {
    touch: ({ scope, keys, at }) =>
      connection.write(async () => {
        if (keys.length === 0) return;
        const id = scopeId(scope);
        const writes = [...new Set(keys)].map((key) => ({
          updateOne: {
            filter: { _id: usageId(scope, key) },
            update: { $max: { used_at: at }, $setOnInsert: { scope: id, ...columnsOf(scope), key } },
            upsert: true,
          },
        }));
        try {
          await times().bulkWrite(writes, { ordered: false });
        } catch (error) {
          if (!isDuplicate(error)) throw error;
          // Two who wrote a new key at once: it is there now.
          await times().bulkWrite(writes, { ordered: false });
        }
        await forgetOldest(id);
      }),
    lastUsed: ({ scope, keys }) =>
      connection.read(async () => {
        const wanted = [...new Set(keys)].map((key) => usageId(scope, key));
        const docs = await times()
          .find({ _id: { $in: wanted } })
          .toArray();
        return new Map(docs.map(({ key, used_at }) => [key, used_at]));
      }),
    ofTemplate: ({ userId, templateId }) =>
      connection.read(async () => {
        const docs = await times().find({ user_id: userId, template_id: templateId }).toArray();
        return docs
          .map((doc) => ({ stepId: doc.step_id, moduleName: doc.module_name, key: doc.key, at: doc.used_at }))
          .sort(
            (a, b) =>
              compareText(a.stepId, b.stepId) || compareText(a.moduleName, b.moduleName) || compareText(a.key, b.key),
          );
      }),
  };

  async function forgetOldest(scope: string): Promise<void> {
    const surplus = await times()
      .find({ scope }, { sort: { used_at: -1, key: 1 }, skip: usageKeysPerScope, projection: { _id: 1 } })
      .toArray();
    if (surplus.length > 0) await times().deleteMany({ _id: { $in: surplus.map(({ _id }) => _id) } });
  }
}

function scopeId({ userId, templateId, stepId, moduleName }: UsageScope): string {
  return JSON.stringify([userId, templateId, stepId, moduleName]);
}

function usageId({ userId, templateId, stepId, moduleName }: UsageScope, key: string): string {
  return JSON.stringify([userId, templateId, stepId, moduleName, key]);
}

function columnsOf({ userId, templateId, stepId, moduleName }: UsageScope) {
  return { user_id: userId, template_id: templateId, step_id: stepId, module_name: moduleName };
}
