import { isWfmError } from '../errors/index.ts';
import type { Diagnostic } from '../models/diagnostic.ts';
import { type ImportChange, importHints } from '../display/import-hints.ts';
import { isJsonObject, type JsonObject } from '../models/json.ts';
import { checkSchema } from '../schema/index.ts';
import { type CheckedModule, OpenPlaces } from './checked-module.ts';
import { probeOf } from './input-plan.ts';
import { at } from './place.ts';
import { finding } from './report.ts';

/** Inputs that hold a JSON Schema in every module that has them. */
const schemaInputs = new Set(['output_schema', 'input_schema']);

/** Keys of `ui` (format.md 18.2). */
const uiKeys = new Set([
  'show',
  'as',
  'slot',
  'label',
  'order',
  'text',
  'extra',
  'actions',
  'tone',
  'select',
  'when',
  'input',
  'options',
  'init',
  'to',
  'modes',
  'layout',
]);

/** Keywords whose members are names, not keywords. */
const nameMaps = new Set(['properties', 'patternProperties', '$defs', 'definitions', 'dependentSchemas']);
/** Keywords whose values are data. */
const dataKeywords = new Set(['enum', 'const', 'default', 'examples']);

/** JSON Schemas among a module's inputs are sound (format.md 4, 19.6), and their hints are those of the format (18.1). */
export function checkSchemas(module: CheckedModule): Diagnostic[] {
  const display = module.module?.displaySchemaInputs ?? [];
  return module.plans.flatMap(([name, plan]) => {
    const isDisplay = display.includes(name);
    if (!isDisplay && !schemaInputs.has(name)) return [];
    const schema = probeOf(plan);
    if (typeof schema === 'string') return [];
    const place = at(module.inputsPlace, name);
    const open = new OpenPlaces([plan]);
    if (!isDisplay) return checkSound(schema, place, open);
    const hints = [...hintFindings(schema, place, module, false)].slice(0, 20);
    if (module.format === 2) return [...checkSound(schema, place, open), ...hints];
    // Hints in bare spelling look like wrong keywords; format 1 must run with them (25.7, 25.8).
    const softened = checkSound(withoutHints(schema), place, open).map((diagnostic): Diagnostic => {
      if (diagnostic.code !== 'schema_invalid') return diagnostic;
      return { ...diagnostic, severity: 'warning' };
    });
    const { diagnostics, changes } = importHints(schema, { place });
    const imported = diagnostics.filter((diagnostic) => !open.covers(diagnostic.place));
    return [...softened, ...hints, ...imported.slice(0, 20), ...importReport(changes, place)];
  });
}

/** Findings about one schema at its place. */
export function checkSound(schema: unknown, place: string, open = new OpenPlaces()): Diagnostic[] {
  try {
    checkSchema(schema, place);
    return [];
  } catch (thrown) {
    if (!isWfmError(thrown)) throw thrown;
    const errors =
      thrown.errors.length > 0 ? thrown.errors : [{ ...thrown, path: thrown.place ?? place, message: thrown.message }];
    return errors
      .filter((item) => !open.covers(item.path))
      .map((item) => finding(item.code, item.path, item.message, { params: item.params }));
  }
}

/** Changes that a report names one by one, and kinds of changes that its sentence does. */
const CHANGES = 100;
const KINDS = 8;

/** What the importer made of a schema's older hints (format.md 18.5), as one finding. */
function importReport(changes: readonly ImportChange[], place: string): Diagnostic[] {
  if (changes.length === 0) return [];
  const kinds = [...new Set(changes.map(({ hint, becomes }) => `${hint} → ${becomes}`))];
  const told = kinds.slice(0, KINDS).join(', ') + (kinds.length > KINDS ? ', …' : '');
  const hints = changes.length === 1 ? 'One older hint is' : `${changes.length} older hints are`;
  const params = { count: changes.length, changes: changes.slice(0, CHANGES) };
  return [finding('hint_imported', place, `${hints} read as those of today: ${told}.`, { severity: 'info', params })];
}

/** Rule 25.8: names in `properties` that are hints, and property schemas that are no schemas, are skipped. */
function withoutHints(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(withoutHints);
  if (!isJsonObject(node)) return node;
  const kept: JsonObject = {};
  for (const [key, value] of Object.entries(node)) {
    if (key === '_ux' || key.startsWith('_ux.')) continue;
    if (key === 'properties' && isJsonObject(value)) {
      const schemas = Object.entries(value).filter(
        ([name, schema]) => !name.startsWith('_ux') && (isJsonObject(schema) || typeof schema === 'boolean'),
      );
      kept[key] = Object.fromEntries(schemas.map(([name, schema]) => [name, withoutHints(schema)]));
    } else kept[key] = dataKeywords.has(key) ? value : withoutHints(value);
  }
  return kept;
}

type HintContext = Pick<CheckedModule, 'format' | 'suggest'>;

function* hintFindings(node: unknown, place: string, context: HintContext, isNameMap: boolean): Generator<Diagnostic> {
  if (Array.isArray(node)) {
    for (const [index, item] of (node as unknown[]).entries())
      yield* hintFindings(item, at(place, index), context, false);
    return;
  }
  if (!isJsonObject(node)) return;
  for (const [key, value] of Object.entries(node)) {
    const here = at(place, key);
    if (key === '_ux' || key.startsWith('_ux.')) {
      if (context.format === 2) {
        const message = `"${key}" is a hint of format 1; format 2 has "ui".`;
        yield finding('hint_not_supported', here, message, { params: { hint: key } });
      }
    } else if (!isNameMap && key === 'ui' && isJsonObject(value)) yield* unknownHints(value, here, context);
    else if (isNameMap || !dataKeywords.has(key))
      yield* hintFindings(value, here, context, !isNameMap && nameMaps.has(key));
  }
}

function* unknownHints(ui: JsonObject, place: string, { format, suggest }: HintContext): Generator<Diagnostic> {
  for (const key of Object.keys(ui)) {
    if (uiKeys.has(key)) continue;
    const near = suggest(key, () => uiKeys);
    const severity = format === 2 ? 'error' : 'info';
    const params = { hint: key, ...near.params };
    yield finding('hint_unknown', at(place, key), `There is no display hint "${key}".`, {
      params,
      hint: near.hint,
      severity,
    });
  }
}
