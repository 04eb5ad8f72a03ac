import { z } from 'zod';

/** Anything that survives JSON unchanged. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** A JSON object whose values nobody has looked at yet. */
export type JsonObject = Record<string, unknown>;

export const jsonObjectSchema = z.record(z.string(), z.unknown());

/** True for an object that is neither null nor an array. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
