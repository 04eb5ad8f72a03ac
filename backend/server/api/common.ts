import type { OwnerRule } from '@wfm/http';
import { z } from 'zod';

/** Pieces that many routes share. */

export const pageQuery = {
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z.string().max(2000).optional(),
};

export const searchQuery = { ...pageQuery, q: z.string().max(200).optional() };

/** One page of a list (api.md). */
export function pageOf<T extends z.ZodType>(item: T) {
  return z.object({ items: z.array(item), next_cursor: z.string().nullable() });
}

/** ISO 8601 time or date in a query. */
export const timeSchema = z
  .string()
  .max(40)
  .refine((text) => /^\d{4}-\d{2}-\d{2}/.test(text) && !Number.isNaN(Date.parse(text)), 'It must be an ISO 8601 time.')
  .transform((text) => new Date(text).toISOString());

// Any text: a malformed id names nothing, which is 404 and not 400.
const id = z.string();

export const runParams = z.object({ run: id });
export const runOwner: OwnerRule = { kind: 'run', in: 'params', key: 'run' };
export const templateParams = z.object({ template: id });
/** The caller's own or a global one; `ownTemplate`: the caller's own. */
export const templateOwner: OwnerRule = { kind: 'template', in: 'params', key: 'template' };
export const ownTemplateOwner: OwnerRule = { kind: 'own_template', in: 'params', key: 'template' };

export const usageSchema = z.object({
  input_tokens: z.number().optional(),
  output_tokens: z.number().optional(),
  total_tokens: z.number().optional(),
  cached_input_tokens: z.number().optional(),
  reasoning_tokens: z.number().optional(),
  cost_usd: z.number().optional(),
  calls: z.number().optional(),
});

export const noContent = z.undefined().describe('Done; no body');

/** An answer that is not JSON, for the description. */
export function bytesOf(contentType: string, description: string) {
  return { description, content: { [contentType]: { schema: z.unknown() } } };
}
