import { z } from 'zod';
import { isJsonObject } from '../../models/json.ts';
import { field } from '../field.ts';
import { defineModule } from '../module.ts';
import { chosenGroups } from '../support/chosen-groups.ts';

const groups = z.union([z.array(z.unknown()), z.record(z.string(), z.unknown())]);
const text = z.union([z.string(), z.array(z.unknown()), z.record(z.string(), z.unknown())]);

export const promptBuildGroupedPrompt = defineModule({
  id: 'prompt.build_grouped_prompt',
  kind: 'compute',
  revision: 1,
  title: 'Build a grouped prompt',
  description: 'Joins shared instructions with those of each chosen group.',
  inputs: z.object({
    shared_instructions: field(text, 'Shared instructions', 'What stands first, whatever was chosen.'),
    data: field(groups.optional(), 'Groups', 'All groups, each with its prompt_instructions, by key or in a list.'),
    selected_indices: field(z.array(z.unknown()).optional(), 'Chosen', 'Which groups were chosen; absent takes all.'),
    selected_group_configs: field(groups.optional(), 'Chosen groups', 'The chosen groups themselves, instead of data.'),
  }),
  outputs: z.object({
    merged_prompt: field(z.string(), 'Prompt', 'All instructions, with a blank line between.'),
  }),
  run(given) {
    const chosen = chosenGroups({
      groups: given.data,
      selectedIndices: given.selected_indices,
      selectedConfigs: given.selected_group_configs,
    });
    const texts = [given.shared_instructions, ...chosen.map(({ group }) => group['prompt_instructions'])].map(
      plainText,
    );
    return { merged_prompt: texts.filter((part) => part.trim() !== '').join('\n\n') };
  },
});

/** The text of a prompt part in any of its forms (format.md 3.9). */
function plainText(part: unknown): string {
  if (typeof part === 'string') return part;
  if (Array.isArray(part))
    return part
      .map(plainText)
      .filter((piece) => piece.trim() !== '')
      .join('\n\n');
  if (isJsonObject(part) && Object.hasOwn(part, 'content')) return plainText(part['content']);
  return part === null || part === undefined ? '' : JSON.stringify(part, null, 2);
}
