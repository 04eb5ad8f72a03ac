import { z } from 'zod';
import type { JsonObject } from '../../models/json.ts';
import { field } from '../field.ts';
import { type AddonItem, defineAddon, type Mark } from './addon.ts';
import { colourMark } from './colour-mark.ts';

/** A month counts as 30 days: the rules say how fresh a choice is, not which day it was. */
const unitMs = { minute: 60_000, hour: 3_600_000, day: 86_400_000, week: 604_800_000, month: 2_592_000_000 };

const rule = z.object({
  min: field(z.number().optional(), 'From', 'Time since the last choice from which the colour counts.'),
  max: field(z.number().optional(), 'Until', 'Time since the last choice before which the colour counts.'),
  unit: field(z.enum(['minute', 'hour', 'day', 'week', 'month']).default('hour'), 'Unit', 'Unit of both times.'),
  max_hours: field(z.number().optional(), 'Until, in hours', 'The same as an upper bound in hours.'),
  color: field(z.string().max(100), 'Colour', 'A tone or a colour.'),
});
type Rule = z.output<typeof rule>;

/** Longest key that is remembered, in characters; what follows does not tell two items apart. */
const keyLength = 500;

/** Colours items by how long ago they were chosen, and remembers what is chosen (format.md 16). */
export const usageHistory = defineAddon({
  id: 'addons.usage_history',
  title: 'Usage history',
  description: 'Shows when each item was last chosen, over all runs of the workflow.',
  inputs: z.object({
    track_key_format: field(
      z.string().max(1000).default('{label}'),
      'Key',
      'What tells an item apart; {a.b} stands for a field.',
    ),
    colors: field(z.array(rule).max(100).default([]), 'Colours', 'Colours by the time since the last choice.'),
  }),
  async annotate(items, given, { scope, now, usage }) {
    const keys = items.map((item) => keyOf(item, given.track_key_format));
    const last = await usage.lastUsed({ scope, keys: [...new Set(keys.filter((key) => key !== ''))] });
    return keys.map((key): Mark | null => {
      if (key === '') return null;
      const time = last.get(key);
      const mark = time === undefined ? neverChosen(given.colors) : chosenBefore(given.colors, now, time);
      return Object.keys(mark).length > 0 ? mark : null;
    });
  },
  async chosen(items, given, { scope, now, usage }) {
    const keys = new Set(items.map((item) => keyOf(item, given.track_key_format)).filter((key) => key !== ''));
    if (keys.size > 0) await usage.touch({ scope, keys: [...keys], at: now.toISOString() });
  },
});

/** The key of an item: the format with its fields filled in; empty when nothing of it is left. */
function keyOf({ value }: AddonItem, format: string): string {
  const key = format.replaceAll(/\{([^{}]*)\}/g, (_, path: string) => textAt(value, path.trim())).trim();
  return [...key.toWellFormed()].slice(0, keyLength).join('');
}

function textAt(item: JsonObject, path: string): string {
  let node: unknown = item;
  for (const part of path.split('.')) {
    if (typeof node !== 'object' || node === null || !Object.hasOwn(node, part)) return '';
    node = (node as JsonObject)[part];
  }
  return typeof node === 'string' || typeof node === 'number' || typeof node === 'boolean' ? String(node) : '';
}

function chosenBefore(rules: readonly Rule[], now: Date, time: string): Mark {
  const elapsed = Math.max(0, now.getTime() - Date.parse(time));
  const first = rules.find((candidate) => {
    const { from, until } = spanOf(candidate);
    return from <= elapsed && elapsed < until;
  });
  return { badge: ago(elapsed), ...colourMark(first?.color) };
}

/** Never chosen is longest ago: the open rule that begins last, else the plain one. */
function neverChosen(rules: readonly Rule[]): Mark {
  let last: Rule | undefined;
  for (const candidate of rules) {
    const open = candidate.min !== undefined && spanOf(candidate).until === Number.POSITIVE_INFINITY;
    if (open && (last === undefined || spanOf(candidate).from > spanOf(last).from)) last = candidate;
  }
  last ??= rules.find(({ min, max, max_hours }) => min === undefined && max === undefined && max_hours === undefined);
  return colourMark(last?.color);
}

/** The times, in ms since the last choice, at which a rule begins and ends to hold. */
function spanOf({ min, max, unit, max_hours: hours }: Rule): { from: number; until: number } {
  const until = max === undefined ? (hours ?? Number.POSITIVE_INFINITY) * unitMs.hour : max * unitMs[unit];
  return { from: (min ?? 0) * unitMs[unit], until };
}

/** "3d ago": the largest unit of which there is a whole one. */
function ago(elapsed: number): string {
  const steps = [
    ['mo', unitMs.month],
    ['w', unitMs.week],
    ['d', unitMs.day],
    ['h', unitMs.hour],
    ['m', unitMs.minute],
  ] as const;
  const step = steps.find(([, ms]) => elapsed >= ms);
  return step ? `${Math.floor(elapsed / step[1])}${step[0]} ago` : 'just now';
}
