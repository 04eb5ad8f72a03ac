import { formatPlace } from '@wfm/workflow-engine/definition';
import { type ErrorItem, WfmError } from '@wfm/workflow-engine/errors';
import type { z } from 'zod';

type Parsed = { value: unknown } | { error: Error };
type Issue = z.core.$ZodIssue;

/** More faults than this help nobody. */
const MAX_ITEMS = 50;

/** Fastify's validator: parses by a zod schema; faults become one `request_invalid` with a path each. */
export function compileValidator({ schema }: { schema: z.ZodType }): (data: unknown) => Parsed {
  return (data) => {
    const result = schema.safeParse(data);
    if (result.success) return { value: result.data };
    const errors = result.error.issues.flatMap(itemsOf).slice(0, MAX_ITEMS);
    const first = errors[0];
    const where = first === undefined || first.path === '' ? '' : `${first.path}: `;
    return {
      error: new WfmError('request_invalid', `${where}${first?.message ?? 'The request is not valid.'}`, { errors }),
    };
  };
}

function itemsOf(issue: Issue): ErrorItem[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) =>
      item([...issue.path, key], { problem: 'unknown_field' }, `There is no field "${key}" here.`),
    );
  }
  return [item(issue.path, { problem: issue.code }, issue.message)];
}

function item(path: PropertyKey[], params: Record<string, unknown>, message: string): ErrorItem {
  const segments = path.map((key) => (typeof key === 'number' ? key : String(key)));
  return { path: formatPlace(segments), code: 'request_invalid', params, message };
}
