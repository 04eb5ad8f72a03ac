import type { z } from 'zod';
import { type ErrorItem, WfmError } from '../errors/index.ts';
import type { Warning } from '../events/run-event.ts';
import { isJsonObject, type JsonObject } from '../models/json.ts';
import { appendKey } from '../schema/location.ts';
import { describeIssue, valueAt } from './describe-issue.ts';
import type { Module } from './module.ts';
import { plainJson } from './plain-json.ts';

interface InputPlan {
  required: Set<string>;
  /** Required inputs that take null. */
  nullable: Set<string>;
  /** What stands for null in a required input of an older package (format.md 25.1): the empty value that it takes. */
  blanks: Map<string, unknown>;
  /** The module takes inputs of any name. */
  open: boolean;
}
/** A module, or an addon, as far as its inputs go. */
type TakesInputs = Pick<Module, 'id' | 'inputs' | 'nullableInputs'>;

const plans = new WeakMap<TakesInputs, InputPlan>();

function planOf(module: TakesInputs): InputPlan {
  let plan = plans.get(module);
  if (!plan) {
    const names = Object.entries(module.inputs.shape).filter(
      ([, schema]) => (schema as z.ZodType)._zod.optin === undefined,
    );
    const blanks = names.flatMap(([name, schema]): [string, unknown][] => {
      const blank = [null, '', [], {}].find((value) => (schema as z.ZodType).safeParse(value).success);
      return blank === undefined ? [] : [[name, blank]];
    });
    plan = {
      blanks: new Map(blanks),
      required: new Set(names.map(([name]) => name)),
      nullable: new Set(module.nullableInputs ?? []),
      open: module.inputs.def.catchall !== undefined,
    };
    plans.set(module, plan);
  }
  return plan;
}

/**
 * Resolved inputs as the module takes them (format.md 5.9, 25.27): null for an optional input makes room for its
 * default, text that is exactly a number or a truth value becomes one where the module wants one, defaults are filled
 * in, unknown inputs are dropped.
 *
 * @param place the place of the inputs, `steps[0].modules[1].inputs`, put before every fault's path
 * @param format in an older package, format 1, a broken reference must not stop a run: what it leaves null is empty
 * @throws WfmError `input_missing` when only required inputs are missing, else `input_invalid`; `errors` lists all
 */
export function parseInputs(
  module: TakesInputs,
  resolved: JsonObject,
  place: string,
  format: 1 | 2 = 2,
): { inputs: JsonObject; warnings: Warning[] } {
  const errors: ErrorItem[] = [];
  const given = pickInputs(module, resolved, { place, errors, format });
  let result = module.inputs.safeParse(given);
  if (!result.success && convertTexts(result.error.issues, given)) result = module.inputs.safeParse(given);
  for (const issue of result.error?.issues ?? []) {
    const name = String(issue.path[0] ?? '');
    if (issue.path.length === 1 && given[name] === undefined) continue;
    errors.push(itemOf(issue, given, place, 'input_invalid', 'The input'));
  }
  if (!result.success) throw inputError(module, errors);
  if (errors.length > 0) throw inputError(module, errors);
  return { inputs: result.data, warnings: [] };
}

interface Picking {
  place: string;
  errors: ErrorItem[];
  format: 1 | 2;
}

function pickInputs(module: TakesInputs, resolved: JsonObject, { place, errors, format }: Picking): JsonObject {
  const plan = planOf(module);
  const given: JsonObject = {};
  const names = Object.keys(module.inputs.shape);
  for (const name of names) {
    const value = Object.hasOwn(resolved, name) ? resolved[name] : undefined;
    if (value !== undefined && (value !== null || plan.nullable.has(name))) given[name] = value;
    else if (!plan.required.has(name)) continue;
    else if (value === null && format === 1 && plan.blanks.has(name)) given[name] = plan.blanks.get(name);
    else {
      const path = appendKey(place, name);
      const message = `The input "${name}" is required${value === null ? ', and null does not count' : ''}.`;
      errors.push({ path, code: 'input_missing', params: { input: name }, message });
    }
  }
  if (plan.open) {
    for (const name of Object.keys(resolved)) {
      if (name !== 'resolver_schema' && !names.includes(name) && resolved[name] !== undefined)
        given[name] = resolved[name];
    }
  }
  return given;
}

/** Replaces texts that say exactly the number or truth value that is wanted, in copies; true when there was one. */
function convertTexts(issues: readonly z.core.$ZodIssue[], given: JsonObject): boolean {
  let converted = false;
  for (const issue of issues) {
    if (issue.code !== 'invalid_type') continue;
    const text = valueAt(given, issue.path);
    if (typeof text !== 'string') continue;
    const value = exactValue(text.trim(), issue.expected);
    if (value === undefined) continue;
    setCopied(given, issue.path, value);
    converted = true;
  }
  return converted;
}

function exactValue(text: string, expected: string): number | boolean | undefined {
  if (expected === 'boolean') {
    // Templates print truth values as True and False (format.md 6.6).
    if (text === 'true' || text === 'True') return true;
    return text === 'false' || text === 'False' ? false : undefined;
  }
  if (expected !== 'number' && expected !== 'int') return undefined;
  if (!/^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/.test(text)) return undefined;
  const value = Number(text);
  const exact = Number.isInteger(value) ? Number.isSafeInteger(value) : Number.isFinite(value);
  return exact ? value : undefined;
}

function setCopied(root: JsonObject, path: readonly PropertyKey[], value: unknown): void {
  let node: Record<PropertyKey, unknown> = root;
  for (const key of path.slice(0, -1)) {
    const child = node[key];
    const copy = Array.isArray(child) ? [...(child as unknown[])] : { ...(child as object) };
    node[key] = copy;
    node = copy;
  }
  const last = path.at(-1);
  if (last !== undefined) node[last] = value;
}

/**
 * A module's outputs as they are stored (format.md 10.3.4): plain data, unknown keys kept, defaults of the module's
 * schema filled in, members that are undefined dropped.
 *
 * @throws WfmError `output_invalid` with every fault's place below `outputs`, `value_too_large`, `json_too_deep`
 */
export function parseOutputs(module: Module, outputs: unknown): JsonObject {
  const clean = plainJson(outputs, `outputs of ${module.id}`, 'outputs');
  if (!isJsonObject(clean)) {
    throw new WfmError('output_invalid', `${module.id} gave no outputs object.`, { place: 'outputs' });
  }
  const result = module.outputs.safeParse(clean);
  if (!result.success) {
    const errors = result.error.issues.map((issue) => itemOf(issue, clean, 'outputs', 'output_invalid', 'The output'));
    const [first] = errors;
    throw new WfmError(
      'output_invalid',
      `${module.id} gave outputs of the wrong type. ${first?.message ?? ''}`.trim(),
      {
        place: first?.path,
        params: { module: module.id },
        errors,
      },
    );
  }
  let stored = clean;
  for (const [name, value] of Object.entries(result.data)) {
    if (value === undefined || Object.hasOwn(stored, name)) continue;
    if (stored === clean) stored = { ...clean };
    stored[name] = value;
  }
  return stored;
}

function itemOf(
  issue: z.core.$ZodIssue,
  root: JsonObject,
  within: string,
  code: 'input_invalid' | 'output_invalid',
  subject: string,
): ErrorItem {
  const shown = issue.path.reduce<string>(
    (path, key) => appendKey(path, typeof key === 'symbol' ? String(key) : key),
    '',
  );
  const { text, params } = describeIssue(issue, valueAt(root, issue.path));
  const path = shown.startsWith('[') || shown === '' ? `${within}${shown}` : `${within}.${shown}`;
  return {
    path,
    code,
    params: { [code === 'input_invalid' ? 'input' : 'output']: shown, ...params },
    message: `${subject} "${shown}" ${text}.`,
  };
}

function inputError(module: TakesInputs, errors: ErrorItem[]): WfmError {
  const code = errors.every((error) => error.code === 'input_missing') ? 'input_missing' : 'input_invalid';
  const [first] = errors;
  const more = errors.length > 1 ? ` (and ${errors.length - 1} more)` : '';
  return new WfmError(code, `${module.id} cannot run: ${first?.message ?? 'its inputs are not valid.'}${more}`, {
    place: first?.path,
    params: { module: module.id, inputs: errors.map((error) => error.params['input']) },
    errors,
  });
}
