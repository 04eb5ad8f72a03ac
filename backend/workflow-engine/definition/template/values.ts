/**
 * The values templates work with: JSON data, `undefined`, and the three special kinds below. Data is read in place
 * and never changed; whatever an operation makes is new.
 */

/** A value of ours that is no data: a loop, a namespace, a date. Reads go through `read`, never to the host object. */
export abstract class SpecialValue {
  abstract readonly typeName: string;
  /** The attribute, or undefined. */
  abstract read(key: string): unknown;
  /** The JSON form, for printing and for leaving the template. */
  abstract toData(): unknown;
}

/** What `namespace()` makes: the one thing that `{% set ns.x = … %}` may change. */
export class NamespaceValue extends SpecialValue {
  readonly typeName = 'a namespace';
  readonly entries = new Map<string, unknown>();

  read(key: string): unknown {
    return this.entries.get(key);
  }
  toData(): unknown {
    const data = emptyObject();
    for (const [key, value] of this.entries) data[key] = value;
    return data;
  }
}

/** One group of `groupby`: unpacks as `[grouper, list]` and has both as attributes. */
export class Group extends Array<unknown> {
  static of2(grouper: unknown, list: unknown[]): Group {
    const group = new Group();
    group.push(grouper, list);
    return group;
  }
}

/** Keys that reach for a prototype: undefined as key, attribute or filter argument (format.md 6.8). */
export function isForbiddenKey(key: string): boolean {
  return key === '__proto__' || key === 'constructor' || key === 'prototype';
}

/** A new object for results: without prototype, so no key of it is special. */
export function emptyObject(): Record<string, unknown> {
  return Object.create(null) as Record<string, unknown>;
}

/** `Array.isArray` that promises nothing about the items. */
export function isList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value);
}

/** True for an object of data: no list, no special value. */
export function isMapping(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof SpecialValue);
}

/** Whatever a root or a key holds, functions and symbols of the host left out. */
function asData(value: unknown): unknown {
  const type = typeof value;
  return type === 'function' || type === 'symbol' || type === 'bigint' ? undefined : value;
}

/** Reads an own key of an object of data; undefined for a key that it lacks or that is forbidden. */
export function ownValue(object: object, key: string): unknown {
  return Object.hasOwn(object, key) && !isForbiddenKey(key)
    ? asData((object as Record<string, unknown>)[key])
    : undefined;
}

/** `object.key` or `object[key]`, format.md 6.1 and 6.8. Anything that cannot be read is undefined. */
export function readMember(object: unknown, key: unknown): unknown {
  if (typeof key === 'string') {
    if (typeof object !== 'object' || object === null) return undefined;
    if (Array.isArray(object)) {
      if (!(object instanceof Group)) return undefined;
      return key === 'grouper' ? object[0] : key === 'list' ? object[1] : undefined;
    }
    if (object instanceof SpecialValue) return isForbiddenKey(key) ? undefined : object.read(key);
    return ownValue(object, key);
  }
  if (typeof key !== 'number' || !Number.isInteger(key)) return undefined;
  if (Array.isArray(object)) return asData(object[key < 0 ? object.length + key : key]);
  if (typeof object === 'string') return characterAt(object, key);
  // JSON has no number keys, so `{1: …}` and `d[1]` mean the text.
  return isMapping(object) ? ownValue(object, String(key)) : undefined;
}

/** What a value is called in an error message. */
export function typeName(value: unknown): string {
  if (value === undefined) return 'an undefined value';
  if (value === null) return 'none';
  if (typeof value === 'string') return 'a text';
  if (typeof value === 'number') return 'a number';
  if (typeof value === 'boolean') return 'a boolean';
  if (Array.isArray(value)) return 'a list';
  return value instanceof SpecialValue ? value.typeName : 'an object';
}

const surrogate = /[\ud800-\udfff]/;

/** True when the text holds characters outside the basic plane, so that indexes must count code points. */
export function isWide(text: string): boolean {
  return surrogate.test(text);
}

/** Characters (code points) of a text. */
export function characters(text: string): string[] {
  return isWide(text) ? Array.from(text) : text.split('');
}

/** Number of characters (code points), as `length` counts. */
export function characterCount(text: string): number {
  if (!isWide(text)) return text.length;
  let count = 0;
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    const next = unit >= 0xd800 && unit < 0xdc00 ? text.charCodeAt(at + 1) : 0;
    if (next >= 0xdc00 && next < 0xe000) at += 1;
    count += 1;
  }
  return count;
}

/** Characters `from` up to `to`, both counted from 0 and not negative. */
export function sliceCharacters(text: string, from: number, to: number): string {
  return isWide(text) ? Array.from(text).slice(from, to).join('') : text.slice(from, to);
}

function characterAt(text: string, index: number): string | undefined {
  if (!isWide(text)) return text[index < 0 ? text.length + index : index];
  return Array.from(text).at(index);
}
