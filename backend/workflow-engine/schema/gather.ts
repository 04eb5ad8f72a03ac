import type { CompiledSchema, Target } from './compile-schema.ts';
import { isJsonObject, type JsonObject, own } from './json-values.ts';

/** Which `$ref` targets have been entered on the way from the root, and how often. */
export type Trail = ReadonlyMap<Target, number>;

/** Thrown where a schema can only be met by going round once more; an optional place is then left out. */
export class EndlessRecursion extends Error {}

/** One way through all `anyOf`, `oneOf` and `if` of a place; `next` moves on to another. */
export class Choices {
  #taken: number[] = [];
  #sizes: number[] = [];
  #at = 0;

  /** Picks one of `size` branches: the first, unless `next` has moved on. */
  choose(size: number): number {
    const index = this.#at++;
    this.#sizes[index] = size;
    return Math.min((this.#taken[index] ??= 0), size - 1);
  }

  /** Starts over with the next combination, the last choice changing fastest. False when there is none. */
  next(): boolean {
    this.#taken.length = this.#at;
    this.#at = 0;
    for (let index = this.#taken.length - 1; index >= 0; index--) {
      const taken = (this.#taken[index] ?? 0) + 1;
      if (taken < (this.#sizes[index] ?? 0)) {
        this.#taken[index] = taken;
        return true;
      }
      this.#taken.length = index;
    }
    return false;
  }
}

export interface Gathered {
  /** Schemas whose plain keywords must all hold; null when one of them allows nothing. */
  sources: JsonObject[] | null;
  trail: Trail;
}

const maxRounds = 2;

/**
 * Flattens schemas that must all hold into plain ones: follows `$ref`, opens `allOf`, takes one branch of each choice,
 * and `dependentSchemas` for every property that some source names.
 *
 * @throws EndlessRecursion when a `$ref` has already been entered twice on the way here
 */
export function gather(compiled: CompiledSchema, nodes: readonly Target[], choices: Choices, trail: Trail): Gathered {
  const sources: JsonObject[] = [];
  const entered = new Map(trail);
  let possible = true;
  const visit = (node: unknown): void => {
    if (node === false) possible = false;
    if (!isJsonObject(node) || sources.includes(node)) return;
    sources.push(node);
    for (const keyword of ['$ref', '$dynamicRef'] as const) {
      if (!Object.hasOwn(node, keyword)) continue;
      const target = compiled.target(node, keyword);
      const rounds = (entered.get(target) ?? 0) + 1;
      if (rounds > maxRounds) throw new EndlessRecursion('recursion');
      entered.set(target, rounds);
      visit(target);
    }
    for (const schema of listOf(own(node, 'allOf'))) visit(schema);
    for (const keyword of ['anyOf', 'oneOf']) {
      const branches = listOf(own(node, keyword));
      if (branches.length > 0) visit(branches[choices.choose(branches.length)]);
    }
    if (Object.hasOwn(node, 'if')) {
      if (choices.choose(2) === 0) [own(node, 'if'), own(node, 'then')].forEach(visit);
      else visit(own(node, 'else'));
    }
  };
  nodes.forEach(visit);
  // The list grows while it is walked: a dependent schema may bring properties that others depend on.
  for (const source of sources) {
    const dependents = own(source, 'dependentSchemas');
    if (!isJsonObject(dependents)) continue;
    for (const name of Object.keys(dependents).sort()) if (namesOf(sources).includes(name)) visit(dependents[name]);
  }
  return { sources: possible ? sources : null, trail: entered };
}

/** Every property that the sources name or require, sorted: the order of keys in a schema must not matter. */
export function namesOf(sources: readonly JsonObject[]): string[] {
  const names = new Set<string>();
  for (const source of sources) {
    const properties = own(source, 'properties');
    if (isJsonObject(properties)) for (const name of Object.keys(properties)) names.add(name);
    for (const name of listOf(own(source, 'required'))) names.add(name as string);
  }
  return [...names].sort();
}

/** A list, or an empty one. */
export function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

/** The values that the sources give a keyword, those of one type only. */
export function valuesOf<T>(
  sources: readonly JsonObject[],
  keyword: string,
  isKind: (value: unknown) => value is T,
): T[] {
  return sources.map((source) => own(source, keyword)).filter(isKind);
}

export const isNumber = (value: unknown): value is number => typeof value === 'number';
export const isString = (value: unknown): value is string => typeof value === 'string';

/** The strictest lower bound the sources give, or undefined. */
export function largest(sources: readonly JsonObject[], keyword: string): number | undefined {
  const values = valuesOf(sources, keyword, isNumber);
  return values.length === 0 ? undefined : Math.max(...values);
}

/** The strictest upper bound the sources give, or undefined. */
export function smallest(sources: readonly JsonObject[], keyword: string): number | undefined {
  const values = valuesOf(sources, keyword, isNumber);
  return values.length === 0 ? undefined : Math.min(...values);
}
