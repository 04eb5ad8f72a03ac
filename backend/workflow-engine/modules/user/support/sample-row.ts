import type { JsonObject } from '../../../models/json.ts';
import { sampleValue } from '../../../schema/index.ts';
import { judgingSchema } from './row-schema.ts';

/** A row with its required gaps filled by values that fit, the same ones every time (format.md 11.5). */
export function sampleRow(row: JsonObject, rowSchema: JsonObject): JsonObject {
  const judging = judgingSchema(rowSchema);
  const gaps = (judging['required'] as string[]).filter((name) => !Object.hasOwn(row, name));
  if (gaps.length === 0) return row;
  const named = judging['properties'] as JsonObject;
  const properties = Object.fromEntries(gaps.map((name) => [name, Object.hasOwn(named, name) ? named[name] : true]));
  const filled = sampleValue({ ...judging, properties, required: gaps }, { seed: 'sample' });
  return { ...(filled as JsonObject), ...row };
}
