import type { ViewNode } from '@wfm/workflow-engine/display';
import { useTranslations } from 'use-intl';
import { keyOf } from '../keys.ts';
import { NodeView } from '../node-view.tsx';
import { longFrom, LongList } from './long-list.tsx';

/** Members side by side, in one line that scrolls where they do not fit. */
export function CompareView({ node }: { node: ViewNode }) {
  const words = useTranslations('view');
  const { children = [], label } = node;
  if (children.length > longFrom) return <LongList node={node} members={children} />;
  return (
    <div
      // It can be scrolled by keys, so it can be reached by them.
      tabIndex={0}
      role="group"
      aria-label={label ?? words('sideBySide')}
      className="flex snap-x gap-3 overflow-x-auto p-1 pb-2"
    >
      {children.map((child) => (
        <div key={keyOf(child)} className="min-w-64 flex-1 snap-start">
          <NodeView node={child} />
        </div>
      ))}
    </div>
  );
}
