import { z } from 'zod';
import { field } from '../field.ts';
import { defineModule } from '../module.ts';
import { findingsOf } from '../support/definition-findings.ts';
import { checkPipeline, runPipeline } from '../transform/support/pipeline.ts';
import { checkScope, keywordDocument, keywordRows } from './support/keyword-rows.ts';

export const ioWeightedKeywords = defineModule({
  id: 'io.weighted_keywords',
  kind: 'effect',
  ownStore: true,
  revision: 1,
  title: 'Weighted keywords',
  description: 'Remembers keywords with weights across the runs of a person and workflow.',
  ports: ['keywords'],
  readsStores: ['keywords'],
  writesStores: ['keywords'],
  inputs: z.object({
    mode: field(z.enum(['save', 'load']), 'Mode', 'Save keywords, or load those saved before.'),
    weighted_keywords: field(
      z.array(z.unknown()).default([]),
      'Keywords',
      'Objects with keyword, weight and other fields.',
    ),
    accumulate_weight: field(
      z.boolean().default(true),
      'Add weights',
      'Adds to weights saved before, or replaces them.',
    ),
    pipeline: field(z.array(z.unknown()).default([]), 'Pipeline', 'Stages over the loaded keywords.'),
  }),
  outputs: z.object({
    weighted_keywords: field(z.array(z.unknown()), 'Keywords', 'What was saved or loaded.'),
    count: field(z.number().int(), 'Count', 'How many there are.'),
    saved_count: field(z.number().int(), 'Saved', 'How many were saved.'),
  }),
  check(written) {
    const { pipeline } = written;
    if (pipeline === undefined || pipeline === null) return [];
    const checked = findingsOf('pipeline', () => checkPipeline(pipeline, 'pipeline'));
    return [...checked, ...findingsOf('pipeline', () => checkScope(pipeline, 'pipeline'))];
  },
  async run(given, context) {
    const { keywords } = context.ports;
    // Without a template nothing is shared between runs.
    const scope = { userId: context.userId, templateId: context.templateId ?? `run:${context.workflowRunId}` };
    if (given.mode === 'load') {
      checkScope(given.pipeline, 'inputs.pipeline');
      const documents = (await keywords.load({ scope })).map(keywordDocument);
      const found =
        given.pipeline.length > 0
          ? runPipeline(documents, given.pipeline, { seed: context.seed, now: context.now })
          : documents;
      return { weighted_keywords: found, count: found.length, saved_count: 0 };
    }
    const rows = keywordRows(given.weighted_keywords, {
      now: context.now,
      accumulate: given.accumulate_weight,
      skip: (index, why) =>
        context.warn(
          'input_invalid',
          `Keyword ${index + 1} was skipped: ${why}.`,
          { index },
          `inputs.weighted_keywords[${index}]`,
        ),
    });
    const saved =
      rows.length === 0
        ? 0
        : await keywords.save({
            scope,
            key: context.idempotencyKey,
            runId: context.workflowRunId,
            keywords: rows,
            accumulate: given.accumulate_weight,
          });
    return { weighted_keywords: rows.map(keywordDocument), count: rows.length, saved_count: saved };
  },
});
