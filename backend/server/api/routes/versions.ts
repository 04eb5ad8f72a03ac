import { defineRoute, type Route } from '@wfm/http';
import { publishVersion } from '@wfm/workflow-engine';
import {
  inspectWorkflow,
  type LoadedWorkflow,
  loadWorkflow,
  parseJson,
  textOf,
  versionDiff,
} from '@wfm/workflow-engine/definition';
import { WfmError } from '@wfm/workflow-engine/errors';
import { diagnosticSchema, isJsonObject, type JsonObject } from '@wfm/workflow-engine/models';
import type { DraftRow, TemplateRow, VersionRow, WorkflowPackage } from '@wfm/workflow-engine/ports';
import { z } from 'zod';
import type { RouteContext } from '../collaborators.ts';
import { zipPackage } from '../../utils/zip-package.ts';
import { bytesOf, ownTemplateOwner, pageOf, pageQuery, templateOwner, templateParams } from '../common.ts';
import { draftConflict, openDraft, readIfMatch, versionPackage } from '../drafts.ts';
import {
  diffSchema,
  publishedSchema,
  templateSchema,
  templateView,
  versionSchema,
  versionView,
} from '../template-view.ts';
import { readSource, sourceFields } from '../workflow-source.ts';
import { found, publishedView } from './templates.ts';

const tags = ['templates'];
const versionParams = templateParams.extend({ version: z.string() });
const workflowIdSchema = z.string().min(1).max(128);

/** Immutable versions of a template, and checking a definition without keeping it. */
export function versionRoutes(context: RouteContext): Route[] {
  const { definitions, drafts } = context.database;
  return [
    defineRoute({
      method: 'GET',
      path: '/workflow-templates/:template/versions',
      access: 'user',
      owner: templateOwner,
      schema: {
        summary: 'Versions, newest first',
        tags,
        params: templateParams,
        querystring: z.strictObject(pageQuery),
        response: { 200: pageOf(versionSchema) },
      },
      async handler({ params, query }) {
        const page = await definitions.listVersions({ templateId: params.template, ...query });
        return { ...page, items: page.items.map(versionView) };
      },
    }),
    defineRoute({
      method: 'POST',
      path: '/workflow-templates/:template/versions',
      access: 'user',
      owner: ownTemplateOwner,
      schema: {
        summary:
          'Publish the draft, or a definition that is sent, as a version; faults in it stop that. With If-Match: only this revision of the draft',
        tags,
        params: templateParams,
        body: z.strictObject({ ...sourceFields, note: z.string().max(1000).optional() }),
        response: { 200: publishedSchema, 201: publishedSchema },
      },
      async handler({ params, body, principal, request, reply }) {
        const template = await found(context, params.template);
        const isSent = body.workflow_content !== undefined || body.upload_id !== undefined;
        const draft = isSent ? null : await draftToPublish(context, template, request.headers['if-match']);
        const loaded = loadWorkflow(draft ?? (await readSource(context, principal.userId, body)));
        const workflowId = isJsonObject(loaded.resolved) ? loaded.resolved.workflow_id : undefined;
        if (workflowId !== template.workflow_id) {
          const message = `The definition's workflow_id must be "${template.workflow_id}", as the template's; it is "${String(workflowId)}".`;
          throw new WfmError('request_invalid', message, {
            place: draft ? 'workflow_id' : 'workflow_content.workflow_id',
          });
        }
        const options = { ownerId: principal.userId, loaded, ...(body.note === undefined ? {} : { note: body.note }) };
        const published = await publishVersion(definitions, context.registry, options);
        if (draft) {
          const { revision } = draft;
          await drafts.rebase({ templateId: params.template, revision, baseVersionId: published.versionId });
        }
        void reply.code(published.created ? 201 : 200);
        return publishedView(published, principal.userId);
      },
    }),
    defineRoute({
      method: 'GET',
      path: '/workflow-templates/:template/versions/compare',
      access: 'user',
      owner: templateOwner,
      schema: {
        summary: 'What changed from version a to version b',
        tags,
        params: templateParams,
        querystring: z.strictObject({ a: z.string().max(128), b: z.string().max(128) }),
        response: { 200: diffSchema },
      },
      async handler({ params, query }) {
        const [a, b] = [
          await definition(context, params.template, query.a),
          await definition(context, params.template, query.b),
        ];
        return versionDiff(a.definition, b.definition);
      },
    }),
    defineRoute({
      method: 'GET',
      path: '/workflow-templates/:template/versions/:version',
      access: 'user',
      owner: templateOwner,
      schema: {
        summary: 'One version with its resolved definition',
        tags,
        params: versionParams,
        response: { 200: versionSchema.extend({ definition: z.unknown() }) },
      },
      async handler({ params }) {
        const { version, definition: resolved } = await definition(context, params.template, params.version);
        return { ...versionView(version), definition: resolved };
      },
    }),
    defineRoute({
      method: 'GET',
      path: '/workflow-templates/:template/versions/:version/package',
      access: 'user',
      owner: templateOwner,
      schema: {
        summary: 'The files of a version as a ZIP',
        tags,
        params: versionParams,
        response: { 200: bytesOf('application/zip', 'A ZIP that an import takes again') },
      },
      async handler({ params, reply }) {
        const template = await found(context, params.template);
        const { files } = await versionPackage(context.database, params.template, params.version);
        const name = template.workflow_id.replaceAll(/[^A-Za-z0-9._-]/g, '_').slice(0, 100);
        return reply
          .header('content-disposition', `attachment; filename="${name}.zip"`)
          .header('cache-control', 'private, no-cache')
          .type('application/zip')
          .send(Buffer.from(zipPackage(files)));
      },
    }),
    defineRoute({
      method: 'POST',
      path: '/workflow-templates/:template/versions/:version/clone',
      access: 'user',
      owner: templateOwner,
      schema: {
        summary: "Copy a version to a line of the caller's own",
        tags,
        params: versionParams,
        body: z
          .strictObject({ workflow_id: workflowIdSchema.optional(), name: z.string().min(1).max(200).optional() })
          .nullish(),
        response: { 200: publishedSchema, 201: publishedSchema },
      },
      async handler({ params, body, principal, reply }) {
        const { version, definition: resolved } = await definition(context, params.template, params.version);
        const source = isJsonObject(resolved) ? resolved : {};
        const workflowId =
          body?.workflow_id ?? (await freeWorkflowId(context, principal.userId, String(source.workflow_id)));
        const json: JsonObject = {
          ...source,
          workflow_id: workflowId,
          ...(body?.name === undefined ? {} : { name: body.name }),
        };
        const note = `Cloned from version ${version.number} of ${String(source.workflow_id)}`;
        const written = await definitions.readPackage({ templateId: params.template, versionId: params.version });
        const loaded = cloneOf(json, written);
        const options = { ownerId: principal.userId, loaded, note };
        const published = await publishVersion(definitions, context.registry, options);
        void reply.code(published.created ? 201 : 200);
        return publishedView(published, principal.userId);
      },
    }),
    defineRoute({
      method: 'POST',
      path: '/workflow-templates/:template/versions/:version/publish-global',
      access: 'admin',
      owner: ownTemplateOwner,
      schema: {
        summary: 'Offer a template to everybody, with this version as its newest',
        tags,
        params: versionParams,
        response: { 200: templateSchema },
      },
      async handler({ params, principal }) {
        const { definition: resolved } = await definition(context, params.template, params.version);
        await publishVersion(definitions, context.registry, {
          ownerId: principal.userId,
          loaded: loadWorkflow({ json: resolved }),
        });
        await definitions.updateTemplate({ templateId: params.template, isGlobal: true });
        return templateView(await found(context, params.template), principal.userId);
      },
    }),
    defineRoute({
      method: 'POST',
      path: '/workflow/validate',
      access: 'user',
      owner: 'self',
      schema: {
        summary: 'Check a definition without keeping it',
        tags,
        body: z.strictObject(sourceFields),
        response: { 200: z.object({ valid: z.boolean(), diagnostics: z.array(diagnosticSchema) }) },
      },
      async handler({ body, principal }) {
        const diagnostics = inspectWorkflow(await readSource(context, principal.userId, body), context.registry);
        return { valid: !diagnostics.some(({ severity }) => severity === 'error'), diagnostics };
      },
    }),
  ];
}

/** The draft's files, once nothing in it is half written. Throws `draft_conflict`, and `json_invalid` for a text that does not parse yet. */
async function draftToPublish(
  context: RouteContext,
  template: TemplateRow,
  ifMatch: string | undefined,
): Promise<DraftRow> {
  const draft = await openDraft(context, template);
  const revision = readIfMatch(ifMatch);
  if (revision !== undefined && revision !== draft.revision) throw draftConflict(draft);
  if (draft.source_buffer) parseJson(draft.source_buffer.text, draft.source_buffer.path);
  return draft;
}

/** The definition under its new names, with files as the original has them where only its entry point must be changed. */
function cloneOf(json: JsonObject, written: WorkflowPackage | null): LoadedWorkflow {
  const plain = loadWorkflow({ json });
  if (!written) return plain;
  const head = JSON.parse(textOf(written.files.get(written.entryPoint) ?? new Uint8Array(0)) || 'null') as unknown;
  if (!isJsonObject(head)) return plain;
  const names = { workflow_id: json.workflow_id, ...(json.name === undefined ? {} : { name: json.name }) };
  const text = `${JSON.stringify({ ...head, ...names }, null, 2)}\n`;
  const files = new Map(written.files).set(written.entryPoint, new Uint8Array(Buffer.from(text)));
  const loaded = loadWorkflow({ files, entryPoint: written.entryPoint });
  return loaded.versionId === plain.versionId ? loaded : plain;
}

async function definition(
  { database }: RouteContext,
  templateId: string,
  versionId: string,
): Promise<{ version: VersionRow; definition: unknown }> {
  const version = await database.definitions.findVersion({ templateId, versionId });
  const resolved = version && (await database.definitions.readDefinition({ versionId }));
  if (version && resolved !== null) return { version, definition: resolved };
  throw new WfmError('version_not_found', 'There is no such version of this template.', {
    params: { version_id: versionId },
  });
}

/** The id itself where the caller has no line of that name yet, else the first free `…_copy`. */
async function freeWorkflowId({ database }: RouteContext, ownerId: string, workflowId: string): Promise<string> {
  for (let count = 0; count < 100; count += 1) {
    const candidate = count === 0 ? workflowId : `${workflowId.slice(0, 115)}_copy${count === 1 ? '' : count}`;
    if (!(await database.definitions.findTemplateByWorkflowId({ ownerId, workflowId: candidate }))) return candidate;
  }
  throw new WfmError('conflict', 'There are too many copies of this workflow. Send a "workflow_id" of your own.', {
    place: 'workflow_id',
  });
}
