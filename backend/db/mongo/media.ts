import {
  type ContentRow,
  costInUsd,
  decodeCursor,
  type FinishGeneration,
  finishedGeneration,
  type Generation,
  type GenerationRow,
  generationNotFoundError,
  inOrder,
  type MediaStore,
  roundUsd,
  runNotFoundError,
  toPage,
} from '@wfm/workflow-engine/ports';
import type { MongoContext } from './context.ts';
import { isDuplicate } from './errors.ts';
import { pack, parseJson, unpack } from './packing.ts';
import { requireRun } from './run-branches.ts';
import type { GenerationDoc } from './store-documents.ts';

/** `MediaStore` on MongoDB. */
export function mongoMedia(context: MongoContext): MediaStore {
  const { connection } = context;
  const generations = () => connection.collection('generations');
  return {
    create: (params) => connection.write(() => createGeneration(context, params.generation)),
    finish: (end) => connection.write(() => finishGeneration(context, end)),
    find: ({ metadataId }) =>
      connection.read(async () => {
        const doc = await generations().findOne({ _id: metadataId });
        return doc && toGeneration(doc);
      }),
    list: ({ runId, interactionId, limit, cursor }) =>
      connection.read(async () => {
        const [after = ''] = cursor === undefined ? [] : decodeCursor(cursor, 1);
        const question = interactionId === undefined ? {} : { interaction_id: interactionId };
        const docs = await generations()
          .find({ run_id: runId, ...question, order: { $gt: after } }, { sort: { order: 1 }, limit: limit + 1 })
          .toArray();
        const page = toPage(docs, limit, (doc) => [doc.order]);
        return { items: await Promise.all(page.items.map(toGeneration)), next_cursor: page.next_cursor };
      }),
    content: ({ runId, contentId }) =>
      connection.read(async () => {
        const doc = await generations().findOne({ run_id: runId, 'contents.content_id': contentId });
        const content = doc?.contents.find(({ content_id }) => content_id === contentId);
        return content ? parseJson<ContentRow>(content.record) : null;
      }),
    totals: ({ runId }) =>
      connection.read(async () => {
        const docs = await generations()
          .find({ run_id: runId }, { projection: { usd: 1, 'contents.bytes': 1 } })
          .toArray();
        const contents = docs.flatMap((doc) => doc.contents);
        return {
          generations: docs.length,
          contents: contents.length,
          bytes: contents.reduce((sum, { bytes }) => sum + bytes, 0),
          usd: roundUsd(docs.reduce((sum, { usd }) => sum + (usd ?? 0), 0)),
        };
      }),
  };
}

async function createGeneration(context: MongoContext, generation: GenerationRow): Promise<GenerationRow> {
  const { connection, ids } = context;
  const { metadata_id: _id, workflow_run_id: runId } = generation;
  await requireRun(context, runId);
  const generations = connection.collection('generations');
  try {
    await generations.insertOne({
      _id,
      run_id: runId,
      order: ids.uuid(),
      interaction_id: generation.interaction_id,
      status: generation.status,
      usd: costInUsd(generation.cost),
      record: await pack(JSON.stringify(generation)),
      contents: [],
    });
  } catch (error) {
    const known = isDuplicate(error) ? await generations.findOne({ _id }) : null;
    if (known) return (await toGeneration(known)).generation;
    throw error;
  }
  if (await connection.collection('runs').findOne({ _id: runId }, { projection: { _id: 1 } })) return { ...generation };
  // Deleted meanwhile: nothing may stay behind.
  await generations.deleteOne({ _id, run_id: runId });
  throw runNotFoundError(runId);
}

async function finishGeneration({ connection }: MongoContext, end: FinishGeneration): Promise<Generation> {
  const generations = connection.collection('generations');
  const doc = await generations.findOne({ _id: end.metadataId });
  if (!doc) throw generationNotFoundError(end.metadataId);
  const before = await toGeneration(doc);
  if (before.generation.status !== 'pending') return before;
  const generation = finishedGeneration(before.generation, end);
  const contents = inOrder(end.contents);
  const ended = await generations.findOneAndUpdate(
    { _id: end.metadataId, run_id: doc.run_id, status: 'pending' },
    {
      $set: {
        status: generation.status,
        usd: costInUsd(generation.cost),
        record: await pack(JSON.stringify(generation)),
        contents: contents.map((content) => ({
          content_id: content.content_id,
          bytes: content.bytes,
          record: JSON.stringify(content),
        })),
      },
    },
  );
  if (ended) return { generation, contents };
  // Another one has ended it meanwhile.
  const now = await generations.findOne({ _id: end.metadataId });
  if (!now) throw generationNotFoundError(end.metadataId);
  return toGeneration(now);
}

async function toGeneration(doc: GenerationDoc): Promise<Generation> {
  return {
    generation: parseJson(await unpack(doc.record)),
    contents: doc.contents.map(({ record }) => parseJson(record)),
  };
}
