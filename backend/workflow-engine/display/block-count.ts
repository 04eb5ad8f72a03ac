import { isJsonObject } from '../models/json.ts';
import type { Block } from './view-model.ts';
import { evaluateHint, rootScope } from './view-scope.ts';

/**
 * How many items a block asks for: its `count`, a number or a template over its data node (format.md 18.4); undefined
 * where it does not say, or says no whole number from 1 on.
 */
export function blockCount({ generate }: Pick<Block, 'generate'>, node: unknown, state?: unknown): number | undefined {
  const { count } = generate;
  const values = isJsonObject(node) ? node : {};
  const found = evaluateHint(count, values, rootScope({ data: values, state }))?.value;
  const number = typeof found === 'string' && found.trim() !== '' ? Number(found) : found;
  return typeof number === 'number' && Number.isInteger(number) && number >= 1 ? number : undefined;
}
