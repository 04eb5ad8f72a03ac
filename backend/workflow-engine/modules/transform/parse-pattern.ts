import { z } from 'zod';
import { WfmError } from '../../errors/index.ts';
import type { JsonObject } from '../../models/json.ts';
import { limits } from '../../models/limits.ts';
import { compileSafeRegex } from '../../schema/index.ts';
import { utf8Length } from '../../schema/safe-regex.ts';
import { field } from '../field.ts';
import { defineModule } from '../module.ts';
import { findingsFrom } from '../support/definition-findings.ts';
import { cutPieces } from './parse/cut-pieces.ts';
import { compute, convertTypes, lookUp, mapValues, prepareLookup } from './parse/fill-fields.ts';
import {
  computedSchema,
  fieldTypesSchema,
  lookupsSchema,
  mappingsSchema,
  patternSchema,
  validationSchema,
} from './parse/settings.ts';
import { validateFields } from './parse/validate-fields.ts';

export const transformParsePattern = defineModule({
  id: 'transform.parse_pattern',
  kind: 'compute',
  revision: 1,
  title: 'Parse by pattern',
  description: 'Cuts a text into pieces and reads fields from each by a regular expression.',
  inputs: z.object({
    input: field(z.string(), 'Text', 'The text to read.'),
    pattern: field(patternSchema, 'Pattern', 'A regex with named groups, and the separator between pieces.'),
    field_types: field(fieldTypesSchema.optional(), 'Types', 'int, float, bool or string, by field.'),
    lookups: field(lookupsSchema.optional(), 'Lookups', 'Fields that stand for an item of a list.'),
    mappings: field(mappingsSchema.optional(), 'Mappings', 'Values that become other values, by field.'),
    computed: field(computedSchema.optional(), 'Computed', 'Fields made by an expression over the others.'),
    validation: field(validationSchema.optional(), 'Validation', 'min, max, in, pattern and required, by field.'),
    sum_field: field(z.string().optional(), 'Sum', 'The field that total adds up.'),
  }),
  outputs: z.object({
    items: field(
      z.array(z.record(z.string(), z.unknown())),
      'Items',
      'The fields of each piece, with _raw and _index.',
    ),
    count: field(z.number().int(), 'Count', 'How many items were read.'),
    total: field(z.number(), 'Total', 'The sum of sum_field.'),
    valid: field(z.boolean(), 'Valid', 'True when nothing failed.'),
    errors: field(z.array(z.string()), 'Errors', 'What failed, in words.'),
  }),
  check(written) {
    const regex = (written['pattern'] as { regex?: unknown } | undefined)?.regex;
    return findingsFrom(regex, 'pattern.regex', (source, path) => {
      if (typeof source === 'string') compileSafeRegex(source, path);
    });
  },
  run(given) {
    const { pattern } = given;
    if (!pattern.regex) {
      throw new WfmError('regex_invalid', 'A pattern needs a regex.', { place: 'inputs.pattern.regex' });
    }
    const regex = compileSafeRegex(pattern.regex, 'inputs.pattern.regex');
    assertLength(given.input);
    const lookups = (given.lookups ?? []).map(prepareLookup);
    const errors: string[] = [];
    const items: JsonObject[] = [];
    cutPieces(given.input, pattern).forEach((piece, index) => {
      const match = regex.matchStart(piece);
      if (!match) return void errors.push(`Entry ${index + 1} does not match the pattern: ${piece.slice(0, 200)}`);
      const groups = regex.groupNames.map((name) => [name, match.groups[name] ?? null] as const);
      const item: JsonObject = { ...Object.fromEntries(groups), _raw: piece, _index: index };
      const fail = (text: string) => errors.push(`Entry ${index + 1}: ${text}`);
      convertTypes(item, given.field_types ?? {}, fail);
      mapValues(item, given.mappings ?? {});
      lookUp(item, lookups, fail);
      compute(item, given.computed ?? [], fail);
      validateFields(item, given.validation ?? {}, fail);
      items.push(item);
    });
    const total = given.sum_field === undefined ? 0 : sum(items, given.sum_field, errors);
    return { items, count: items.length, total, valid: errors.length === 0, errors };
  },
});

/** The limit of one match holds for all pieces together, so that many pieces cost no more than one (format.md 23). */
function assertLength(text: string): void {
  const actual = utf8Length(text);
  if (actual <= limits.regexInput) return;
  throw new WfmError(
    'regex_limit',
    `The text is ${actual} bytes long; at most ${limits.regexInput} can be read by a pattern.`,
    {
      place: 'inputs.input',
      params: { limit: limits.regexInput, actual },
    },
  );
}

function sum(items: JsonObject[], field: string, errors: string[]): number {
  let total = 0;
  items.forEach((item, index) => {
    const value = Object.hasOwn(item, field) ? item[field] : undefined;
    if (typeof value === 'number') total += value;
    else errors.push(`Entry ${index + 1}: ${field} is no number, so it was not added up.`);
  });
  return total;
}
