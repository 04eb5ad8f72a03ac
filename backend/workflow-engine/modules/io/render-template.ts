import { z } from 'zod';
import { field } from '../field.ts';
import { defineModule } from '../module.ts';

const typedNode = z.looseObject({ content: z.string(), type: z.enum(['text', 'jinja2']) });

export const ioRenderTemplate = defineModule({
  id: 'io.render_template',
  kind: 'compute',
  revision: 1,
  title: 'Render a template',
  description: 'Gives a rendered template a name of its own.',
  inputs: z.object({
    template: field(z.union([z.string(), typedNode]), 'Template', 'The template; a text reference is not rendered.'),
  }),
  outputs: z.object({
    rendered: field(z.string(), 'Text', 'The rendered text.'),
  }),
  // Resolving the inputs has rendered it already (format.md 14.3).
  run: ({ template }) => ({ rendered: typeof template === 'string' ? template : template.content }),
});
