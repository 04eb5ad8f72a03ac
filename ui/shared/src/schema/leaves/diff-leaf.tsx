import type { ViewNode } from '@wfm/workflow-engine/display';
import { useMemo } from 'react';
import { wordChanges, WordDiff } from '../../word-diff/index.ts';
import { TextLeaf } from './text-leaf.tsx';

/** What changed against another text, which `against` gives, or `{ before, after }`. */
export function DiffLeaf({ node }: { node: ViewNode }) {
  const parts = useMemo(() => changesOf(node), [node]);
  if (!parts) return <TextLeaf node={node} />;
  return (
    <p data-content dir="auto" className="whitespace-pre-wrap">
      <WordDiff changes={parts} />
    </p>
  );
}

function changesOf({ value, text, settings }: ViewNode): ReturnType<typeof wordChanges> {
  const sides = (typeof value === 'object' && value !== null ? value : {}) as Record<string, unknown>;
  const before = sides['before'] ?? settings?.['against'];
  const after = sides['after'] ?? text;
  return typeof before === 'string' && typeof after === 'string' ? wordChanges(before, after) : null;
}
