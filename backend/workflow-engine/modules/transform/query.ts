import { z } from 'zod';
import { WfmError } from '../../errors/index.ts';
import { field } from '../field.ts';
import { defineModule } from '../module.ts';
import { findingsOf } from '../support/definition-findings.ts';
import { checkPipeline, runPipeline } from './support/pipeline.ts';

export const transformQuery = defineModule({
  id: 'transform.query',
  kind: 'compute',
  revision: 1,
  title: 'Query',
  description: 'Filters, sorts, groups and reshapes a list by an aggregation pipeline.',
  inputs: z.object({
    data: field(z.unknown(), 'Data', 'The list to query.'),
    pipeline: field(z.array(z.unknown()), 'Pipeline', 'Stages such as { "$match": … } and { "$sort": … }, in order.'),
  }),
  outputs: z.object({
    result: field(z.array(z.unknown()), 'Result', 'What the last stage gives.'),
  }),
  // Null is let through so that it fails by its own name (format.md 25.23).
  nullableInputs: ['data'],
  check(written) {
    const { pipeline } = written;
    return pipeline === undefined ? [] : findingsOf('pipeline', () => checkPipeline(pipeline, 'pipeline'));
  },
  run(given, context) {
    if (!Array.isArray(given.data)) {
      const found = given.data === null ? 'null' : typeof given.data;
      throw new WfmError('query_data_not_array', `The data to query must be a list, not ${found}.`, {
        place: 'inputs.data',
        params: { actual: found },
      });
    }
    return { result: runPipeline(given.data, given.pipeline, { seed: context.seed, now: context.now }) };
  },
});
