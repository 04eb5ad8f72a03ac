import type { z } from 'zod';
import type { Annotation } from '../../models/annotation.ts';
import type { JsonObject } from '../../models/json.ts';
import type { UsageScope, UsageStore } from '../../ports/usage-store.ts';

/**
 * An addon marks the items of a question (format.md 16). It describes itself as a module does; adding one is adding a
 * file and a line to standard-addons.ts. What it throws becomes a warning: it never stops a run.
 */

/** An item of a question, an object, and its path from the root of the data. */
export interface AddonItem {
  path: readonly (string | number)[];
  value: JsonObject;
}

/** What an addon says about an item; the engine adds who says it and how much it counts. */
export type Mark = Omit<Annotation, 'source' | 'priority'>;

export interface AddonContext {
  /** Whose question it is. */
  readonly scope: UsageScope;
  /** When the question is built, or when it was answered. */
  readonly now: Date;
  readonly usage: UsageStore;
}

export interface Addon<I extends z.ZodObject = z.ZodObject> {
  /** `addons.usage_history`. */
  id: string;
  title: string;
  /** One line. */
  description: string;
  /** Titles and descriptions in it become the inspector's form. */
  inputs: I;
  /** One mark an item, in the order of the items; null where there is nothing to say. */
  annotate(
    items: readonly AddonItem[],
    inputs: z.output<I>,
    context: AddonContext,
  ): Promise<(Mark | null)[]> | (Mark | null)[];
  /** Told what was chosen. May be told twice, after a crash, with the same time. */
  chosen?(items: readonly AddonItem[], inputs: z.output<I>, context: AddonContext): Promise<void>;
}

/** Keeps the types of one addon's own inputs; the engine parses inputs by `addon.inputs` before every call. */
export function defineAddon<I extends z.ZodObject>(addon: Addon<I>): Addon {
  return addon;
}
