import { z } from 'zod';
import { isJsonObject, type JsonObject } from '../../models/json.ts';
import { field } from '../field.ts';
import { defineAddon, type Mark } from './addon.ts';
import { colourMark } from './colour-mark.ts';

/** Tags of one or more items: category → tag → its largest value. */
type Tags = Map<string, Map<string, number>>;

/** Says how well each item goes with what was chosen before, by tags that both have (format.md 16). */
export const compatibility = defineAddon({
  id: 'addons.compatibility',
  title: 'Compatibility',
  description: 'Shows how well each item matches earlier selections, by weighted tags.',
  inputs: z.object({
    source: field(z.unknown().optional(), 'Earlier selections', 'An item, or lists of items, each with "tags".'),
    colors: field(
      z
        .array(z.object({ min: z.number(), color: z.string().max(100) }))
        .max(100)
        .default([]),
      'Colours',
      'The first whose "min" the score reaches gives the colour.',
    ),
  }),
  annotate(items, given) {
    const source: Tags = new Map();
    collectSources(given.source, source);
    return items.map(({ value }): Mark | null => {
      const own: Tags = new Map();
      addTags(value, own);
      const score = scoreOf(own, source);
      if (score === null) return null;
      const color = given.colors.find(({ min }) => min <= score)?.color;
      return { badge: `${Math.round(score * 100)}% match`, ...colourMark(color) };
    });
  },
});

function collectSources(source: unknown, tags: Tags): void {
  const open: unknown[] = [source];
  while (open.length > 0) {
    const next = open.pop();
    if (Array.isArray(next)) for (const item of next as unknown[]) open.push(item);
    else if (isJsonObject(next)) addTags(next, tags);
  }
}

/** Adds the tags of an item, `{ category: [{ tag, value }] }`; what has another shape says nothing. */
function addTags(item: JsonObject, tags: Tags): void {
  const categories = Object.hasOwn(item, 'tags') ? item['tags'] : undefined;
  if (!isJsonObject(categories)) return;
  for (const [category, entries] of Object.entries(categories)) {
    if (!Array.isArray(entries)) continue;
    const known = tags.get(category) ?? new Map<string, number>();
    for (const entry of entries as unknown[]) {
      if (!isJsonObject(entry)) continue;
      const { tag, value } = entry;
      if (typeof tag !== 'string' || typeof value !== 'number') continue;
      known.set(tag, Math.max(known.get(tag) ?? Number.NEGATIVE_INFINITY, value));
    }
    if (known.size > 0) tags.set(category, known);
  }
}

/** The mean, over categories that both have, of the sum of the smaller values; null when they share no category. */
function scoreOf(own: Tags, source: Tags): number | null {
  const sums: number[] = [];
  for (const [category, tags] of own) {
    const others = source.get(category);
    if (!others) continue;
    let sum = 0;
    for (const [tag, value] of tags) sum += Math.min(value, others.get(tag) ?? 0);
    sums.push(sum);
  }
  return sums.length === 0 ? null : sums.reduce((total, sum) => total + sum, 0) / sums.length;
}
