import { z } from 'zod';
import { defineModule } from '../module.ts';

export const transformExtract = defineModule({
  id: 'transform.extract',
  kind: 'compute',
  revision: 1,
  title: 'Extract',
  description: 'Passes its inputs on under the same names, so that parts of earlier results get names of their own.',
  inputs: z.looseObject({}),
  outputs: z.looseObject({}),
  run(given, context) {
    const outputs: Record<string, unknown> = {};
    for (const [name, value] of Object.entries(given)) {
      // Names that begin with an underscore are the author's scratch space (format.md 14.4).
      if (name.startsWith('_')) continue;
      if (value === null) {
        context.warn('undefined_reference', `The input "${name}" is null.`, { input: name }, `inputs.${name}`);
      }
      outputs[name] = value;
    }
    return outputs;
  },
});
