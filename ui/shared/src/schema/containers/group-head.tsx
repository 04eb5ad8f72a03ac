import type { ViewNode } from '@wfm/workflow-engine/display';
import { Heading } from '../heading.tsx';
import { Actions } from '../leaves/actions.tsx';
import { Notes, useNotes } from '../notes.tsx';

/** What stands above a list: its name, what was noted about it, what can be done with it. */
export function GroupHead({ node, hideLabel }: { node: ViewNode; hideLabel: boolean }) {
  const notes = useNotes(node);
  const { label, actions } = node;
  const hasLabel = label !== undefined && !hideLabel;
  if (!hasLabel && notes.length === 0 && actions === undefined) return null;
  return (
    <div className="flex flex-wrap items-center gap-2">
      {hasLabel ? (
        <Heading className="font-semibold text-pretty">
          <span data-content dir="auto">
            {label}
          </span>
        </Heading>
      ) : null}
      <Notes notes={notes} />
      {actions === undefined ? null : <Actions node={node} />}
    </div>
  );
}
