import { z } from 'zod';
import type { Addon } from './addon.ts';
import { compatibility } from './compatibility.ts';
import { usageHistory } from './usage-history.ts';

/** Every addon that the product brings along. Adding one is adding its file and a line here. */
export const standardAddons: readonly Addon[] = [compatibility, usageHistory];

/** The addon of that id. */
export function findAddon(id: unknown): Addon | undefined {
  return standardAddons.find((addon) => addon.id === id);
}

/** What an addon tells about itself over the wire (`GET /modules`). Its inputs are a JSON Schema 2020-12. */
export interface AddonDescription {
  addon_id: string;
  title: string;
  description: string;
  inputs: unknown;
}

export function describeAddons(): AddonDescription[] {
  return standardAddons.map(({ id, title, description, inputs }) => ({
    addon_id: id,
    title,
    description,
    inputs: z.toJSONSchema(inputs, { io: 'input', unrepresentable: 'any' }),
  }));
}
