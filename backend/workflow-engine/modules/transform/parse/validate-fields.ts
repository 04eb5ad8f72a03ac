import type { JsonObject } from '../../../models/json.ts';
import { compileSafeRegex } from '../../../schema/index.ts';
import type { FieldRules } from './settings.ts';

/**
 * Checks fields by their rules; a field that is absent is only asked whether it is required (format.md 14.10).
 *
 * @throws WfmError as `compileSafeRegex` for a pattern
 */
export function validateFields(
  item: JsonObject,
  rules: Record<string, FieldRules>,
  fail: (text: string) => void,
): void {
  for (const [field, rule] of Object.entries(rules)) {
    const value = Object.hasOwn(item, field) ? item[field] : undefined;
    if (value === undefined || value === null || value === '') {
      if (rule.required) fail(`${field} is required.`);
      continue;
    }
    for (const fault of faultsOf(value, rule, field)) fail(`${field} ${fault}.`);
  }
}

function faultsOf(value: unknown, { min, max, in: allowed, pattern }: FieldRules, field: string): string[] {
  const faults: string[] = [];
  const shown = JSON.stringify(value).slice(0, 100);
  const measured = typeof value === 'number' || (min ?? max ?? null) === null;
  if (!measured) faults.push(`must be a number, not ${shown}`);
  if (typeof value === 'number' && typeof min === 'number' && value < min)
    faults.push(`must be at least ${min}, not ${value}`);
  if (typeof value === 'number' && typeof max === 'number' && value > max)
    faults.push(`must be at most ${max}, not ${value}`);
  if (allowed && !allowed.includes(value)) faults.push(`is not among the allowed values: ${shown}`);
  if (typeof pattern === 'string') {
    const text = typeof value === 'string' ? value : shown;
    const matches = compileSafeRegex(pattern, `inputs.validation.${field}.pattern`).matchStart(text) !== null;
    if (!matches) faults.push(`does not have the asked form: ${shown}`);
  }
  return faults;
}
