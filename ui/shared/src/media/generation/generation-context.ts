import { createContext, useContext } from 'react';
import type { Execution } from '../../interaction/host.ts';
import type { MediaItem } from '../media-item.ts';
import type { BlockSource } from './block-source.ts';
import type { BlockDraft, GenerationHost, MediaRequest } from './generation-types.ts';
import type { MadeItem } from './made-items.ts';
import type { MediaProvider } from './use-providers.ts';

/** What the blocks of one question share. */
export interface Generation {
  request: MediaRequest;
  host: GenerationHost;
  blocks: readonly BlockSource[];
  items: readonly MadeItem[];
  executions: readonly Execution[];
  providers: readonly MediaProvider[];
  chosen: string | null;
  disabled: boolean;
  draftOf: (block: BlockSource) => BlockDraft;
  keep: (block: BlockSource, change: Partial<BlockDraft>) => void;
  /** Orders what the block's button orders. Throws `ApiError`. */
  order: (block: BlockSource, orders: readonly Record<string, unknown>[], feedback?: string) => Promise<void>;
  choose: (item: MediaItem) => void;
  use: (item: MediaItem) => void;
  cancel: (executionId: string) => void;
  retry: (failed: Execution) => void;
  dismiss: (executionId: string) => void;
  isDismissed: (executionId: string) => boolean;
}

export const GenerationContext = createContext<Generation | null>(null);

export function useGeneration(): Generation {
  const generation = useContext(GenerationContext);
  if (!generation) throw new TypeError('a block stands outside of its question');
  return generation;
}
