import type { Execution } from '../../interaction/host.ts';
import type { BlockSource } from './block-source.ts';
import type { MadeItem } from './made-items.ts';

/** An item belongs to the block under whose key it was ordered; a block for any provider has all of its prompt. */
export function isOf(block: BlockSource, { promptKey, promptId }: Pick<MadeItem, 'promptKey' | 'promptId'>): boolean {
  return block.provider === undefined ? promptId === block.promptId : promptKey === block.promptKey;
}

/** True for what was ordered from the block, here or in another tab. */
export function isOrderedBy(block: BlockSource, { params, subActionId }: Execution): boolean {
  if (subActionId !== block.subActionId || !params) return false;
  const { prompt_key: key, prompt_id: id, provider } = params;
  const promptId = plain(id) ?? 'default';
  return isOf(block, { promptId, promptKey: plain(key) ?? `${plain(provider) ?? ''}:${promptId}` });
}

const plain = (value: unknown): string | undefined =>
  typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;
