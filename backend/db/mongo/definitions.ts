import {
  decodeCursor,
  type DefinitionStore,
  foldCase,
  type TemplateRow,
  toPage,
  type VersionRow,
  type WorkflowPackage,
} from '@wfm/workflow-engine/ports';
import type { Filter } from 'mongodb';
import { storageUnavailable } from '../storage-errors.ts';
import type { MongoContext } from './context.ts';
import { isDuplicate } from './errors.ts';
import { contains } from './filters.ts';
import { dropFiles, dropWritten, loadFiles, storeFiles } from './packages.ts';
import { pack, parseJson, unpack } from './packing.ts';
import type { StoredVersion, TemplateDoc } from './store-documents.ts';

type Publish = Parameters<DefinitionStore['publish']>[0];
type Published = Awaited<ReturnType<DefinitionStore['publish']>>;

const withoutVersions = { projection: { versions: 0 } };

/** `DefinitionStore` on MongoDB. */
export function mongoDefinitions(context: MongoContext): DefinitionStore {
  const { connection, clock, locks } = context;
  const templates = () => connection.collection('templates');
  const findOne = async (where: Filter<TemplateDoc>) => {
    const doc = await templates().findOne(where, withoutVersions);
    return doc && toTemplate(doc);
  };
  const versionsOf = async (templateId: string) => (await templates().findOne({ _id: templateId }))?.versions ?? [];

  return {
    publish: (params) =>
      connection.write(() =>
        locks.run(JSON.stringify(['publish', params.ownerId, params.workflowId]), async () => {
          const published = await publish(context, params);
          if (params.content)
            await keepPackage(context, published.template.template_id, { ...params, content: params.content });
          return published;
        }),
      ),
    findTemplate: ({ templateId }) => connection.read(() => findOne({ _id: templateId })),
    findTemplateByWorkflowId: ({ ownerId, workflowId }) =>
      connection.read(() => findOne({ owner_id: ownerId, workflow_id: workflowId })),
    listTemplates: ({ userId, q, limit, cursor }) =>
      connection.read(async () => {
        const where: Filter<TemplateDoc>[] = [{ $or: [{ owner_id: userId }, { is_global: true }] }];
        if (cursor !== undefined) {
          const [name = '', id = ''] = decodeCursor(cursor, 2);
          where.push({ $or: [{ name: { $gt: name } }, { name, _id: { $gt: id } }] });
        }
        if (q !== undefined && q !== '') where.push(contains('search', foldCase(q)));
        const docs = await templates()
          .find({ $and: where }, { ...withoutVersions, sort: { name: 1, _id: 1 }, limit: limit + 1 })
          .toArray();
        return toPage(docs.map(toTemplate), limit, (row) => [row.name, row.template_id]);
      }),
    updateTemplate: ({ templateId, name, description, isGlobal }) =>
      connection.write(async () => {
        const changes: Partial<TemplateDoc> = { updated_at: clock.now().toISOString() };
        if (name !== undefined) Object.assign(changes, { name, search: foldCase(name) });
        if (description !== undefined) changes.description = description;
        if (isGlobal !== undefined) changes.is_global = isGlobal;
        await templates().updateOne({ _id: templateId }, { $set: changes });
      }),
    deleteTemplate: ({ templateId }) =>
      connection.write(async () => {
        // Its definitions stay: runs may name any version that the line ever had.
        await templates().deleteOne({ _id: templateId });
        await dropWritten(context, templateId);
      }),
    listVersions: ({ templateId, limit, cursor }) =>
      connection.read(async () => {
        const before = cursor === undefined ? Number.POSITIVE_INFINITY : Number(decodeCursor(cursor, 1)[0]);
        const rows = (await versionsOf(templateId))
          .filter(({ number }) => number < before)
          .sort((a, b) => b.number - a.number)
          .slice(0, limit + 1)
          .map((version) => toVersion(templateId, version));
        return toPage(rows, limit, (row) => [String(row.number)]);
      }),
    findVersion: ({ templateId, versionId }) =>
      connection.read(async () => {
        const version = (await versionsOf(templateId)).find(({ version_id }) => version_id === versionId);
        return version ? toVersion(templateId, version) : null;
      }),
    findVersionForUser: ({ userId, versionId }) =>
      connection.read(async () => {
        const line = { 'versions.version_id': versionId };
        const sorted = { sort: { name: 1, _id: 1 } } as const;
        const doc =
          (await templates().findOne({ ...line, owner_id: userId }, sorted)) ??
          (await templates().findOne({ ...line, is_global: true }, sorted));
        const version = doc?.versions.find(({ version_id }) => version_id === versionId);
        return doc && version ? { template: toTemplate(doc), version: toVersion(doc._id, version) } : null;
      }),
    readPackage: ({ templateId, versionId }) =>
      connection.read(async () => {
        for (let tries = 0; tries < 100; tries += 1) {
          const doc = await connection.collection('packages').findOne({ _id: packageId(templateId, versionId) });
          if (!doc) return null;
          const files = await loadFiles(context, templateId, doc.files);
          if (files) return { entryPoint: doc.entry_point, files };
        }
        throw storageUnavailable('This version is being written all the time. Try again.');
      }),
    readDefinition: ({ versionId }) =>
      connection.read(async () => {
        const doc = await connection.collection('definitions').findOne({ _id: versionId });
        return doc ? parseJson<unknown>(await unpack(doc.definition)) : null;
      }),
    wasOffered: ({ example }) =>
      connection.read(async () => (await connection.collection('offered_examples').findOne({ _id: example })) !== null),
    markOffered: ({ example }) =>
      connection.write(async () => {
        const doc = { $setOnInsert: { offered_at: clock.now().toISOString() } };
        await connection.collection('offered_examples').updateOne({ _id: example }, doc, { upsert: true });
      }),
    keepDefinition: ({ versionId, definition }) =>
      connection.write(() => keepDefinition(context, versionId, definition)),
  };
}

/** Definitions first: nothing in a line may name what is not there. */
async function publish(context: MongoContext, params: Publish): Promise<Published> {
  await keepDefinition(context, params.versionId, params.definition);
  for (const { versionId, definition } of params.expansions ?? []) await keepDefinition(context, versionId, definition);
  for (let tries = 0; tries < 100; tries += 1) {
    const published = await tryPublish(context, params);
    if (published) return published;
    await new Promise((resolve) => setTimeout(resolve, Math.random() * 20));
  }
  throw storageUnavailable('This workflow is being published all the time. Try again.');
}

/** Null when somebody else has changed the line meanwhile. */
async function tryPublish({ connection, clock, ids }: MongoContext, params: Publish): Promise<Published | null> {
  const templates = connection.collection('templates');
  const { ownerId, workflowId, versionId } = params;
  const now = clock.now().toISOString();
  const known = await templates.findOne({ owner_id: ownerId, workflow_id: workflowId });
  const line = known?.versions ?? [];
  const added: StoredVersion[] = [];
  const add = (id: string, kind: VersionRow['kind'], note: string): StoredVersion => {
    const old = [...line, ...added].find((version) => version.version_id === id);
    if (old) return old;
    const version = { version_id: id, number: line.length + added.length + 1, kind, note, created_at: now };
    added.push(version);
    return version;
  };
  const version = add(versionId, params.kind, params.note ?? '');
  const created = added.length === 1;
  for (const expansion of params.expansions ?? []) add(expansion.versionId, 'resolved', '');
  const head = {
    name: params.name,
    search: foldCase(params.name),
    description: params.description,
    newest_version_id: versionId,
    updated_at: now,
  };
  if (known) {
    const changes = known.newest_version_id === versionId ? {} : head;
    if (added.length > 0 || changes === head) {
      // The line has only grown when its length has; a rename in between is laid over, as it would be by coming first.
      const { matchedCount } = await templates.updateOne(
        { _id: known._id, versions: { $size: line.length }, newest_version_id: known.newest_version_id },
        { $set: { ...changes, _id: known._id }, $push: { versions: { $each: added } } },
      );
      if (matchedCount === 0) return null;
    }
    return {
      template: toTemplate({ ...known, ...changes }),
      version: toVersion(known._id, version),
      created,
    };
  }
  const doc: TemplateDoc = {
    _id: ids.uuid(),
    owner_id: ownerId,
    workflow_id: workflowId,
    ...head,
    is_global: false,
    created_at: now,
    versions: added,
  };
  try {
    await templates.insertOne(doc);
  } catch (error) {
    if (isDuplicate(error)) return null;
    throw error;
  }
  return { template: toTemplate(doc), version: toVersion(doc._id, version), created };
}

const packageId = (templateId: string, versionId: string): string => JSON.stringify([templateId, versionId]);

/** Comes after the version itself: what was not answered yet may come without its files, and is published again. */
async function keepPackage(
  context: MongoContext,
  templateId: string,
  { versionId, content }: { versionId: string; content: WorkflowPackage },
): Promise<void> {
  const { connection } = context;
  const files = await storeFiles(context, templateId, content.files);
  const before = await connection
    .collection('packages')
    .findOneAndReplace(
      { _id: packageId(templateId, versionId) },
      { template_id: templateId, entry_point: content.entryPoint, files },
      { upsert: true },
    );
  if (before) await dropFiles(context, templateId, before.files);
  // Deleted meanwhile: nothing may stay behind.
  if (!(await connection.collection('templates').findOne({ _id: templateId }, { projection: { _id: 1 } })))
    await dropWritten(context, templateId);
}

async function keepDefinition({ connection }: MongoContext, versionId: string, definition: unknown): Promise<void> {
  try {
    const doc = { _id: versionId, definition: await pack(JSON.stringify(definition)) };
    await connection.collection('definitions').insertOne(doc);
  } catch (error) {
    if (!isDuplicate(error)) throw error;
  }
}

function toTemplate(doc: Omit<TemplateDoc, 'versions'>): TemplateRow {
  return {
    template_id: doc._id,
    owner_id: doc.owner_id,
    workflow_id: doc.workflow_id,
    name: doc.name,
    description: doc.description,
    is_global: doc.is_global,
    newest_version_id: doc.newest_version_id,
    created_at: doc.created_at,
    updated_at: doc.updated_at,
  };
}

function toVersion(templateId: string, version: StoredVersion): VersionRow {
  return {
    version_id: version.version_id,
    template_id: templateId,
    number: version.number,
    kind: version.kind,
    note: version.note,
    created_at: version.created_at,
  };
}
