import type { StoredFiles } from '../document/document.ts';

/** A draft as the server keeps it (api.md, Draft). */
export interface StoredDraft {
  readonly entryPoint: string;
  readonly files: StoredFiles;
  /** Text of a file that does not parse yet, by its path. */
  readonly sourceBuffer: SourceBuffer | null;
  readonly preview: unknown;
  readonly revision: number;
  /** The version that it began from; null for a workflow that was never published. */
  readonly baseVersionId: string | null;
}

/** What is typed in the source pane while it does not parse: it never replaces the model (ux.md E7). */
export interface SourceBuffer {
  readonly path: string;
  readonly text: string;
}

/** A change of a draft, against a revision. */
export interface DraftChange {
  readonly entryPoint: string;
  readonly put: StoredFiles;
  readonly remove: readonly string[];
  readonly sourceBuffer: SourceBuffer | null;
  readonly preview: unknown;
}

/** Where drafts are kept for all devices of a person. */
export interface DraftServer {
  load(signal?: AbortSignal): Promise<StoredDraft>;
  /** Gives the new revision. Throws `ApiError` `draft_conflict` when the draft has another by now. */
  save(revision: number, change: DraftChange): Promise<number>;
  /** Keeps a state as a named, immutable checkpoint. */
  checkpoint(label: string, draft: Pick<StoredDraft, 'entryPoint' | 'files' | 'preview'>): Promise<void>;
}
