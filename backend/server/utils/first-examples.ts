import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { publishVersion, readFolder } from '@wfm/workflow-engine';
import { type LoadedWorkflow, loadWorkflow } from '@wfm/workflow-engine/definition';
import type { DefinitionStore, UserRow } from '@wfm/workflow-engine/ports';
import type { Collaborators } from '../api/collaborators.ts';

/** The workflows that ship with the product; an installation without them has no examples. */
const folder = join(import.meta.dirname, '..', '..', '..', 'workflows');

/**
 * Offers to everybody what ships and was not offered here before: on a fresh installation, and after an upgrade that
 * brings more. What somebody has deleted is not brought back, and what is there already is left alone. Answers how many
 * were added.
 */
export async function installExamples(
  admin: UserRow,
  { database, registry }: Pick<Collaborators, 'database' | 'registry'>,
): Promise<number> {
  const { definitions } = database;
  let added = 0;
  for (const example of namesIn(folder)) {
    if (await definitions.wasOffered({ example })) continue;
    const loaded = loadWorkflow({ files: await readFolder(join(folder, example)) });
    if (!(await wasHere(loaded, admin, definitions))) {
      const { template } = await publishVersion(definitions, registry, { ownerId: admin.user_id, loaded });
      await definitions.updateTemplate({ templateId: template.template_id, isGlobal: true });
      added += 1;
    }
    await definitions.markOffered({ example });
  }
  return added;
}

/** Of the time before offers were noted: the line itself, or, where that was deleted, its definition, which stays. */
async function wasHere(loaded: LoadedWorkflow, admin: UserRow, definitions: DefinitionStore): Promise<boolean> {
  const { workflow_id: workflowId } = loaded.resolved as { workflow_id: string };
  const line = await definitions.findTemplateByWorkflowId({ ownerId: admin.user_id, workflowId });
  return line !== null || (await definitions.readDefinition({ versionId: loaded.versionId })) !== null;
}

function namesIn(path: string): string[] {
  try {
    return readdirSync(path, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => name);
  } catch {
    return [];
  }
}
