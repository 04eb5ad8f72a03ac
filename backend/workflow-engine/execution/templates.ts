import { setImmediate } from 'node:timers/promises';
import { versionIdOf } from '../definition/canonical-json.ts';
import { alternativesOf } from '../definition/expand-groups/expand-groups.ts';
import { selectAlternative } from '../definition/expand-groups/select-alternative.ts';
import type { LoadedWorkflow } from '../definition/load-workflow.ts';
import { readDefinition } from '../definition/read-definition.ts';
import { validateWorkflow } from '../definition/validate-workflow.ts';
import { type VersionDiff, versionDiff } from '../definition/version-diff.ts';
import { type ErrorItem, isErrorCode, WfmError } from '../errors/index.ts';
import type { Diagnostic } from '../models/diagnostic.ts';
import { isJsonObject } from '../models/json.ts';
import type { ModuleRegistry } from '../modules/registry.ts';
import type { DefinitionStore, TemplateRow } from '../ports/definition-store.ts';

/** Publishing and starting versions of a template's line (format.md 1.5–1.8). */

/** The version that a start shall run, or what the person has to confirm first. */
export type PreparedStart =
  | { kind: 'ready'; template: TemplateRow; versionId: string }
  | { kind: 'confirm'; template: TemplateRow; diff: VersionDiff; oldVersionId: string; newVersionId: string };

/** Throws one error that lists every fault of a definition with its place; warnings pass. */
export function assertSound(diagnostics: readonly Diagnostic[]): void {
  const faults = diagnostics.filter((diagnostic) => diagnostic.severity === 'error');
  const first = faults.find((fault) => fault.structural) ?? faults[0];
  if (!first) return;
  const errors: ErrorItem[] = faults.map((fault) => ({
    path: fault.place,
    code: isErrorCode(fault.code) ? fault.code : 'definition_invalid',
    params: fault.params,
    message: fault.message,
  }));
  const more =
    faults.length === 1 ? '' : ` ${faults.length - 1} more ${faults.length === 2 ? 'fault' : 'faults'} in "errors".`;
  throw new WfmError(isErrorCode(first.code) ? first.code : 'definition_invalid', `${first.message}${more}`, {
    params: first.params,
    place: first.place,
    errors,
  });
}

/**
 * Adds a version to the owner's line; one that holds execution groups is `unresolved`, and every definition that it
 * stands for is added behind it (format.md 20). Throws the definition's faults, all at once, and
 * `version_not_startable` for content that the line holds as the expansion of another version.
 */
export async function publishVersion(
  definitions: DefinitionStore,
  registry: ModuleRegistry,
  params: { ownerId: string; loaded: LoadedWorkflow; note?: string },
): Promise<{ template: TemplateRow; versionId: string; number: number; created: boolean; diagnostics: Diagnostic[] }> {
  const { resolved, versionId } = params.loaded;
  const diagnostics = [...params.loaded.diagnostics, ...validateWorkflow(resolved, registry)];
  assertSound(diagnostics);
  const { workflowId, name, description } = headOf(resolved);
  const expansions = await expansionsOf(resolved);
  const line = await definitions.findTemplateByWorkflowId({ ownerId: params.ownerId, workflowId });
  const known = line && (await definitions.findVersion({ templateId: line.template_id, versionId }));
  if (known?.kind === 'resolved') throw notStartable();
  const { template, version, created } = await definitions.publish({
    ownerId: params.ownerId,
    workflowId,
    name,
    description,
    versionId,
    definition: resolved,
    kind: expansions.length > 0 ? 'unresolved' : 'raw',
    expansions,
    content: params.loaded.content,
    ...(params.note === undefined ? {} : { note: params.note }),
  });
  return { template, versionId, number: version.number, created, diagnostics };
}

/**
 * Finds or makes the version that a start with a definition shall run (format.md 1.8): unchanged, it is the newest; new,
 * it is stored; changed, the person confirms the difference first.
 */
export async function prepareStart(
  definitions: DefinitionStore,
  registry: ModuleRegistry,
  params: { ownerId: string; loaded: LoadedWorkflow; confirm: boolean },
): Promise<PreparedStart> {
  const { loaded, ownerId } = params;
  const { workflowId } = headOf(loaded.resolved);
  const template = await definitions.findTemplateByWorkflowId({ ownerId, workflowId });
  if (template?.newest_version_id === loaded.versionId) return { kind: 'ready', template, versionId: loaded.versionId };
  if (template && !params.confirm) {
    assertSound([...loaded.diagnostics, ...validateWorkflow(loaded.resolved, registry)]);
    const old = await definitions.readDefinition({ versionId: template.newest_version_id });
    return {
      kind: 'confirm',
      template,
      diff: versionDiff(old, loaded.resolved),
      oldVersionId: template.newest_version_id,
      newVersionId: loaded.versionId,
    };
  }
  const published = await publishVersion(definitions, registry, { ownerId, loaded });
  return { kind: 'ready', template: published.template, versionId: published.versionId };
}

/**
 * The version that runs where a version of a template's line is started: itself, or for an `unresolved` one the
 * expansion that suits the capabilities best, by default the ids of all interactive modules (format.md 1.7, 20).
 * Throws `version_not_found`, `version_not_startable`, `capabilities_unmet`.
 */
export async function startableVersion(
  definitions: DefinitionStore,
  registry: ModuleRegistry,
  params: { templateId: string; versionId: string; capabilities?: readonly string[] | undefined },
): Promise<string> {
  const { templateId, versionId, capabilities } = params;
  const version = await definitions.findVersion({ templateId, versionId });
  if (version?.kind === 'raw') return versionId;
  if (version?.kind === 'resolved') throw notStartable();
  const resolved = version && (await definitions.readDefinition({ versionId }));
  if (!resolved)
    throw new WfmError('version_not_found', 'There is no such version.', { params: { version_id: versionId } });
  const selected = selectAlternative({ resolved, versionId }, registry, capabilities);
  // Publishing has kept it; an engine that expands otherwise by now keeps its own.
  await definitions.keepDefinition({ versionId: selected.versionId, definition: selected.resolved });
  return selected.versionId;
}

function notStartable(): WfmError {
  const message = 'This version is one of those that a version with execution groups stands for; start that one.';
  return new WfmError('version_not_startable', message, { params: { kind: 'resolved' } });
}

/** What a definition with execution groups stands for. Throws the faults that only an expansion has, such as a name taken twice. */
async function expansionsOf(resolved: unknown): Promise<{ versionId: string; definition: unknown }[]> {
  const expansions: { versionId: string; definition: unknown }[] = [];
  for (const alternative of alternativesOf(resolved)) {
    const definition = alternative.definition();
    assertSound(readDefinition(definition).faults);
    expansions.push({ versionId: versionIdOf(definition), definition });
    // Large definitions take seconds together; others are served in between.
    await setImmediate();
  }
  return expansions;
}

function headOf(resolved: unknown): { workflowId: string; name: string; description: string } {
  const head = isJsonObject(resolved) ? resolved : {};
  const workflowId = typeof head.workflow_id === 'string' ? head.workflow_id : '';
  return {
    workflowId,
    name: typeof head.name === 'string' && head.name !== '' ? head.name : workflowId,
    description: typeof head.description === 'string' ? head.description : '',
  };
}
