import type { ViewNode } from '@wfm/workflow-engine/display';
import { Heading } from '../heading.tsx';
import { keyOf } from '../keys.ts';
import { Actions } from '../leaves/actions.tsx';
import { LeafBadge, LeafLine } from '../leaves/leaf-view.tsx';
import { Notes, useNotes } from '../notes.tsx';
import { slotsOf } from '../slots.ts';

/** The head of an item: what it is called, a line below, badges, notes, and what can be done with it as a whole. */
export function FrameHead({
  node,
  hideTitle = false,
  fallback,
}: {
  node: ViewNode;
  /** What stands around it says its title already. */
  hideTitle?: boolean;
  /** For an item without a title. */
  fallback?: string;
}) {
  const { title, subtitle, badge } = slotsOf(node);
  const notes = useNotes(node);
  const { label, actions } = node;
  // A title that says more than its words is drawn all the same.
  const titles = hideTitle ? title.filter(({ marks, actions: own }) => marks ?? own) : title;
  const hasLabel = !hideTitle && label !== undefined;
  const hasAside = badge.length > 0 || notes.length > 0 || actions !== undefined;
  if (titles.length === 0 && !hasLabel && subtitle.length === 0 && !hasAside && fallback === undefined) return null;
  return (
    <div className="flex min-w-0 flex-wrap items-start justify-between gap-x-3 gap-y-1">
      <div className="min-w-0 flex-1 basis-52">
        {titles.length > 0 ? (
          <>
            {hasLabel ? (
              <p className="text-xs font-medium text-ink-soft">
                <span data-content dir="auto">
                  {label}
                </span>
              </p>
            ) : null}
            <Heading className="grid font-semibold text-pretty">
              {titles.map((child) => (
                <LeafLine key={keyOf(child)} node={child} />
              ))}
            </Heading>
          </>
        ) : hasLabel || fallback !== undefined ? (
          <Heading className="font-semibold text-pretty">
            <span data-content={hasLabel || undefined} dir="auto">
              {hasLabel ? label : fallback}
            </span>
          </Heading>
        ) : null}
        {subtitle.map((child) => (
          <div key={keyOf(child)} className="text-sm text-ink-soft">
            <LeafLine node={child} />
          </div>
        ))}
      </div>
      {hasAside ? (
        <div className="flex max-w-full flex-wrap items-center gap-1">
          {badge.map((child) => (
            <LeafBadge key={keyOf(child)} node={child} />
          ))}
          <Notes notes={notes} />
          {actions === undefined ? null : <Actions node={node} />}
        </div>
      ) : null}
    </div>
  );
}
