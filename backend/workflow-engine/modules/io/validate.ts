import { z } from 'zod';
import { WfmError } from '../../errors/index.ts';
import type { JsonObject } from '../../models/json.ts';
import { checkSchema, validateAgainst } from '../../schema/index.ts';
import { field } from '../field.ts';
import { defineModule } from '../module.ts';
import { findingsFrom } from '../support/definition-findings.ts';

export const ioValidate = defineModule({
  id: 'io.validate',
  kind: 'compute',
  revision: 1,
  title: 'Validate',
  description: 'Checks values of the state against a JSON Schema.',
  inputs: z.object({
    schema: field(
      z.record(z.string(), z.unknown()),
      'Schema',
      'JSON Schema of an object that holds the chosen state values.',
    ),
    state_keys: field(
      z.array(z.string()),
      'State keys',
      'Which values of the state are checked; absent ones count as null.',
    ),
    strict: field(z.boolean().default(false), 'Strict', 'Whether a fault stops the run.'),
    error_message: field(z.string().optional(), 'Message', 'Shown when a strict check fails.'),
  }),
  outputs: z.object({
    valid: field(z.boolean(), 'Valid', 'Whether everything fits.'),
    errors: field(z.array(z.string()), 'Errors', 'What does not fit, in words.'),
  }),
  reads: (given, state) => chosen(given.state_keys, state),
  readsState: (written) =>
    Array.isArray(written['state_keys']) ? written['state_keys'].filter((key) => typeof key === 'string') : [],
  check: (written) => findingsFrom(written['schema'], 'schema', checkSchema),
  run(given, context) {
    const values = chosen(given.state_keys, context.state);
    const faults = validateAgainst(given.schema, values, { place: 'inputs.schema' });
    const errors = faults.map(({ path, message }) => (path === '' ? message : `${path}: ${message}`));
    if (given.strict && errors.length > 0) {
      const message = given.error_message ?? `The state does not fit the schema: ${errors.slice(0, 3).join(' ')}`;
      throw new WfmError('state_invalid', message, { params: { count: errors.length }, details: { errors } });
    }
    return { valid: errors.length === 0, errors };
  },
});

function chosen(keys: readonly string[], state: Readonly<JsonObject>): JsonObject {
  return Object.fromEntries(keys.map((key) => [key, Object.hasOwn(state, key) ? (state[key] ?? null) : null]));
}
