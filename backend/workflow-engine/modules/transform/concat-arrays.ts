import { z } from 'zod';
import { field } from '../field.ts';
import { defineModule } from '../module.ts';

export const transformConcatArrays = defineModule({
  id: 'transform.concat_arrays',
  kind: 'compute',
  revision: 1,
  title: 'Join lists',
  description: 'Puts several lists one after the other.',
  inputs: z.object({
    arrays: field(z.array(z.array(z.unknown())), 'Lists', 'The lists to join, in order.'),
  }),
  outputs: z.object({
    result: field(z.array(z.unknown()), 'Result', 'All items in one list.'),
  }),
  run: (given) => ({ result: given.arrays.flat(1) }),
});
