import { isWfmError } from '../../../errors/index.ts';
import { isJsonObject, type JsonObject } from '../../../models/json.ts';
import { evaluateExpression } from '../support/expression.ts';
import type { ComputedField, Lookup } from './settings.ts';

type Fail = (text: string) => void;

const forbiddenFields = new Set(['__proto__', 'constructor', 'prototype']);

function read(item: JsonObject, field: string): unknown {
  return Object.hasOwn(item, field) ? item[field] : undefined;
}

function write(item: JsonObject, field: string, value: unknown, fail: Fail): void {
  if (forbiddenFields.has(field)) fail(`no field may be called ${field}.`);
  else item[field] = value;
}

/** Texts as the wanted types; a text that is none stays, and is a failure. */
export function convertTypes(
  item: JsonObject,
  types: Record<string, 'int' | 'float' | 'bool' | 'string'>,
  fail: Fail,
): void {
  for (const [field, type] of Object.entries(types)) {
    const text = read(item, field);
    if (typeof text !== 'string' || type === 'string') continue;
    const value = converted(text.trim(), type);
    if (value === undefined) fail(`${field} is no ${type}: ${text.slice(0, 100)}`);
    else item[field] = value;
  }
}

function converted(text: string, type: 'int' | 'float' | 'bool'): number | boolean | undefined {
  if (type === 'bool') {
    if (/^(?:true|yes|y|on|1)$/i.test(text)) return true;
    return /^(?:false|no|n|off|0)$/i.test(text) ? false : undefined;
  }
  const form =
    type === 'int' ? /^[+-]?\d{1,15}$/ : /^[+-]?(?:\d{1,300}(?:\.\d{0,300})?|\.\d{1,300})(?:[eE][+-]?\d{1,3})?$/;
  const value = Number(text);
  return form.test(text) && Number.isFinite(value) ? value : undefined;
}

/** Replaces values by others, the old one kept beside it; a value without a replacement stays. */
export function mapValues(item: JsonObject, mappings: Record<string, JsonObject>): void {
  for (const [field, mapping] of Object.entries(mappings)) {
    const value = read(item, field);
    const key =
      typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined;
    if (key === undefined || !Object.hasOwn(mapping, key)) continue;
    item[`${field}_original`] = value;
    item[field] = mapping[key];
  }
}

/** A lookup ready for many items: what it finds for a value, undefined for nothing. */
export interface PreparedLookup extends Lookup {
  find: (value: unknown) => unknown;
}

/**
 * How a lookup finds: the item whose `match_field` is equal as text; or, where a position offset is given or no item
 * has that field, the one at that place (people count from 1, so the default offset is -1).
 */
export function prepareLookup(lookup: Lookup): PreparedLookup {
  const { source, match_field, position_offset } = lookup;
  const key = match_field ?? 'id';
  const byId = new Map<string, unknown>();
  for (const entry of source) {
    if (!isJsonObject(entry) || !Object.hasOwn(entry, key)) continue;
    const id = String(entry[key]);
    if (!byId.has(id)) byId.set(id, entry);
  }
  const byPosition = (value: unknown) => {
    const position = Number(value) + (position_offset ?? -1);
    return Number.isInteger(position) && position >= 0 ? source[position] : undefined;
  };
  const matches = byId.size > 0 && (position_offset === undefined || position_offset === null);
  return { ...lookup, find: matches ? (value) => byId.get(String(value)) : byPosition };
}

/** Puts what a field stands for beside it; null, and a failure where it is required, when nothing is found. */
export function lookUp(item: JsonObject, lookups: readonly PreparedLookup[], fail: Fail): void {
  for (const lookup of lookups) {
    const value = read(item, lookup.field);
    const target = lookup.output_field ?? `${lookup.field}_resolved`;
    const found = value === undefined || value === null ? undefined : lookup.find(value);
    write(item, target, found ?? null, fail);
    if (found === undefined && lookup.required)
      fail(`nothing is found for ${lookup.field} ${JSON.stringify(value ?? null).slice(0, 100)}.`);
  }
}

/** Fields made by expressions over those that are there already, in the order written. */
export function compute(item: JsonObject, computed: readonly ComputedField[], fail: Fail): void {
  for (const { field, expression } of computed) {
    try {
      write(item, field, evaluateExpression(expression, item), fail);
    } catch (thrown) {
      if (!isWfmError(thrown)) throw thrown;
      fail(`${field} could not be computed. ${thrown.message}`);
    }
  }
}
