import { z } from 'zod';
import { field } from '../field.ts';
import { defineModule } from '../module.ts';
import { enrichData } from './enrich/enrich-data.ts';

export const transformEnrich = defineModule({
  id: 'transform.enrich',
  kind: 'compute',
  revision: 1,
  title: 'Enrich',
  description: 'Sets fields of data from a list of enrichments that have the same ids.',
  inputs: z.object({
    data: field(z.union([z.array(z.unknown()), z.record(z.string(), z.unknown())]), 'Data', 'What is to be enriched.'),
    enrichments: field(z.array(z.unknown()), 'Enrichments', 'Objects with an id and the fields to take over.'),
    mapping_schema: field(
      z.record(z.string(), z.unknown()),
      'Mapping',
      'Mirrors the data; a leaf { type: "enrichment_map", … } says which field comes from where.',
    ),
  }),
  outputs: z.object({
    enriched_data: field(z.unknown(), 'Data', 'The data with the fields set.'),
  }),
  run(given, context) {
    const warn = (path: string, message: string) => context.warn('input_invalid', message, { path }, path);
    return { enriched_data: enrichData(given.data, given.enrichments, given.mapping_schema, warn) };
  },
});
