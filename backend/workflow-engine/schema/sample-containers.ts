import type { Target } from './compile-schema.ts';
import { EndlessRecursion, largest, listOf, namesOf, smallest, valuesOf } from './gather.ts';
import { isJsonObject, type JsonObject, own, setOwn, sortedJson } from './json-values.ts';
import { compileSafeRegex } from './safe-regex.ts';
import { samplePattern } from './sample-pattern.ts';
import { itemName } from './sample-text.ts';
import { innerSite, type Sampler, type Site, Unsatisfiable } from './sampler.ts';

const mapEntries = 2;

/** A list as long as `minItems` says, else of the usual length, within `maxItems` (format.md 17.4). */
export function sampleArray(
  sampler: Sampler,
  site: Site,
  sources: JsonObject[],
  attempt: number,
): unknown[] | undefined {
  const least = largest(sources, 'minItems') ?? 0;
  const most = Math.min(smallest(sources, 'maxItems') ?? Number.POSITIVE_INFINITY, ...sources.map(closedLength));
  const wanted = sources.flatMap(containedNodes);
  const prefix = Math.max(0, ...sources.map((source) => listOf(own(source, 'prefixItems')).length));
  const usual =
    attempt < 10 ? Math.max(least || sampler.arrayLength, prefix, wanted.length) : Math.max(least, wanted.length);
  const length = Math.min(usual, most);
  if (length < least) return undefined;
  const unique = sources.some((source) => own(source, 'uniqueItems') === true);
  const items: unknown[] = [];
  const seen = new Set<string>();
  for (let index = 0; index < length; index++) {
    const nodes = [
      ...itemNodes(sources, index),
      ...(index >= length - wanted.length ? [wanted[index - length + wanted.length] ?? true] : []),
    ];
    const item = oneItem(sampler, innerSite(site, index, nodes, itemName(site.title, index)), unique ? seen : null);
    if (item === undefined) {
      if (items.length >= least) break;
      throw new Unsatisfiable(`${site.pointer}/${index}`);
    }
    seen.add(sortedJson(item));
    items.push(item);
  }
  return items;
}

/** Undefined when the item would recurse for ever, or repeats another one 20 times over. */
function oneItem(sampler: Sampler, site: Site, seen: Set<string> | null): unknown {
  for (let again = 0; again < 20; again++) {
    try {
      const item = sampler.make({ ...site, attempt: site.attempt + again });
      if (!seen?.has(sortedJson(item))) return item;
    } catch (thrown) {
      if (thrown instanceof EndlessRecursion) return undefined;
      throw thrown;
    }
  }
  return undefined;
}

function closedLength(source: JsonObject): number {
  return own(source, 'items') === false ? listOf(own(source, 'prefixItems')).length : Number.POSITIVE_INFINITY;
}

function containedNodes(source: JsonObject): Target[] {
  if (!Object.hasOwn(source, 'contains')) return [];
  const count = (own(source, 'minContains') as number | undefined) ?? 1;
  return Array.from({ length: Math.min(count, 1000) }, () => own(source, 'contains') as Target);
}

function itemNodes(sources: JsonObject[], index: number): Target[] {
  return sources.flatMap((source) => {
    const prefix = listOf(own(source, 'prefixItems'));
    const node = (index < prefix.length ? prefix[index] : (own(source, 'items') ?? own(source, 'unevaluatedItems'))) as
      | Target
      | undefined;
    return node === undefined ? [] : [node];
  });
}

/** An object with every property filled; later attempts leave optional ones out (format.md 17.4). */
export function sampleObject(
  sampler: Sampler,
  site: Site,
  sources: JsonObject[],
  attempt: number,
): JsonObject | undefined {
  const required = requiredNames(sources);
  const least = largest(sources, 'minProperties') ?? 0;
  const most = smallest(sources, 'maxProperties') ?? Number.POSITIVE_INFINITY;
  if (required.size > most) return undefined;
  const draw = sampler.drawAt(`${site.pointer}/~names`, site.attempt);
  const optional = namesOf(sources)
    .filter((name) => !required.has(name) && !memberNodes(sources, name).includes(false))
    .filter(() => attempt < 10 || (attempt < 15 && draw.int(0, 1) === 1));
  const names = [...required, ...optional.slice(0, Math.max(0, most - required.size))];
  const extra = Math.max(least - names.length, names.length === 0 && isMap(sources) ? Math.min(mapEntries, most) : 0);
  for (let number = 0; number < extra; number++) names.push(extraName(sampler, site, sources, names, number));

  const result: JsonObject = {};
  for (const name of names.sort()) {
    try {
      setOwn(result, name, sampler.make(innerSite(site, name, memberNodes(sources, name))));
    } catch (thrown) {
      if (!(thrown instanceof EndlessRecursion) || required.has(name)) throw thrown;
    }
  }
  return result;
}

function requiredNames(sources: JsonObject[]): Set<string> {
  const names = new Set(sources.flatMap((source) => listOf(own(source, 'required')) as string[]));
  const rules = sources.map((source) => own(source, 'dependentRequired')).filter(isJsonObject);
  // A set that grows while it is walked visits what was added.
  for (const name of new Set([...names, ...namesOf(sources)])) {
    for (const rule of rules) for (const needed of listOf(own(rule, name))) names.add(needed as string);
  }
  for (const name of names)
    for (const rule of rules) for (const needed of listOf(own(rule, name))) names.add(needed as string);
  return new Set([...names].sort());
}

/** What the sources ask of the property `name`. */
function memberNodes(sources: JsonObject[], name: string): Target[] {
  return sources.flatMap((source) => {
    const nodes: Target[] = [];
    const properties = own(source, 'properties');
    if (isJsonObject(properties) && Object.hasOwn(properties, name)) nodes.push(properties[name] as Target);
    const patterns = own(source, 'patternProperties');
    for (const pattern of isJsonObject(patterns) ? Object.keys(patterns).sort() : []) {
      if (compileSafeRegex(pattern).test(name)) nodes.push((patterns as JsonObject)[pattern] as Target);
    }
    const additional = own(source, 'additionalProperties') as Target | undefined;
    return nodes.length === 0 && additional !== undefined ? [additional] : nodes;
  });
}

/** A map has no names of its own but says what its values are like. */
function isMap(sources: JsonObject[]): boolean {
  return sources.some(
    (source) => isJsonObject(own(source, 'additionalProperties')) || Object.hasOwn(source, 'patternProperties'),
  );
}

function extraName(sampler: Sampler, site: Site, sources: JsonObject[], taken: string[], number: number): string {
  const rules = sources.map((source) => own(source, 'propertyNames')).filter((rule) => rule !== undefined);
  const patterns = sources
    .flatMap((source) => Object.keys((own(source, 'patternProperties') as JsonObject | undefined) ?? {}))
    .sort();
  for (let again = 0; again < 20; again++) {
    const pointer = `${site.pointer}/~name${number}`;
    const draw = sampler.drawAt(pointer, site.attempt + again);
    let name = `key_${number + 1 + again}`;
    if (rules.length > 0)
      name = String(
        sampler.make({
          ...site,
          nodes: [...(rules as Target[]), { type: 'string' }],
          pointer,
          attempt: site.attempt + again,
        }),
      );
    else if (patterns.length > 0 && (again % 2 === 0 || closed(sources)))
      name = samplePattern(draw.pick(patterns), draw) ?? name;
    if (name !== '__proto__' && !taken.includes(name) && !memberNodes(sources, name).includes(false)) return name;
  }
  throw new Unsatisfiable(site.pointer);
}

function closed(sources: JsonObject[]): boolean {
  return valuesOf(sources, 'additionalProperties', (value): value is boolean => value === false).length > 0;
}
