import type { ViewNode } from '@wfm/workflow-engine/display';
import { memo } from 'react';
import { Choice } from './choices/choice.tsx';
import { CompareView } from './containers/compare-view.tsx';
import { Frame } from './containers/frame.tsx';
import { GroupHead } from './containers/group-head.tsx';
import { ListView } from './containers/list-view.tsx';
import { Members } from './containers/members.tsx';
import { SectionsView } from './containers/sections-view.tsx';
import { TableView } from './containers/table-view.tsx';
import { TabsView } from './containers/tabs-view.tsx';
import { BelowHeading } from './heading.tsx';
import { LeafView } from './leaves/leaf-view.tsx';
import { Marks } from './marks.tsx';
import { useView } from './view-context.ts';

export interface NodeViewProps {
  node: ViewNode;
  /** The whole view: it needs no frame of its own. */
  isRoot?: boolean;
  /** The frame around it shows its label already. */
  hideLabel?: boolean;
}

/** One node of a view tree by its kind. What can be chosen is a choice around it. */
export const NodeView = memo(function NodeView({ node, isRoot = false, hideLabel = false }: NodeViewProps) {
  const body = <Body node={node} isRoot={isRoot} hideLabel={hideLabel} />;
  return node.select ? <Choice node={node}>{body}</Choice> : body;
});

function Body({ node, isRoot, hideLabel }: { node: ViewNode; isRoot: boolean; hideLabel: boolean }) {
  const { drawBlock } = useView();
  if (node.kind === 'block') return drawBlock?.(node) ?? null;
  if (node.children === undefined) return <LeafView node={node} hideLabel={hideLabel || node.select === true} />;
  const holdsItems = node.children.some(
    ({ path }) => path.length > node.path.length && typeof path.at(-1) === 'number',
  );
  // A list is a heading and its members; an object is a card, unless it is the whole or a choice, which has a frame.
  if (!holdsItems && !framing.has(node.kind)) {
    return <Frame node={node} isBare={node.select === true || (isRoot && node.kind !== 'panel')} />;
  }
  return (
    <section className="grid min-w-0 gap-2">
      <GroupHead node={node} hideLabel={hideLabel} />
      <BelowHeading>
        <Container node={node} />
      </BelowHeading>
      <Marks node={node} />
    </section>
  );
}

/** Kinds whose members have frames of their own. */
const framing = new Set(['tabs', 'table', 'sections', 'gallery', 'compare']);

function Container({ node }: { node: ViewNode }) {
  switch (node.kind) {
    case 'table':
      return <TableView node={node} />;
    case 'tabs':
      return <TabsView node={node} />;
    case 'sections':
      return <SectionsView node={node} />;
    case 'compare':
      return <CompareView node={node} />;
    case 'list':
      return <ListView node={node} />;
    default:
      return <Members node={node} />;
  }
}
