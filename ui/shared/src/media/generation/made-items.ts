import { isJsonObject, promptText } from '@wfm/workflow-engine/models';
import type { MediaItem } from '../media-item.ts';

/** A file that was made for the question. */
export interface MadeItem extends MediaItem {
  promptKey: string;
  promptId: string;
}

const recordsIn = (list: unknown): Record<string, unknown>[] => (Array.isArray(list) ? list.filter(isJsonObject) : []);
const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');
const numberOf = (value: unknown): number | undefined => (typeof value === 'number' ? value : undefined);

/**
 * What was made for a question (format.md 15.4), newest first; items of one go keep their order. `otherBranch` is the
 * word for what was made on a line that was left.
 */
export function madeItems(generations: unknown, otherBranch: string): MadeItem[] {
  if (!isJsonObject(generations)) return [];
  return Object.entries(generations).flatMap(([promptKey, list]) =>
    recordsIn(list)
      .toReversed()
      .flatMap((generation) => itemsOf(promptKey, generation, otherBranch)),
  );
}

function itemsOf(promptKey: string, generation: Record<string, unknown>, otherBranch: string): MadeItem[] {
  const params = isJsonObject(generation.request_params) ? generation.request_params : {};
  const alt = promptText(params, generation.source_data);
  return recordsIn(generation.content_items).map((item) => {
    const [width, height] = [numberOf(item.width), numberOf(item.height)];
    const durationMs = numberOf(item.duration_ms);
    const seed = numberOf(item.seed) ?? numberOf(params.seed);
    const made: MadeItem = {
      id: textOf(item.content_id),
      url: textOf(item.url),
      mime: textOf(item.mime),
      alt,
      promptKey,
      promptId: textOf(generation.prompt_id),
      provider: textOf(generation.provider),
      params,
    };
    if (width !== undefined && height !== undefined) Object.assign(made, { width, height });
    if (durationMs !== undefined) made.durationMs = durationMs;
    if (seed !== undefined) made.seed = seed;
    if (typeof item.preview === 'string') made.posterUrl = item.preview;
    if (generation.other_branch === true) made.note = otherBranch;
    return made;
  });
}
