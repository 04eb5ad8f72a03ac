import { costInUsd, finishedGeneration, generationNotFoundError, inOrder, roundUsd } from '../media-rules.ts';
import type { Generation, MediaStore } from '../media-store.ts';
import { decodeCursor, toPage } from '../store-rules.ts';
import { type MemoryState, requireRun } from './state.ts';

/** `MediaStore` in memory. */
export function memoryMedia(state: MemoryState): MediaStore {
  const ofRun = (runId: string) => state.runs.get(runId)?.generations ?? [];
  return {
    async create({ generation }) {
      const { generations } = requireRun(state, generation.workflow_run_id);
      const known = findGeneration(state, generation.metadata_id);
      if (known) return { ...known.generation };
      generations.push({ generation: { ...generation }, contents: [] });
      return { ...generation };
    },
    async finish(end) {
      const found = findGeneration(state, end.metadataId);
      if (!found) throw generationNotFoundError(end.metadataId);
      if (found.generation.status === 'pending') {
        found.generation = finishedGeneration(found.generation, end);
        found.contents = inOrder(end.contents).map((content) => ({ ...content }));
      }
      return handOut(found);
    },
    async find({ metadataId }) {
      const found = findGeneration(state, metadataId);
      return found ? handOut(found) : null;
    },
    async list({ runId, interactionId, limit, cursor }) {
      const after = cursor === undefined ? -1 : Number(decodeCursor(cursor, 1)[0]);
      const rows = ofRun(runId)
        .map((kept, at) => ({ kept, at }))
        .filter(
          ({ kept, at }) =>
            at > after && (interactionId === undefined || kept.generation.interaction_id === interactionId),
        );
      const page = toPage(rows.slice(0, limit + 1), limit, ({ at }) => [String(at)]);
      return { items: page.items.map(({ kept }) => handOut(kept)), next_cursor: page.next_cursor };
    },
    async content({ runId, contentId }) {
      const found = ofRun(runId)
        .flatMap(({ contents }) => contents)
        .find((content) => content.content_id === contentId);
      return found ? { ...found } : null;
    },
    async totals({ runId }) {
      const kept = ofRun(runId);
      const contents = kept.flatMap((generation) => generation.contents);
      return {
        generations: kept.length,
        contents: contents.length,
        bytes: contents.reduce((sum, { bytes }) => sum + bytes, 0),
        usd: roundUsd(kept.reduce((sum, { generation }) => sum + (costInUsd(generation.cost) ?? 0), 0)),
      };
    },
  };
}

function findGeneration(state: MemoryState, metadataId: string): Generation | undefined {
  for (const { generations } of state.runs.values()) {
    const found = generations.find(({ generation }) => generation.metadata_id === metadataId);
    if (found) return found;
  }
  return undefined;
}

function handOut({ generation, contents }: Generation): Generation {
  return { generation: { ...generation }, contents: contents.map((content) => ({ ...content })) };
}
