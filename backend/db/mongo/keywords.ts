import {
  assertKeywordRoom,
  compareText,
  type KeywordRow,
  type KeywordScope,
  type KeywordStore,
  mergeKeyword,
} from '@wfm/workflow-engine/ports';
import { storageUnavailable } from '../storage-errors.ts';
import type { MongoContext } from './context.ts';
import { isDuplicate } from './errors.ts';
import { pack, parseJson, unpack } from './packing.ts';
import { requireRun } from './run-branches.ts';
import type { KeywordDoc, KeywordSaveDoc, KeywordScopeDoc } from './store-documents.ts';

/** `KeywordStore` on MongoDB. */
export function mongoKeywords(context: MongoContext): KeywordStore {
  const { connection, locks } = context;
  return {
    save: (params) => connection.write(() => locks.run(scopeId(params.scope), () => saveKeywords(context, params))),
    load: ({ scope }) =>
      connection.read(async () => {
        const docs = await connection
          .collection('keywords')
          .find({ scope: scopeId(scope) })
          .toArray();
        return docs.map(toKeyword).sort((a, b) => compareText(a.keyword, b.keyword));
      }),
  };
}

async function saveKeywords(context: MongoContext, params: Parameters<KeywordStore['save']>[0]): Promise<number> {
  const { scope, key, runId, keywords, accumulate } = params;
  const saves = context.connection.collection('keyword_saves');
  const id = scopeId(scope);
  const saveId = JSON.stringify([runId, key]);
  await requireRun(context, runId);
  for (let tries = 0; tries < 100; tries += 1) {
    const { no, count } = await catchUp(context, scope);
    const before = await saves.findOne({ _id: saveId, run_id: runId }, { projection: { saved: 1 } });
    if (before) return before.saved;
    const wanted = [...new Set(keywords.map(({ keyword }) => keywordId(scope, keyword)))];
    const docs = await context.connection
      .collection('keywords')
      .find({ _id: { $in: wanted } })
      .toArray();
    const known = new Map(docs.map((doc) => [doc.keyword, toKeyword(doc)]));
    const added = wanted.length - known.size;
    const changed = new Map<string, KeywordRow>();
    for (const row of keywords) {
      const merged = mergeKeyword(changed.get(row.keyword) ?? known.get(row.keyword), row, accumulate);
      changed.set(row.keyword, merged);
    }
    if (added > 0) assertKeywordRoom(count + added);
    const save: KeywordSaveDoc = {
      _id: saveId,
      scope: id,
      no: no + 1,
      run_id: runId,
      saved: keywords.length,
      count: count + added,
      rows: await pack(JSON.stringify([...changed.values()])),
    };
    try {
      await saves.insertOne(save);
    } catch (error) {
      if (!isDuplicate(error)) throw error;
      // Somebody was faster in this scope, or the driver has sent it twice: the next look tells.
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 20));
      continue;
    }
    await applySave(context, scope, save);
    return save.saved;
  }
  throw storageUnavailable('These keywords are being changed all the time. Try again.');
}

/** Applies saves that a dead process left; how far the scope is. */
async function catchUp(context: MongoContext, scope: KeywordScope): Promise<KeywordScopeDoc> {
  const { connection } = context;
  const _id = scopeId(scope);
  for (;;) {
    const known = (await connection.collection('keyword_scopes').findOne({ _id })) ?? { _id, no: 0, count: 0 };
    const save = await connection.collection('keyword_saves').findOne({ scope: _id, no: known.no + 1 });
    if (!save) return known;
    await applySave(context, scope, save);
  }
}

/** Writes a save's keywords unless a later save has, then says so. Safe to repeat, and to do late. */
async function applySave({ connection }: MongoContext, scope: KeywordScope, save: KeywordSaveDoc): Promise<void> {
  const rows = parseJson<KeywordRow[]>(save.rows === null ? '[]' : await unpack(save.rows));
  const writes = rows.map(({ keyword, weight, last_used, fields }) => ({
    updateOne: {
      filter: { _id: keywordId(scope, keyword), no: { $lt: save.no } },
      update: {
        $set: {
          scope: save.scope,
          user_id: scope.userId,
          template_id: scope.templateId,
          keyword,
          weight,
          last_used,
          fields: JSON.stringify(fields),
          no: save.no,
        },
      },
      upsert: true,
    },
  }));
  try {
    if (writes.length > 0) await connection.collection('keywords').bulkWrite(writes, { ordered: false });
  } catch (error) {
    // A later save has written one already.
    if (!isDuplicate(error)) throw error;
  }
  const scopes = connection.collection('keyword_scopes');
  try {
    await scopes.updateOne(
      { _id: save.scope, no: { $lt: save.no } },
      { $set: { no: save.no, count: save.count } },
      { upsert: true },
    );
  } catch (error) {
    if (!isDuplicate(error)) throw error;
  }
  await connection.collection('keyword_saves').updateOne({ _id: save._id }, { $set: { rows: null } });
}

function scopeId({ userId, templateId }: KeywordScope): string {
  return JSON.stringify([userId, templateId]);
}

function keywordId({ userId, templateId }: KeywordScope, keyword: string): string {
  return JSON.stringify([userId, templateId, keyword]);
}

function toKeyword(doc: KeywordDoc): KeywordRow {
  return { keyword: doc.keyword, weight: doc.weight, last_used: doc.last_used, fields: parseJson(doc.fields) };
}
