import type { ViewNode } from '@wfm/workflow-engine/display';
import { memo } from 'react';
import { classNames } from '../../components/class-names.ts';
import { leafKey } from '../keys.ts';
import { Marks } from '../marks.tsx';
import { Notes, useNotes } from '../notes.tsx';
import { inkClass, toneStyle } from '../tone.ts';
import { Actions } from './actions.tsx';
import { BadgeLeaf } from './chips-leaf.tsx';
import { LeafBody } from './leaf-of.tsx';
import type { MediaFit } from './media-leaf.tsx';

/** One value, with its label, its tone and what can be done with it. */
export const LeafView = memo(function LeafView({
  node,
  hideLabel = false,
  fit,
}: {
  node: ViewNode;
  hideLabel?: boolean;
  fit?: MediaFit;
}) {
  const { label, tone, actions, kind, enabled } = node;
  const notes = useNotes(node);
  return (
    <div className={classNames('min-w-0', enabled === false && 'opacity-60')} data-leaf={leafKey(node)}>
      {label === undefined || hideLabel ? null : (
        <div className="mb-0.5 text-xs font-medium text-ink-soft">
          <span data-content dir="auto">
            {label}
          </span>
        </div>
      )}
      <div className={classNames('flex min-w-0 items-start gap-1', inkClass(tone))} style={toneStyle(tone)}>
        <div className={classNames('min-w-0', (!narrow.has(kind) || fit === 'head') && 'flex-1')}>
          <LeafBody node={node} fit={fit} />
        </div>
        {actions === undefined ? null : <Actions node={node} />}
      </div>
      {notes.length > 0 ? (
        <span className="mt-1 flex flex-wrap gap-1">
          <Notes notes={notes} />
        </span>
      ) : null}
      <Marks node={node} />
    </div>
  );
});

/** Kinds that take no more room than they need, so that their buttons stand beside them. */
const narrow = new Set(['text', 'number', 'date', 'link', 'color', 'badge', 'chips', 'rating', 'image', 'file']);

/** A value in a line: in a heading, below it. Its label is what the line is for. */
export function LeafLine({ node }: { node: ViewNode }) {
  const { actions, tone } = node;
  const line = node.kind === 'markdown' ? { ...node, kind: 'text' } : node;
  return (
    <span className="flex min-w-0 items-start gap-1" data-leaf={leafKey(node)}>
      <span className={classNames('min-w-0', inkClass(tone))} style={toneStyle(tone)}>
        <LeafBody node={line} />
        <Marks node={node} />
      </span>
      {actions === undefined ? null : <Actions node={node} />}
    </span>
  );
}

/** A value on a badge. */
export function LeafBadge({ node }: { node: ViewNode }) {
  const isWord = node.kind === 'text' || node.kind === 'number' || node.kind === 'badge' || node.kind === 'markdown';
  return (
    <span className="inline-flex min-w-0 items-center gap-1" data-leaf={leafKey(node)}>
      {isWord ? <BadgeLeaf node={node} /> : <LeafBody node={node} />}
      {node.actions === undefined ? null : <Actions node={node} />}
      <Marks node={node} />
    </span>
  );
}
