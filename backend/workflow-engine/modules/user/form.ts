import { z } from 'zod';
import type { InteractionRequest } from '../../models/interaction.ts';
import type { JsonObject } from '../../models/json.ts';
import { checkSchema } from '../../schema/index.ts';
import { importHints } from '../../display/import-hints.ts';
import { field } from '../field.ts';
import { defineModule, type Intake } from '../module.ts';
import { findingsFrom } from '../support/definition-findings.ts';
import { answeredRows, rowFailures, startValues } from './support/form-rows.ts';
import { judgingSchema, rowSchemaOf } from './support/row-schema.ts';
import { sampleRow } from './support/sample-row.ts';

type FormRequest = Extract<InteractionRequest, { interaction_type: 'form_input' }>;

export const userForm = defineModule({
  id: 'user.form',
  kind: 'interactive',
  revision: 1,
  title: 'Form',
  description: 'Asks a person to fill in the same fields for each item of a list.',
  inputs: z.object({
    data: field(z.array(z.unknown()), 'Items', 'One row is asked for each item.'),
    schema: field(
      z.record(z.string(), z.unknown()),
      'Form schema',
      'Object schema of a row, or a display schema with input_schema.',
    ),
    prompt: field(z.string().default('Fill in'), 'Question', 'What the person is asked.'),
    form_type: field(z.enum(['table', 'list', 'stack']).default('table'), 'Layout', 'How the rows are drawn.'),
  }),
  outputs: z.object({
    form_data: field(
      z.array(z.record(z.string(), z.unknown())),
      'Rows',
      'One row for each item: the item as _item, its place as _index, and the fields.',
    ),
  }),
  displaySchemaInputs: ['schema'],
  check: (written) =>
    findingsFrom(written['schema'], 'schema', (schema, path) => checkSchema(judgingSchema(rowSchemaOf(schema)), path)),
  request(given) {
    // What an older form hides or names by its hints is judged like our own (format.md 18.5).
    const rowSchema = rowSchemaOf(importHints(given.schema, { role: 'form' }).schema);
    checkSchema(judgingSchema(rowSchema), 'inputs.schema');
    return {
      draft: {
        interaction_type: 'form_input',
        title: given.prompt,
        data: given.data,
        schema: given.schema,
        form_schema: rowSchema,
        form_type: given.form_type,
        form_defaults: given.data.map((item) => startValues(item, rowSchema)),
      },
    };
  },
  intake(answer, question): Intake {
    const { form_schema, form_defaults } = question.request as FormRequest;
    const rowSchema = form_schema as JsonObject;
    const rows = answeredRows(answer.form_data, form_defaults, rowSchema);
    return {
      response: { form_data: rows },
      failures: rowFailures(rows, form_defaults.length, rowSchema),
      warnings: [],
    };
  },
  complete(response, _given, question) {
    const items = (question.request as FormRequest).data as unknown[];
    const rows = response['form_data'] as JsonObject[];
    return { form_data: rows.map((row, index) => ({ ...row, _item: items[index] ?? null, _index: index })) };
  },
  sample(question) {
    const { form_schema, form_defaults } = question.request as FormRequest;
    return { form_data: form_defaults.map((row) => sampleRow(row, form_schema as JsonObject)) };
  },
});
