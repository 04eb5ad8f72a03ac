import type { Clock } from '../clock.ts';
import type { WorkflowPackage } from '../../definition/package-files.ts';
import { limits } from '../../models/limits.ts';
import type { DraftRow, DraftStore } from '../draft-store.ts';
import { compareText, templateNotFoundError } from '../store-rules.ts';
import type { MemoryState } from './state.ts';

/** `DraftStore` in memory. */
export function memoryDrafts(state: MemoryState, clock: Clock): DraftStore {
  const assertTemplate = (templateId: string): void => {
    if (!state.templates.has(templateId)) throw templateNotFoundError(templateId);
  };
  /** The draft if it has that revision. */
  const at = (templateId: string, revision: number): DraftRow | undefined => {
    const draft = state.drafts.get(templateId);
    return draft?.revision === revision ? draft : undefined;
  };
  return {
    async find({ templateId }) {
      const draft = state.drafts.get(templateId);
      return draft ? { ...draft, ...copyPackage(draft) } : null;
    },
    async reset({ templateId, revision, baseVersionId, content, preview }) {
      assertTemplate(templateId);
      const known = state.drafts.get(templateId);
      if ((known?.revision ?? null) !== revision) return null;
      const draft: DraftRow = {
        template_id: templateId,
        revision: (revision ?? 0) + 1,
        base_version_id: baseVersionId,
        edited: false,
        ...copyPackage(content),
        source_buffer: null,
        preview: preview === undefined ? (known?.preview ?? null) : preview,
        updated_at: clock.now().toISOString(),
      };
      state.drafts.set(templateId, draft);
      return { ...draft, ...copyPackage(draft) };
    },
    async save({ templateId, revision, changes }) {
      const draft = at(templateId, revision);
      if (!draft) return null;
      const files = new Map(draft.files);
      for (const path of changes.remove) files.delete(path);
      for (const [path, bytes] of changes.put) files.set(path, bytes.slice());
      state.drafts.set(templateId, {
        ...draft,
        revision: revision + 1,
        edited: true,
        entryPoint: changes.entryPoint ?? draft.entryPoint,
        files: sorted(files),
        source_buffer: changes.sourceBuffer === undefined ? draft.source_buffer : changes.sourceBuffer,
        preview: changes.preview === undefined ? draft.preview : changes.preview,
        updated_at: clock.now().toISOString(),
      });
      return revision + 1;
    },
    async rebase({ templateId, revision, baseVersionId }) {
      const draft = state.drafts.get(templateId);
      if (!draft) return;
      const edited = draft.revision === revision ? false : draft.edited;
      state.drafts.set(templateId, { ...draft, base_version_id: baseVersionId, edited });
    },
    async addCheckpoint({ checkpoint }) {
      assertTemplate(checkpoint.template_id);
      const kept = state.draftCheckpoints.get(checkpoint.template_id) ?? [];
      const all = [{ ...checkpoint, ...copyPackage(checkpoint) }, ...kept];
      state.draftCheckpoints.set(checkpoint.template_id, all.slice(0, limits.draftCheckpoints));
    },
    async listCheckpoints({ templateId }) {
      const kept = state.draftCheckpoints.get(templateId) ?? [];
      return kept.map(({ checkpoint_id, template_id, label, base_version_id, created_at }) => ({
        checkpoint_id,
        template_id,
        label,
        base_version_id,
        created_at,
      }));
    },
    async findCheckpoint({ templateId, checkpointId }) {
      const found = state.draftCheckpoints.get(templateId)?.find((kept) => kept.checkpoint_id === checkpointId);
      return found ? { ...found, ...copyPackage(found) } : null;
    },
  };
}

/** Files come out by their path, whoever has stored them. */
export function copyPackage({ entryPoint, files }: WorkflowPackage): WorkflowPackage {
  return { entryPoint, files: sorted(new Map(Array.from(files, ([path, bytes]) => [path, bytes.slice()]))) };
}

function sorted(files: WorkflowPackage['files']): WorkflowPackage['files'] {
  return new Map([...files].sort(([a], [b]) => compareText(a, b)));
}
