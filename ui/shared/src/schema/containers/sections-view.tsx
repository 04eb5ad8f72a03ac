import type { ViewNode } from '@wfm/workflow-engine/display';
import { ChevronDown } from 'lucide-react';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { Choice } from '../choices/choice.tsx';
import { useRevealed } from '../choices/use-revealed.ts';
import { BelowHeading } from '../heading.tsx';
import { keyOf } from '../keys.ts';
import { LeafView } from '../leaves/leaf-view.tsx';
import { Marks } from '../marks.tsx';
import { slotTitleOf } from '../slots.ts';
import { edgeClass, edgeStyle } from '../tone.ts';
import { TitleContext } from '../view-context.ts';
import { FrameBody, FrameMedia } from './frame.tsx';
import { FrameHead } from './frame-head.tsx';
import { longFrom, LongList } from './long-list.tsx';
import { NodeView } from '../node-view.tsx';

/** Members that open and close; the first is open. */
export function SectionsView({ node }: { node: ViewNode }) {
  const { children = [] } = node;
  if (children.length > longFrom) {
    return <LongList node={node} members={children} draw={(child) => <Section node={child} isFirst={false} />} />;
  }
  return (
    <div className="grid gap-2">
      {children.map((child, index) => (
        <Section key={keyOf(child)} node={child} isFirst={index === 0} />
      ))}
    </div>
  );
}

function Section({ node, isFirst }: { node: ViewNode; isFirst: boolean }) {
  const words = useTranslations('view');
  const [isOpen, setOpen] = useState(isFirst);
  useRevealed(node, () => setOpen(true));
  const nth = node.path.at(-1);
  const fallback = words('tab', { number: typeof nth === 'number' ? nth + 1 : 1 });
  const isLeaf = node.children === undefined;
  const section = (
    <details
      open={isOpen}
      onToggle={(event) => setOpen(event.currentTarget.open)}
      className={node.select ? 'group/section' : sectionClass(node)}
      style={node.select ? undefined : edgeStyle(node.tone)}
    >
      <summary className="flex min-h-12 cursor-pointer list-none items-center gap-3 rounded-md px-3 py-2 hover:bg-sunken">
        <ChevronDown
          aria-hidden
          className="size-4 shrink-0 -rotate-90 text-ink-faint transition-transform group-open/section:rotate-0 rtl:rotate-90 rtl:group-open/section:rotate-0"
        />
        <div className="min-w-0 flex-1">
          {/* Buttons in a summary would be buttons in a button: they stand below. */}
          <FrameHead node={plainHead(node)} fallback={fallback} />
        </div>
      </summary>
      <div className="grid gap-3 px-3 pt-1 pb-4 sm:ps-10">
        <TitleContext value={slotTitleOf(node)}>
          <BelowHeading>
            {node.kind === 'block' ? (
              <NodeView node={node} hideLabel />
            ) : isLeaf ? (
              <LeafView node={node} hideLabel />
            ) : (
              <>
                <FrameMedia node={node} />
                <FrameBody node={node} />
                <Marks node={node} />
              </>
            )}
          </BelowHeading>
        </TitleContext>
      </div>
    </details>
  );
  return node.select ? <Choice node={node}>{section}</Choice> : section;
}

function sectionClass({ tone }: ViewNode): string {
  return `group/section rounded-md border border-line bg-surface ${edgeClass(tone) ?? ''}`;
}

const heads = new WeakMap<ViewNode, ViewNode>();

/** The node with a head that has no buttons. */
function plainHead(node: ViewNode): ViewNode {
  const found = heads.get(node);
  if (found) return found;
  const { actions: _own, marks: _marks, ...rest } = node;
  const children = node.children?.map(({ actions: _actions, ...child }): ViewNode => child);
  const head: ViewNode = { ...rest, ...(children ? { children } : {}) };
  heads.set(node, head);
  return head;
}
