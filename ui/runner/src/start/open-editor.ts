import { dataOf, productionApi } from '@wfm/shared/core';

/** What is to be changed: a workflow, and as far as is known the run and the module that made somebody want to. */
export interface EditWish {
  templateId: string;
  /** The version that is copied where the workflow is somebody else's; its newest by default. */
  versionId?: string | undefined;
  /** Opened in the editor's preview up to the module. */
  runId?: string;
  stepId?: string;
  moduleName?: string;
}

/**
 * Where the editor shows it (ux.md 2.1). A workflow that is not one's own is copied first, once: the copy of an earlier
 * time is taken again. Throws `ApiError`.
 */
export async function editorAddress({ templateId, versionId, runId, stepId, moduleName }: EditWish): Promise<string> {
  const query = new URLSearchParams();
  if (stepId !== undefined && moduleName !== undefined) query.set('m', `${stepId}.${moduleName}`);
  if (runId !== undefined) query.set('run', runId);
  const search = query.size === 0 ? '' : `?${query.toString()}`;
  return `/editor/w/${await ownTemplate(templateId, versionId)}${search}`;
}

async function ownTemplate(templateId: string, versionId: string | undefined): Promise<string> {
  const path = { path: { template: templateId } };
  const template = await dataOf(productionApi().GET('/workflow-templates/{template}', { params: path }));
  if (template.own) return templateId;
  const mine = await dataOf(productionApi().GET('/workflow-templates', { params: { query: { limit: 200 } } }));
  const copy = mine.items.find(({ own, workflow_id: id }) => own && id === template.workflow_id);
  if (copy) return copy.template_id;
  const made = await dataOf(
    productionApi().POST('/workflow-templates/{template}/versions/{version}/clone', {
      params: { path: { template: templateId, version: versionId ?? template.newest_version_id } },
      body: {},
    }),
  );
  return made.template.template_id;
}
