import { diagnosticSchema } from '@wfm/workflow-engine/models';
import type { TemplateRow, VersionRow } from '@wfm/workflow-engine/ports';
import { z } from 'zod';

export const templateSchema = z.object({
  template_id: z.string(),
  workflow_id: z.string(),
  name: z.string(),
  description: z.string(),
  is_global: z.boolean(),
  /** True when the caller may change it. */
  own: z.boolean(),
  newest_version_id: z.string(),
  created_at: z.string(),
  updated_at: z.string(),
});

export function templateView(template: TemplateRow, userId: string): z.output<typeof templateSchema> {
  return {
    template_id: template.template_id,
    workflow_id: template.workflow_id,
    name: template.name,
    description: template.description,
    is_global: template.is_global,
    own: template.owner_id === userId,
    newest_version_id: template.newest_version_id,
    created_at: template.created_at,
    updated_at: template.updated_at,
  };
}

export const versionSchema = z.object({
  version_id: z.string(),
  template_id: z.string(),
  number: z.number().int(),
  kind: z.enum(['raw', 'unresolved', 'resolved']),
  note: z.string(),
  created_at: z.string(),
});

export function versionView(version: VersionRow): z.output<typeof versionSchema> {
  const { version_id, template_id, number, kind, note, created_at } = version;
  return { version_id, template_id, number, kind, note, created_at };
}

/** The answer of everything that publishes. */
export const publishedSchema = z.object({
  template: templateSchema,
  version_id: z.string(),
  number: z.number().int(),
  /** False when the line held this very content already. */
  created: z.boolean(),
  diagnostics: z.array(diagnosticSchema),
});

export const diffSchema = z.object({
  has_changes: z.boolean(),
  summary: z.string(),
  changes: z.array(
    z.object({
      type: z.enum(['added', 'removed', 'changed']),
      path: z.string(),
      old_value: z.unknown().optional(),
      new_value: z.unknown().optional(),
    }),
  ),
});
