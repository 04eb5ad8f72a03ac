import type { ViewNode } from '@wfm/workflow-engine/display';
import { keyOf } from '../keys.ts';
import { NodeView } from '../node-view.tsx';
import { longFrom, LongList } from './long-list.tsx';

/** Members as a list: plain values as lines, objects as cards below each other. */
export function ListView({ node }: { node: ViewNode }) {
  const { children = [] } = node;
  if (children.length > longFrom) return <LongList node={node} members={children} />;
  const isPlain = children.every((child) => child.children === undefined && !child.select && child.label === undefined);
  return (
    <ul className={isPlain ? 'grid list-disc gap-1 ps-5 marker:text-ink-faint' : 'grid gap-2'}>
      {children.map((child) => (
        <li key={keyOf(child)} className="min-w-0">
          <NodeView node={child} />
        </li>
      ))}
    </ul>
  );
}
