import type { ViewNode } from '@wfm/workflow-engine/display';
import { keyOf } from '../keys.ts';
import { gridOf, spanOf } from '../layout.ts';
import { NodeView } from '../node-view.tsx';
import { longFrom, LongList } from './long-list.tsx';

/** Members one below the other, or in columns where the layout says so (format.md 18.2). */
export function Members({ node, members = node.children ?? [] }: { node: ViewNode; members?: readonly ViewNode[] }) {
  if (members.length > longFrom) return <LongList node={node} members={members} />;
  const { className, style } = gridOf(node);
  return (
    <div className="view-box">
      <div className={className} style={style}>
        {members.map((member) => (
          <div key={keyOf(member)} style={spanOf(member)} className="min-w-0">
            <NodeView node={member} />
          </div>
        ))}
      </div>
    </div>
  );
}
