import type { WorkflowPackage } from '../definition/package-files.ts';
import type { Page } from './page.ts';

/** Templates and their immutable versions (format.md 1.5–1.7). */

export interface TemplateRow {
  template_id: string;
  /** Null for a template of the house. */
  owner_id: string | null;
  workflow_id: string;
  name: string;
  description: string;
  is_global: boolean;
  newest_version_id: string;
  created_at: string;
  updated_at: string;
}

export interface VersionRow {
  /** `sha256:<hex>` of the resolved definition. */
  version_id: string;
  template_id: string;
  /** 1, 2, 3 … in the template's line. */
  number: number;
  kind: 'raw' | 'unresolved' | 'resolved';
  note: string;
  created_at: string;
}

export interface DefinitionStore {
  /**
   * Adds a version to the owner's line of that `workflow_id`, making the line when it is new. Content that is already
   * in the line is not added twice: the line's newest version becomes that one. `definition` is the resolved JSON.
   * `expansions` are what an `unresolved` version stands for: added behind it as `resolved` ones, in the same commit;
   * none of them becomes the newest.
   */
  publish(params: {
    ownerId: string;
    workflowId: string;
    name: string;
    description: string;
    versionId: string;
    definition: unknown;
    kind: VersionRow['kind'];
    note?: string;
    expansions?: readonly { versionId: string; definition: unknown }[];
    /** How its author wrote the version; takes the place of how it was written before. */
    content?: WorkflowPackage | undefined;
  }): Promise<{ template: TemplateRow; version: VersionRow; created: boolean }>;
  findTemplate(params: { templateId: string }): Promise<TemplateRow | null>;
  findTemplateByWorkflowId(params: { ownerId: string; workflowId: string }): Promise<TemplateRow | null>;
  /** The user's own and the global ones, by name, then id. */
  listTemplates(params: { userId: string; q?: string; limit: number; cursor?: string }): Promise<Page<TemplateRow>>;
  updateTemplate(params: {
    templateId: string;
    name?: string;
    description?: string;
    isGlobal?: boolean;
  }): Promise<void>;
  /** Versions that runs still name stay readable; the template and its line, draft and checkpoints are gone. */
  deleteTemplate(params: { templateId: string }): Promise<void>;
  listVersions(params: { templateId: string; limit: number; cursor?: string }): Promise<Page<VersionRow>>;
  findVersion(params: { templateId: string; versionId: string }): Promise<VersionRow | null>;
  /** Every line of that version which the user may see: own first, then global. */
  findVersionForUser(params: {
    userId: string;
    versionId: string;
  }): Promise<{ template: TemplateRow; version: VersionRow } | null>;
  /** How the version's author wrote it last; null where it came as one JSON value. */
  readPackage(params: { templateId: string; versionId: string }): Promise<WorkflowPackage | null>;
  /** The resolved definition, or null. Content-addressed, hence without an owner: callers reach it through a run or a template. */
  readDefinition(params: { versionId: string }): Promise<unknown | null>;
  /** Whether a shipped example was ever offered here, by its name: one that somebody has deleted does not come back. */
  wasOffered(params: { example: string }): Promise<boolean>;
  markOffered(params: { example: string }): Promise<void>;
  /** Keeps a definition that no template names yet (a preview's, a child run's). */
  keepDefinition(params: { versionId: string; definition: unknown }): Promise<void>;
}
