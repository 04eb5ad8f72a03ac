import { z } from 'zod';
import { defineModule } from '../../modules/module.ts';
import { createRegistry } from '../../modules/registry.ts';

/** A compute module with inputs of many types. */
const shape = defineModule({
  id: 'test.shape',
  kind: 'compute',
  revision: 1,
  title: 'Shape',
  description: 'Takes inputs of many types.',
  inputs: z.object({
    title: z.string(),
    count: z.number().int().optional(),
    loud: z.boolean().optional(),
    items: z.array(z.object({ label: z.string(), size: z.number().optional() })).optional(),
    output_schema: z.unknown().optional(),
    show_state: z.array(z.string()).optional(),
    retry_options: z.record(z.string(), z.unknown()).optional(),
  }),
  outputs: z.object({ result: z.string(), total: z.number().optional() }),
  check: (inputs) =>
    inputs['title'] === 'forbidden'
      ? [
          {
            code: 'pipeline_stage_refused',
            path: 'title',
            message: 'This title is refused.',
            params: { title: 'forbidden' },
          },
        ]
      : [],
  readsState: (inputs) => (inputs['show_state'] ?? []) as string[],
  run: () => ({ result: '' }),
});

/** Takes and gives anything; `script` is the client's to render. */
const open = defineModule({
  id: 'test.open',
  kind: 'compute',
  revision: 1,
  title: 'Open',
  description: 'Takes anything.',
  inputs: z.looseObject({}),
  outputs: z.looseObject({}),
  clientInputs: ['script'],
  run: () => ({}),
});

/** Asks a person. */
const ask = defineModule({
  id: 'test.ask',
  kind: 'interactive',
  revision: 1,
  title: 'Ask',
  description: 'Asks a person.',
  inputs: z.object({ data: z.unknown().optional(), schema: z.unknown(), prompt: z.string().optional() }),
  outputs: z.object({ selected_data: z.unknown() }),
  displaySchemaInputs: ['schema'],
  request: () => ({ outputs: { selected_data: null } }),
  intake: () => ({ response: {}, failures: [], warnings: [] }),
  complete: () => ({ selected_data: null }),
  sample: () => ({}),
});

export const sampleRegistry = createRegistry([shape, open, ask]);

type Json = Record<string, unknown>;

/** A definition of one step, `one`, with these modules. */
export function workflowOf(modules: unknown[], extra: Json = {}): Json {
  return { format: 2, workflow_id: 'sample', steps: [{ step_id: 'one', modules }], ...extra };
}

/** The files of a package; values that are not text become JSON. */
export function packageOf(files: Record<string, unknown>): Map<string, Uint8Array> {
  const encoder = new TextEncoder();
  const entries = Object.entries(files).map(([path, content]): [string, Uint8Array] => {
    if (content instanceof Uint8Array) return [path, content];
    return [path, encoder.encode(typeof content === 'string' ? content : JSON.stringify(content))];
  });
  return new Map(entries);
}
