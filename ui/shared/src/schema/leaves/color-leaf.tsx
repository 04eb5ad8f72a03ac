import type { ViewNode } from '@wfm/workflow-engine/display';
import { TextLeaf } from './text-leaf.tsx';

const colour =
  /^(#[0-9a-f]{3,8}|[a-z]{3,30}|(rgb|hsl|oklch|oklab|lab|lch)a?\([\d\s.,%/+-]{1,60}(deg[\d\s.,%/+-]{1,60})?\))$/i;

/** A swatch and its value. Only what is a colour by its form reaches a style. */
export function ColorLeaf({ node }: { node: ViewNode }) {
  const value = typeof node.value === 'string' ? node.value : '';
  if (!colour.test(value)) return <TextLeaf node={node} />;
  return (
    <span className="inline-flex items-center gap-2">
      <span aria-hidden className="size-5 rounded-sm border border-line-strong" style={{ backgroundColor: value }} />
      <code data-content dir="auto" className="text-sm">
        {node.text ?? value}
      </code>
    </span>
  );
}
