import { WfmError } from '@wfm/workflow-engine/errors';
import type { DraftRow, TemplateRow, WorkflowPackage } from '@wfm/workflow-engine/ports';
import type { RouteContext } from './collaborators.ts';
import { draftView } from './draft-view.ts';

/** What routes do with drafts beyond storing them. */

/**
 * The template's draft; the first look makes it from the newest version, and as long as nobody has edited it, it follows
 * that. Throws `version_not_found` when the template is gone.
 */
export async function openDraft({ database }: RouteContext, template: TemplateRow): Promise<DraftRow> {
  const { template_id: templateId, newest_version_id: baseVersionId } = template;
  for (let tries = 0; tries < 100; tries += 1) {
    const draft = await database.drafts.find({ templateId });
    if (draft && (draft.edited || draft.base_version_id === baseVersionId)) return draft;
    const content = await versionPackage(database, templateId, baseVersionId);
    const made = await database.drafts.reset({
      templateId,
      revision: draft?.revision ?? null,
      baseVersionId,
      content,
    });
    if (made) return made;
  }
  throw new WfmError('storage_unavailable', 'This draft is being changed all the time. Try again.');
}

/** A version as it was written; one that came as JSON is one file. Throws `version_not_found`. */
export async function versionPackage(
  database: RouteContext['database'],
  templateId: string,
  versionId: string,
): Promise<WorkflowPackage> {
  const { definitions } = database;
  const written = await definitions.readPackage({ templateId, versionId });
  if (written) return written;
  const version = await definitions.findVersion({ templateId, versionId });
  const definition = version && (await definitions.readDefinition({ versionId }));
  if (!version || definition === null) {
    throw new WfmError('version_not_found', 'There is no such version of this template.', {
      params: { version_id: versionId },
    });
  }
  const text = `${JSON.stringify(definition, null, 2)}\n`;
  return { entryPoint: 'workflow.json', files: new Map([['workflow.json', new Uint8Array(Buffer.from(text))]]) };
}

/** The revision that a request names in `If-Match`, quoted or not; undefined without one. Throws `request_invalid`. */
export function readIfMatch(header: string | undefined): number | undefined {
  if (header === undefined) return undefined;
  const digits = /^\s*"?(\d{1,15})"?\s*$/.exec(header)?.[1];
  if (digits !== undefined) return Number(digits);
  throw new WfmError('request_invalid', 'If-Match must name one revision of the draft, as "7".', { place: 'if-match' });
}

/** `draft_conflict` with the draft that there is. */
export function draftConflict(draft: DraftRow): WfmError {
  const message = 'The draft was changed elsewhere. Compare both, and choose.';
  return new WfmError('draft_conflict', message, {
    params: { revision: draft.revision },
    details: { draft: draftView(draft) },
  });
}
