import { canonicalJson } from '../definition/canonical-json.ts';
import type { Warning } from '../events/run-event.ts';
import type { RuleFailure } from '../models/execution.ts';
import { isJsonObject, type JsonObject } from '../models/json.ts';
import type { ValidationRule } from '../models/workflow.ts';
import { selectionCount } from '../modules/user/support/selection-count.ts';
import { validateAgainst } from '../schema/index.ts';

/** What the rules of the chosen option say about an answer (format.md 12.2). */
export interface ValidationVerdict {
  errors: RuleFailure[];
  /** Failing warnings that the person has not confirmed yet; they block until they are. */
  unconfirmed: RuleFailure[];
  notes: Warning[];
}

/**
 * Checks an answer by the rules that one side runs: the server its canonical form, a page what is about to be sent. The
 * question says whether several items may be chosen. Pure.
 */
export function validateAnswer(
  response: JsonObject,
  rules: readonly ValidationRule[],
  confirmed: readonly string[],
  question: { multi_select?: unknown } = {},
  side: 'server' | 'webui' = 'server',
): ValidationVerdict {
  const verdict: ValidationVerdict = { errors: [], unconfirmed: [], notes: [] };
  for (const rule of rules) {
    if (!rule.validator.includes(side)) continue;
    const passes = check(rule, response, question.multi_select !== false);
    if (passes === null) {
      verdict.notes.push({
        code: 'rule_unknown',
        params: { rule: rule.rule },
        message: `There is no validation rule "${rule.rule}"; it was ignored.`,
      });
    } else if (!passes) {
      const failure: RuleFailure = {
        id: rule.id,
        rule: rule.rule,
        message: rule.message || defaultMessage(rule),
        severity: rule.severity,
      };
      if (rule.field !== undefined) failure.field = rule.field;
      if (rule.severity === 'error') verdict.errors.push(failure);
      else if (!confirmed.includes(rule.id)) verdict.unconfirmed.push(failure);
    }
  }
  return verdict;
}

/** Null for a rule that does not exist. */
function check(rule: ValidationRule, response: JsonObject, several: boolean): boolean | null {
  const value = rule.field === undefined ? undefined : readPath(response, rule.field);
  switch (rule.rule) {
    case 'response_field_required':
      return value !== null && value !== undefined;
    case 'response_field_not_empty':
      return notEmpty(value);
    case 'response_field_equals':
      return equal(value, rule.value);
    case 'min_selections':
      return selectionCount(response.selected_indices, several) >= (rule.min ?? 1);
    case 'json_schema':
      return validateAgainst(rule.value, response).length === 0;
    default:
      return null;
  }
}

function notEmpty(value: unknown): boolean {
  if (Array.isArray(value)) return value.length > 0;
  if (isJsonObject(value)) return Object.keys(value).length > 0;
  return Boolean(value);
}

function equal(a: unknown, b: unknown): boolean {
  if (typeof a !== 'object' || typeof b !== 'object') return a === b;
  return canonicalJson(a) === canonicalJson(b);
}

function readPath(value: unknown, path: string): unknown {
  let current = value;
  for (const key of path.split('.')) {
    if (typeof current !== 'object' || current === null || !Object.hasOwn(current, key)) return undefined;
    current = (current as JsonObject)[key];
  }
  return current;
}

function defaultMessage(rule: ValidationRule): string {
  switch (rule.rule) {
    case 'min_selections':
      return `Choose at least ${rule.min ?? 1}.`;
    case 'response_field_required':
    case 'response_field_not_empty':
      return `${rule.field ?? 'This field'} is required.`;
    default:
      return `The answer does not pass the rule ${rule.id}.`;
  }
}
