import type { Generation, MediaFiles, MediaStore } from '@wfm/workflow-engine/ports';
import type { ZipItem } from '../utils/zip-stream.ts';

const PAGE = 200;

/** All that a run has generated, oldest first. */
export async function allGenerations(store: MediaStore, runId: string): Promise<Generation[]> {
  const all: Generation[] = [];
  let cursor: string | undefined;
  do {
    const page = await store.list({ runId, limit: PAGE, ...(cursor === undefined ? {} : { cursor }) });
    all.push(...page.items);
    cursor = page.next_cursor ?? undefined;
  } while (cursor !== undefined);
  return all;
}

/** The contents as files of a ZIP, by step and module; of one step where it is named. */
export function mediaItems(generations: readonly Generation[], step: string | undefined, files: MediaFiles): ZipItem[] {
  return generations
    .filter(({ generation }) => step === undefined || generation.step_id === step)
    .flatMap(({ generation, contents }) =>
      contents.map((content) => ({
        folders: ['media', generation.step_id, generation.module_name],
        filename: `${generation.provider}-${content.content_id}.${content.extension}`,
        createdAt: content.stored_at,
        isPacked: true,
        open: async () => (await files.read({ runId: content.workflow_run_id, sha256: content.sha256 }))?.data ?? null,
      })),
    );
}
