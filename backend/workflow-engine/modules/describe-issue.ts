import type { z } from 'zod';

const kinds: Record<string, string> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  record: 'an object',
  null: 'null',
  nonoptional: 'given',
};

function kindOf(value: unknown): string {
  if (value === null) return 'null';
  if (value === undefined) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'number' && !Number.isInteger(value)) return 'a number with a fraction';
  return kinds[typeof value] ?? `a ${typeof value}`;
}

/** The value at a path, by own members only; undefined where the path leads nowhere. */
export function valueAt(root: unknown, path: readonly PropertyKey[]): unknown {
  let node: unknown = root;
  for (const key of path) {
    if (typeof node !== 'object' || node === null || !Object.hasOwn(node, key)) return undefined;
    node = (node as Record<PropertyKey, unknown>)[key];
  }
  return node;
}

/** A fault found by a schema, as the end of a sentence about the value (`must be a list, not text`), with params. */
export function describeIssue(
  issue: z.core.$ZodIssue,
  value: unknown,
): { text: string; params: Record<string, unknown> } {
  switch (issue.code) {
    case 'invalid_type': {
      const expected = kinds[issue.expected] ?? issue.expected;
      if (value === undefined) return { text: 'is missing', params: { expected: issue.expected } };
      return {
        text: `must be ${expected}, not ${kindOf(value)}`,
        params: { expected: issue.expected, actual: kindOf(value) },
      };
    }
    case 'invalid_value': {
      const allowed = issue.values.map(String);
      return { text: `must be ${allowed.length > 1 ? 'one of ' : ''}${allowed.join(', ')}`, params: { allowed } };
    }
    case 'too_small': {
      const minimum = Number(issue.minimum);
      return { text: `must ${measure(issue.origin)} at least ${minimum}${unit(issue.origin)}`, params: { minimum } };
    }
    case 'too_big': {
      const maximum = Number(issue.maximum);
      return { text: `must ${measure(issue.origin)} at most ${maximum}${unit(issue.origin)}`, params: { maximum } };
    }
    case 'invalid_union':
      return { text: `has none of the allowed forms (it is ${kindOf(value)})`, params: { actual: kindOf(value) } };
    default:
      return { text: `is not valid: ${issue.message}`, params: {} };
  }
}

function measure(origin: string): string {
  return unit(origin) === '' ? 'be' : 'have';
}

function unit(origin: string): string {
  if (origin === 'string') return ' characters';
  return origin === 'array' || origin === 'set' ? ' items' : '';
}
