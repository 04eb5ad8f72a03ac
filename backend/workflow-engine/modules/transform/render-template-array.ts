import { z } from 'zod';
import { isWfmError, WfmError } from '../../errors/index.ts';
import { isJsonObject, type JsonObject } from '../../models/json.ts';
import { limits } from '../../models/limits.ts';
import { field } from '../field.ts';
import { defineModule } from '../module.ts';
import { rendererFor, templateSource, tryParse } from '../support/render-texts.ts';

export const transformRenderTemplateArray = defineModule({
  id: 'transform.render_template_array',
  kind: 'compute',
  revision: 1,
  title: 'Render each item',
  description: 'Renders one template for each item of a list and joins the results.',
  inputs: z.object({
    items: field(z.array(z.unknown()), 'Items', 'One section is rendered for each.'),
    template: field(z.string(), 'Template', 'Reads the item, its index, loop, the item’s own fields and the extras.'),
    item_variable: field(z.string().min(1).default('item'), 'Item name', 'What the template calls the item.'),
    index_variable: field(
      z.string().min(1).default('index'),
      'Index name',
      'What the template calls the place, from 0.',
    ),
    separator: field(z.string().default('\n\n'), 'Separator', 'What stands between two sections.'),
    extra_context: field(z.record(z.string(), z.unknown()).default({}), 'Extras', 'More values for the template.'),
  }),
  outputs: z.object({
    rendered: field(z.string(), 'Text', 'All sections, joined.'),
    sections: field(z.array(z.string()), 'Sections', 'The text of each item.'),
    count: field(z.number().int(), 'Count', 'How many items there were.'),
  }),
  clientInputs: ['template'],
  check(written) {
    const source = templateSource(written['template']);
    const fault = source === undefined ? undefined : tryParse(source);
    return isWfmError(fault)
      ? [{ code: fault.code, path: 'template', message: fault.message, params: fault.params }]
      : [];
  },
  run(given, context) {
    const template = tryParse(given.template);
    if (isWfmError(template)) {
      throw new WfmError(template.code, template.message, { params: template.params, place: 'inputs.template' });
    }
    const renderer = rendererFor(context);
    let length = 0;
    const sections = given.items.map((item, index) => {
      let section: string;
      try {
        section = renderer.render(template, rootsOf(given, item, index), 'inputs.template');
      } catch (thrown) {
        if (!isWfmError(thrown) || thrown.code === 'template_limit') throw thrown;
        context.warn(
          thrown.code,
          `Item ${index + 1} could not be rendered. ${thrown.message}`,
          { index },
          `inputs.items[${index}]`,
        );
        section = `[Item ${index + 1} could not be rendered: ${thrown.message}]`;
      }
      length += section.length + given.separator.length;
      if (length > limits.moduleValueBytes) throw tooLong(length);
      return section;
    });
    return { rendered: sections.join(given.separator), sections, count: sections.length };
  },
});

interface Naming {
  items: unknown[];
  item_variable: string;
  index_variable: string;
  extra_context: JsonObject;
}

/** What a template of one item reads; later names win: the item's own fields, then item, index and loop, extras last. */
function rootsOf(
  { items, item_variable, index_variable, extra_context }: Naming,
  item: unknown,
  index: number,
): JsonObject {
  const own = isJsonObject(item) ? Object.entries(item).filter(([key]) => !key.startsWith('_')) : [];
  const count = items.length;
  const loop = {
    index: index + 1,
    index0: index,
    first: index === 0,
    last: index === count - 1,
    length: count,
    revindex: count - index,
    revindex0: count - index - 1,
    previtem: items[index - 1],
    nextitem: items[index + 1],
    depth: 1,
  };
  return { ...Object.fromEntries(own), [item_variable]: item, [index_variable]: index, loop, ...extra_context };
}

function tooLong(actual: number): WfmError {
  const limit = limits.moduleValueBytes;
  return new WfmError('value_too_large', `The rendered sections are over ${limit} characters together.`, {
    params: { limit, actual },
  });
}
