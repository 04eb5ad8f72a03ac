import type { PackageFiles, WorkflowPackage } from '../definition/package-files.ts';

/** What a template's owner is writing and has not published (api.md, Draft), and the states that were kept of it. */

/** Text of a file that does not parse yet. */
export interface SourceBuffer {
  path: string;
  text: string;
}

export interface DraftRow extends WorkflowPackage {
  template_id: string;
  /** 1, 2, 3 …: grows with every change, also over publishing and discarding. */
  revision: number;
  /** The version that it began from, or as which it was published last. */
  base_version_id: string;
  /** False while it is what its base version holds. */
  edited: boolean;
  source_buffer: SourceBuffer | null;
  /** Pins, modes and scenarios of the preview; any JSON. */
  preview: unknown;
  updated_at: string;
}

export interface CheckpointHead {
  checkpoint_id: string;
  template_id: string;
  label: string;
  base_version_id: string;
  created_at: string;
}

/** A kept state of a draft; never changes. */
export interface CheckpointRow extends CheckpointHead, WorkflowPackage {
  preview: unknown;
}

/** What a save changes; what is undefined stays. */
export interface DraftChanges {
  put: PackageFiles;
  remove: readonly string[];
  entryPoint?: string | undefined;
  sourceBuffer?: SourceBuffer | null | undefined;
  preview?: unknown;
}

/** One draft for a template: a template has one owner, and nobody else may write. */
export interface DraftStore {
  find(params: { templateId: string }): Promise<DraftRow | null>;
  /**
   * Puts a version's package in the place of the draft's content; `revision` names the one that is replaced, null where
   * there shall be none yet. The draft then, or null when it has another revision and nothing was changed. Throws
   * `version_not_found` when the template is gone.
   */
  reset(params: {
    templateId: string;
    revision: number | null;
    baseVersionId: string;
    content: WorkflowPackage;
    /** Of the preview; by default what the draft has. */
    preview?: unknown;
  }): Promise<DraftRow | null>;
  /** The new revision; null when the draft has another than `revision`, and nothing was changed. */
  save(params: { templateId: string; revision: number; changes: DraftChanges }): Promise<number | null>;
  /** The draft's base is now this version; nothing of it counts as edited if it still has the revision. */
  rebase(params: { templateId: string; revision: number; baseVersionId: string }): Promise<void>;
  /** Keeps a state, and of all only the newest 50. Throws `version_not_found` when the template is gone. */
  addCheckpoint(params: { checkpoint: CheckpointRow }): Promise<void>;
  /** Newest first. */
  listCheckpoints(params: { templateId: string }): Promise<CheckpointHead[]>;
  findCheckpoint(params: { templateId: string; checkpointId: string }): Promise<CheckpointRow | null>;
}
