import type { ViewNode } from '@wfm/workflow-engine/display';
import { diffWords } from 'diff';
import { useMemo } from 'react';
import { useTranslations } from 'use-intl';
import { TextLeaf } from './text-leaf.tsx';

const longest = 20_000;
/** Beyond so many changes nobody sees what changed. */
const mostEdits = 4_000;

/** What changed against another text, which `against` gives, or `{ before, after }`. */
export function DiffLeaf({ node }: { node: ViewNode }) {
  const words = useTranslations('view');
  const parts = useMemo(() => changesOf(node), [node]);
  if (!parts) return <TextLeaf node={node} />;
  return (
    <p data-content dir="auto" className="whitespace-pre-wrap">
      {parts.map(({ value, added, removed }, index) =>
        added ? (
          <ins key={index} title={words('added')} className="rounded-sm bg-good-soft px-0.5 text-good">
            {value}
          </ins>
        ) : removed ? (
          <del key={index} title={words('removed')} className="rounded-sm bg-bad-soft px-0.5 text-bad">
            {value}
          </del>
        ) : (
          <span key={index}>{value}</span>
        ),
      )}
    </p>
  );
}

function changesOf({ value, text, settings }: ViewNode): ReturnType<typeof diffWords> | undefined {
  const sides = (typeof value === 'object' && value !== null ? value : {}) as Record<string, unknown>;
  const before = sides['before'] ?? settings?.['against'];
  const after = sides['after'] ?? text;
  if (typeof before !== 'string' || typeof after !== 'string' || before.length + after.length > longest) {
    return undefined;
  }
  return diffWords(before, after, { maxEditLength: mostEdits }) ?? undefined;
}
