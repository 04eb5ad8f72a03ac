import { capital, compare, sortOrder } from '../compare.ts';
import { add } from '../operators.ts';
import { jsonText, print } from '../print.ts';
import type { Run } from '../run.ts';
import { characterCount, characters, Group, isMapping, isWide, typeName } from '../values.ts';
import { attributeReader } from './attribute.ts';
import { filter, integerOf, itemsOf, stringOf } from './filter.ts';

function lengthOf(run: Run, value: unknown): number {
  if (value === undefined) return 0;
  if (Array.isArray(value)) return value.length;
  if (typeof value === 'string') {
    run.chargeScan(value.length);
    if (isWide(value)) run.chargeCharacters(value.length);
    return characterCount(value);
  }
  if (isMapping(value)) return itemsOf(run, value).length;
  return run.fail(`${capital(typeName(value))} has no length`);
}

/** Only lists are joined; anything else prints as text (format.md 6.2). */
function join(run: Run, value: unknown, [between, attribute]: readonly unknown[]): string {
  if (!Array.isArray(value)) return print(run, value);
  const separator = stringOf(run, between, '');
  const read = attributeReader(run, attribute);
  let joined = '';
  for (const [index, item] of value.entries()) {
    const piece = print(run, read(item));
    run.charge(1 + ((piece.length + separator.length) >>> 6));
    joined += index === 0 ? piece : separator + piece;
    run.checkText(joined.length);
  }
  return joined;
}

function first(run: Run, value: unknown): unknown {
  return Array.isArray(value) ? value[0] : itemsOf(run, value)[0];
}

function last(run: Run, value: unknown): unknown {
  return Array.isArray(value) ? value.at(-1) : itemsOf(run, value).at(-1);
}

function batch(run: Run, value: unknown, [count, fill]: readonly unknown[]): unknown[][] {
  const size = integerOf(run, count, 'linecount', 0);
  if (size < 1) run.fail('"linecount" of batch must be at least 1');
  const items = itemsOf(run, value);
  const rows: unknown[][] = [];
  for (let at = 0; at < items.length; at += size) rows.push(items.slice(at, at + size));
  const short = rows.at(-1);
  if (short && isGiven(fill)) {
    run.charge(size - short.length);
    while (short.length < size) short.push(fill);
  }
  return rows;
}

/** `slices` columns of lengths that differ by one at most; the shorter ones filled, when a filling is given. */
function slice(run: Run, value: unknown, [count, fill]: readonly unknown[]): unknown[][] {
  const slices = integerOf(run, count, 'slices', 0);
  if (slices < 1) run.fail('"slices" of slice must be at least 1');
  run.charge(slices);
  const items = itemsOf(run, value);
  const short = Math.floor(items.length / slices);
  const longer = items.length % slices;
  let at = 0;
  return Array.from({ length: slices }, (_, index) => {
    const size = short + (index < longer ? 1 : 0);
    const column = items.slice(at, at + size);
    at += size;
    if (isGiven(fill) && index >= longer && longer > 0) column.push(fill);
    return column;
  });
}

function isGiven(value: unknown): boolean {
  return value !== undefined && value !== null;
}

function reverse(run: Run, value: unknown): unknown {
  if (typeof value !== 'string') return itemsOf(run, value).toReversed();
  run.chargeText(value.length);
  run.chargeCharacters(value.length);
  return characters(value).reverse().join('');
}

/** What an item is sorted and told apart by: its attribute, texts in lower case unless case matters. */
function keyReader(run: Run, attribute: unknown, caseSensitive: unknown): (item: unknown) => unknown {
  const read = attributeReader(run, attribute);
  return (item) => {
    const key = read(item);
    if (typeof key !== 'string' || caseSensitive) return key;
    run.chargeText(key.length);
    return key.toLowerCase();
  };
}

/** Stable order by one or several keys. */
function sortBy<T>(run: Run, items: readonly T[], readers: ((item: T) => unknown)[], reversed: unknown): T[] {
  const keyed = items.map((item) => ({ item, keys: readers.map((read) => read(item)) }));
  const sign = reversed ? -1 : 1;
  keyed.sort((a, b) => {
    for (let index = 0; index < a.keys.length; index += 1) {
      run.charge(1);
      const order = sortOrder(run, a.keys[index], b.keys[index]);
      if (order !== 0) return sign * order;
    }
    return 0;
  });
  return keyed.map((entry) => entry.item);
}

function sort(run: Run, value: unknown, [reversed, caseSensitive, attribute]: readonly unknown[]): unknown[] {
  const names = typeof attribute === 'string' ? attribute.split(',', 16).map((name) => name.trim()) : [attribute];
  const readers = names.map((name) => keyReader(run, name, caseSensitive));
  return sortBy(run, itemsOf(run, value), readers, reversed);
}

function dictSort(run: Run, value: unknown, [caseSensitive, by, reversed]: readonly unknown[]): unknown[] {
  const pairs = pairsOf(run, value, 'dictsort');
  const side = stringOf(run, by, 'key');
  if (side !== 'key' && side !== 'value') run.fail('"by" of dictsort is "key" or "value"');
  return sortBy(run, pairs, [keyReader(run, side === 'key' ? 0 : 1, caseSensitive)], reversed);
}

function pairsOf(run: Run, value: unknown, what: string): [string, unknown][] {
  if (value === undefined) return [];
  if (!isMapping(value)) return run.fail(`${what} needs an object, not ${typeName(value)}`);
  const pairs = Object.entries(value);
  run.charge(4 * pairs.length);
  return pairs;
}

/** Groups in the order of their key; each is `[grouper, list]`, with the key as its first item spells it. */
function groupBy(run: Run, value: unknown, [attribute, fallback, caseSensitive]: readonly unknown[]): Group[] {
  const spelt = attributeReader(run, attribute, { fallback });
  const key = (item: unknown): unknown => {
    const raw = spelt(item);
    return typeof raw === 'string' && !caseSensitive ? raw.toLowerCase() : raw;
  };
  const groups: { key: unknown; group: Group }[] = [];
  for (const item of sortBy(run, itemsOf(run, value), [key], false)) {
    const itemKey = key(item);
    const newest = groups.at(-1);
    if (newest && sortOrder(run, newest.key, itemKey) === 0) (newest.group[1] as unknown[]).push(item);
    else groups.push({ key: itemKey, group: Group.of2(spelt(item), [item]) });
  }
  return groups.map((entry) => entry.group);
}

function unique(run: Run, value: unknown, [caseSensitive, attribute]: readonly unknown[]): unknown[] {
  const read = keyReader(run, attribute, caseSensitive);
  const seen = new Set<unknown>();
  return itemsOf(run, value).filter((item) => {
    const key = read(item);
    // Lists and objects are told apart by their JSON; the mark keeps them from meeting a text that looks like it.
    const identity = typeof key === 'object' && key !== null ? `\u0000${jsonText(run, key)}` : key;
    const isNew = !seen.has(identity);
    seen.add(identity);
    return isNew;
  });
}

function extreme(run: Run, value: unknown, [caseSensitive, attribute]: readonly unknown[], sign: 1 | -1): unknown {
  const read = keyReader(run, attribute, caseSensitive);
  let best: { item: unknown; key: unknown } | null = null;
  for (const item of itemsOf(run, value)) {
    const key = read(item);
    run.charge(1);
    if (key === undefined) continue;
    if (best === null || sign * compare(run, key, best.key) > 0) best = { item, key };
  }
  return best?.item;
}

function sum(run: Run, value: unknown, [attribute, start]: readonly unknown[]): unknown {
  const read = attributeReader(run, attribute);
  let total: unknown = start ?? 0;
  for (const item of itemsOf(run, value)) {
    total = add(run, total, read(item));
    if (total === undefined) return undefined;
  }
  return total;
}

/** List filters of format.md 6.2. Undefined is the empty list for all of them (6.6). */
export const listFilters = [
  filter('batch', ['linecount!', 'fill_with'], batch),
  filter('count', [], lengthOf),
  filter('dictsort', ['case_sensitive', 'by', 'reverse'], dictSort),
  filter('first', [], first),
  filter('groupby', ['attribute!', 'default', 'case_sensitive'], groupBy),
  filter('items', [], (run, value) => pairsOf(run, value, 'items')),
  filter('join', ['d', 'attribute'], join),
  filter('last', [], last),
  filter('length', [], lengthOf),
  filter('list', [], (run, value) => [...itemsOf(run, value)]),
  filter('max', ['case_sensitive', 'attribute'], (run, value, args) => extreme(run, value, args, 1)),
  filter('min', ['case_sensitive', 'attribute'], (run, value, args) => extreme(run, value, args, -1)),
  filter('reverse', [], reverse),
  filter('slice', ['slices!', 'fill_with'], slice),
  filter('sort', ['reverse', 'case_sensitive', 'attribute'], sort),
  filter('sum', ['attribute', 'start'], sum),
  filter('unique', ['case_sensitive', 'attribute'], unique),
];
