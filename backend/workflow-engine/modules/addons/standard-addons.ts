import type { Addon } from './addon.ts';
import { compatibility } from './compatibility.ts';
import { usageHistory } from './usage-history.ts';

/** Every addon that the product brings along. Adding one is adding its file and a line here. */
export const standardAddons: readonly Addon[] = [compatibility, usageHistory];

/** The addon of that id. */
export function findAddon(id: unknown): Addon | undefined {
  return standardAddons.find((addon) => addon.id === id);
}
