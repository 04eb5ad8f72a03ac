import { type Block, type CompiledView, formFields, type ViewNode } from '@wfm/workflow-engine/display';

/**
 * The view of a media question as it is drawn: what a block's form lets one edit is not shown beside it a second time,
 * and several blocks lie under tabs (format.md 18.4, 18.7).
 */
export function prepareTree({ root }: CompiledView): ViewNode | null {
  if (!root) return null;
  const fields = new Set(blocksIn(root).flatMap(fieldPaths));
  const pruned = without(root, fields) ?? { kind: 'stack', path: [], slot: 'body', children: [] };
  return underTabs(pruned);
}

/** Every block of a view, at its place in the data. */
export function blocksIn(node: ViewNode): Block[] {
  const own = node.block ? [{ ...node.block, ...(node.label === undefined ? {} : { label: node.label }) }] : [];
  return [...own, ...(node.children ?? []).flatMap(blocksIn)];
}

function fieldPaths({ form, path }: Block): string[] {
  return form === undefined ? [] : formFields(form).map(({ name }) => JSON.stringify([...path, ...name.split('.')]));
}

function without(node: ViewNode, fields: ReadonlySet<string>): ViewNode | null {
  if (node.kind !== 'block' && node.extra === undefined && fields.has(JSON.stringify(node.path))) return null;
  if (!node.children) return node;
  return { ...node, children: node.children.flatMap((child) => without(child, fields) ?? []) };
}

/** The nearest node that holds all blocks, where two of its members have some: those become tabs, the rest stays above. */
function underTabs(node: ViewNode): ViewNode {
  const { children = [] } = node;
  const holders = children.filter((child) => blocksIn(child).length > 0);
  if (holders.length === 0 || node.kind === 'tabs') return node;
  if (holders.length === 1) {
    return { ...node, children: children.map((child) => (child === holders[0] ? underTabs(child) : child)) };
  }
  const rest = children.filter((child) => !holders.includes(child));
  const { label: _label, ...bare } = node;
  const tabs: ViewNode = { ...bare, kind: 'tabs', children: holders };
  return rest.length === 0 ? { ...node, kind: 'tabs', children: holders } : { ...node, children: [...rest, tabs] };
}
