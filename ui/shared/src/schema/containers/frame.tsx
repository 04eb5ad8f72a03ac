import type { ViewNode } from '@wfm/workflow-engine/display';
import { classNames } from '../../components/class-names.ts';
import { BelowHeading } from '../heading.tsx';
import { keyOf } from '../keys.ts';
import { LeafView } from '../leaves/leaf-view.tsx';
import { Marks } from '../marks.tsx';
import { NodeView } from '../node-view.tsx';
import { slotsOf, slotTitleOf } from '../slots.ts';
import { edgeClass, edgeStyle } from '../tone.ts';
import { TitleContext, useView } from '../view-context.ts';
import { FrameHead } from './frame-head.tsx';
import { Members } from './members.tsx';

/** An object: picture, title, badges, the rest, and what stands at its side or foot (format.md 18.3, slots). */
export function Frame({
  node,
  isBare = false,
  hideTitle = false,
}: {
  node: ViewNode;
  /** Without a border: what is around it has one. */
  isBare?: boolean;
  hideTitle?: boolean;
}) {
  const { compact } = useView();
  const { tone, enabled } = node;
  return (
    <article
      className={classNames(
        'grid min-w-0 content-start gap-3',
        !isBare && 'h-full rounded-md border border-line bg-surface',
        !isBare && (compact ? 'p-3' : 'p-4'),
        !isBare && edgeClass(tone),
        isBare && tone !== undefined && classNames('ps-3', edgeClass(tone)),
        enabled === false && 'opacity-60',
      )}
      style={edgeStyle(tone)}
    >
      <TitleContext value={slotTitleOf(node)}>
        <FrameMedia node={node} />
        <FrameHead node={node} hideTitle={hideTitle} />
        <BelowHeading>
          <FrameBody node={node} />
        </BelowHeading>
        <Marks node={node} />
      </TitleContext>
    </article>
  );
}

/** What is shown first and largest. */
export function FrameMedia({ node }: { node: ViewNode }) {
  const { media } = slotsOf(node);
  return media.map((child) =>
    child.children === undefined ? (
      <LeafView key={keyOf(child)} node={child} hideLabel fit="head" />
    ) : (
      <NodeView key={keyOf(child)} node={child} hideLabel />
    ),
  );
}

/** Everything below the head. */
export function FrameBody({ node }: { node: ViewNode }) {
  const { body, aside, footer } = slotsOf(node);
  return (
    <>
      {aside.length > 0 ? (
        <div className="view-box">
          <div className="view-aside">
            {body.length > 0 ? <Members node={node} members={body} /> : <span />}
            <div className="grid min-w-0 content-start gap-2">
              {aside.map((child) => (
                <NodeView key={keyOf(child)} node={child} />
              ))}
            </div>
          </div>
        </div>
      ) : body.length > 0 ? (
        <Members node={node} members={body} />
      ) : null}
      {footer.length > 0 ? (
        <footer className="border-t border-line pt-2 text-sm text-ink-soft">
          <Members node={node} members={footer} />
        </footer>
      ) : null}
    </>
  );
}
