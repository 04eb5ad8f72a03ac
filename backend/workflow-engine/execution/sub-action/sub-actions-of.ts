import type { CompiledModule } from '../../definition/compile-version.ts';
import type { JsonObject } from '../../models/json.ts';

/** What a question offers whose module makes something, where its author wrote no sub-action. */
const generate: JsonObject = { id: 'generate', label: 'Generate', actions: [{ type: 'self_sub_action' }] };

/** The sub-actions of a module's question: as written, else the one that its module cannot do without. */
export function subActionsOf({ node, module }: CompiledModule): readonly JsonObject[] {
  if (node.sub_actions) return node.sub_actions;
  return module?.kind === 'interactive' && module.subActionTask ? [generate] : [];
}
