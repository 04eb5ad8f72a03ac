import type { ViewNode } from '@wfm/workflow-engine/display';
import { TextLeaf } from './text-leaf.tsx';
import { isOwnText, useValueText } from './value-text.ts';

/** By the reader's locale, with its unit; what a template made of it stays as it was made. */
export function NumberLeaf({ node }: { node: ViewNode }) {
  const text = useValueText();
  if (typeof node.value !== 'number' || !isOwnText(node)) return <TextLeaf node={node} />;
  return <span className="tabular-nums">{text(node)}</span>;
}
