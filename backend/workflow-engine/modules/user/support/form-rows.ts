import { WfmError } from '../../../errors/index.ts';
import type { RuleFailure } from '../../../models/execution.ts';
import { isJsonObject, type JsonObject } from '../../../models/json.ts';
import { limits } from '../../../models/limits.ts';
import { validateAgainst } from '../../../schema/index.ts';
import { holdsTemplate } from '../../support/definition-findings.ts';
import { type FormField, formFields, hiddenFields, readDotted } from '../../../display/form-fields.ts';
import { hint, ownMember, propertySchemas } from '../../../display/hints.ts';
import { judgingSchema, withoutFields } from './row-schema.ts';

const mostFailures = 200;

/**
 * Start values of one row (format.md 19.2): a literal `init`, else the item's own value, else `default`; a field with
 * none of them starts empty and is left out. An `init` that is a template is the client's to render.
 */
export function startValues(item: unknown, rowSchema: JsonObject): JsonObject {
  const row: JsonObject = {};
  for (const [name, schema] of propertySchemas(rowSchema)) {
    const init = hint(schema, 'init');
    const literal = init !== undefined && !holdsTemplate(init) ? init : undefined;
    const value = literal ?? ownMember(item, name) ?? ownMember(schema, 'default');
    if (value !== undefined) row[name] = value;
  }
  return row;
}

/**
 * Rows of an answer, one for each item: a list, or an object keyed "0", "1", …; fields that an answer leaves out take
 * their start value. Our own `_item` and `_index` in a row are dropped.
 *
 * @throws WfmError `response_invalid` when the rows are no rows, `response_too_large` over 1000
 */
export function answeredRows(formData: unknown, defaults: readonly JsonObject[], rowSchema: JsonObject): JsonObject[] {
  const given = rowsByIndex(formData);
  const known = formFields(rowSchema);
  const count = Math.max(given.length, defaults.length);
  return Array.from({ length: count }, (_, index) => {
    const row = given[index] ?? {};
    if (!isJsonObject(row)) throw malformed(index);
    const { _item, _index, ...fields } = row;
    const answered = withAnswerNames(defaults[index] ?? {}, known, fields);
    const hidden = new Set(hiddenFields(known, fieldValues({ ...answered, ...fields }, known)));
    // A hidden field is not sent (format.md 19.4), so its start value does not come back either.
    const shown = Object.entries(answered).filter(([name]) => !hidden.has(name));
    return { ...Object.fromEntries(shown), ...fields };
  });
}

function rowsByIndex(formData: unknown): unknown[] {
  const rows: unknown[] = Array.isArray(formData) ? formData.slice() : [];
  if (Array.isArray(formData)) {
    if (rows.length > limits.formRows) throw tooMany(rows.length);
  } else if (isJsonObject(formData)) {
    for (const [key, row] of Object.entries(formData)) {
      if (!/^\d{1,6}$/.test(key)) {
        const message = `A form is answered with a list of rows, or with rows keyed "0", "1" and so on; "${key}" is no row.`;
        throw new WfmError('response_invalid', message, { place: 'response.form_data', params: { key } });
      }
      if (Number(key) < limits.formRows) rows[Number(key)] = row;
      else throw tooMany(Number(key) + 1);
    }
  } else
    throw new WfmError('response_invalid', 'A form is answered with rows in form_data.', {
      place: 'response.form_data',
    });
  return rows;
}

function malformed(index: number): WfmError {
  return new WfmError('response_invalid', `Row ${index + 1} of the form is no object.`, {
    place: `response.form_data[${index}]`,
  });
}

function tooMany(actual: number): WfmError {
  return new WfmError('response_too_large', `A form has at most ${limits.formRows} rows.`, {
    params: { limit: limits.formRows, actual },
  });
}

/** Start values under the names of the answer (`to`, format.md 19.5), where the answer does not hold them already. */
function withAnswerNames(defaults: JsonObject, fields: readonly FormField[], given: JsonObject): JsonObject {
  const named: JsonObject = {};
  for (const { name, to } of fields) {
    if (!Object.hasOwn(defaults, name)) continue;
    if (readDotted(given, to) === undefined && !to.includes('.')) named[to] = defaults[name];
  }
  return named;
}

/** The row by the names of its fields: what the schema speaks about. */
function fieldValues(row: JsonObject, fields: readonly FormField[]): JsonObject {
  const renamed = fields.filter(({ name, to }) => name !== to);
  if (renamed.length === 0) return row;
  const targets = new Set(renamed.map(({ to }) => to.split('.', 1)[0]));
  const values: JsonObject = Object.fromEntries(Object.entries(row).filter(([name]) => !targets.has(name)));
  for (const { name, to } of renamed) {
    const value = readDotted(row, to);
    if (value !== undefined) values[name] = value;
  }
  return values;
}

/** What is wrong with the rows, as failures with row and field (format.md 14.1). */
export function rowFailures(rows: readonly JsonObject[], expected: number, rowSchema: JsonObject): RuleFailure[] {
  const whole = judgingSchema(rowSchema);
  const known = formFields(rowSchema);
  // One schema object for each set of hidden fields: the validator knows a schema again by its identity.
  const schemas = new Map<string, JsonObject>([['', whole]]);
  const failures: RuleFailure[] = [];
  rows.forEach((row, index) => {
    if (index >= expected)
      return void failures.push(failure(index, '', `There is no row ${index + 1} to fill in.`, {}));
    const values = fieldValues(row, known);
    const hidden = hiddenFields(known, values);
    const key = hidden.join(',');
    const schema = schemas.get(key) ?? withoutFields(whole, hidden);
    schemas.set(key, schema);
    for (const { path, keyword, message, params } of validateAgainst(schema, values)) {
      failures.push(failure(index, path, message, { keyword, ...params }));
    }
  });
  return failures.slice(0, mostFailures);
}

function failure(row: number, field: string, message: string, params: JsonObject): RuleFailure {
  const place = `form_data[${row}]${field === '' ? '' : `.${field}`}`;
  return {
    id: 'form_invalid',
    field: place,
    rule: 'form_invalid',
    message,
    severity: 'error',
    params: { ...params, row, field },
  };
}
