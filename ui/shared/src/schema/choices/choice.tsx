import type { ViewNode } from '@wfm/workflow-engine/display';
import { type MouseEvent, type ReactNode, useCallback, useSyncExternalStore } from 'react';
import { classNames } from '../../components/class-names.ts';
import { nameOf, slotsOf } from '../slots.ts';
import { type ChoiceActs, useChoices } from './choice-context.ts';
import { choiceKey } from './selection.ts';

/**
 * A card that can be chosen. The control is a real radio or checkbox on the card, so that what else is on it (copy, a
 * player) stays reachable; a press anywhere on the card chooses it.
 */
export function Choice({ node, children }: { node: ViewNode; children: ReactNode }) {
  const acts = useChoices();
  if (!acts) return <div className="h-full rounded-md border border-line bg-surface p-4">{children}</div>;
  return (
    <ChosenCard node={node} acts={acts}>
      {children}
    </ChosenCard>
  );
}

function ChosenCard({ node, acts, children }: { node: ViewNode; acts: ChoiceActs; children: ReactNode }) {
  const key = choiceKey(node.path);
  const isChosen = useIs(acts, key, 'isChosen');
  // On a card that begins with a picture the control lies on it, and the picture keeps the whole width.
  const hasPicture = slotsOf(node).media.length > 0;
  return (
    <div
      data-choice={key}
      onClick={(event) => {
        if (!acts.disabled && isPress(event)) acts.toggle(key);
      }}
      className={classNames(
        'relative flex h-full min-w-0 gap-3 rounded-md border bg-surface p-4 transition-colors',
        'has-[>*_[data-choice-control]:focus-visible]:outline-2 has-[>*_[data-choice-control]:focus-visible]:outline-offset-2 has-[>*_[data-choice-control]:focus-visible]:outline-accent',
        isChosen ? 'border-accent ring-1 ring-accent' : 'border-line shadow-1',
        acts.disabled ? '' : 'cursor-pointer hover:border-line-strong',
      )}
    >
      <span
        className={
          hasPicture
            ? 'absolute start-6 top-6 z-10 grid size-8 place-items-center rounded-full bg-surface/95 shadow-1'
            : 'mt-0.5 flex shrink-0'
        }
      >
        <Control node={node} acts={acts} choice={key} isChosen={isChosen} />
      </span>
      <div className="min-w-0 flex-1">{children}</div>
    </div>
  );
}

function Control({
  node,
  acts,
  choice,
  isChosen,
}: {
  node: ViewNode;
  acts: ChoiceActs;
  choice: string;
  isChosen: boolean;
}) {
  const isCurrent = useIs(acts, choice, 'isCurrent');
  return (
    <input
      data-choice-control
      type={acts.multi ? 'checkbox' : 'radio'}
      {...(acts.multi ? {} : { name: acts.group })}
      checked={isChosen}
      // The press itself goes to the card.
      onChange={() => undefined}
      onFocus={() => acts.store.setCurrent(choice)}
      disabled={acts.disabled}
      tabIndex={isCurrent ? 0 : -1}
      aria-label={nameOf(node)}
      className="size-5 shrink-0 accent-accent outline-none"
    />
  );
}

/** For a row of a table, which is a card of another shape. */
export function useChoice(node: ViewNode): {
  isChosen: boolean;
  rowProps: { 'data-choice'?: string; onClick?: (event: MouseEvent<HTMLElement>) => void };
  rowClass: string;
  control: ReactNode;
} {
  const acts = useChoices();
  const key = choiceKey(node.path);
  const isChosen = useIs(acts, key, 'isChosen');
  if (!acts || node.select !== true) return { isChosen: false, rowProps: {}, rowClass: '', control: null };
  const onClick = (event: MouseEvent<HTMLElement>): void => {
    if (!acts.disabled && isPress(event)) acts.toggle(key);
  };
  return {
    isChosen,
    rowProps: { 'data-choice': key, onClick },
    rowClass: classNames(
      'has-[[data-choice-control]:focus-visible]:outline-2 has-[[data-choice-control]:focus-visible]:-outline-offset-2 has-[[data-choice-control]:focus-visible]:outline-accent',
      isChosen ? 'bg-accent-soft' : acts.disabled ? '' : 'hover:bg-sunken',
      acts.disabled ? '' : 'cursor-pointer',
    ),
    control: <Control node={node} acts={acts} choice={key} isChosen={isChosen} />,
  };
}

const ownUse = 'a, button, summary, label, input, select, textarea, audio, video, [role="tab"], [role="slider"]';

/** A press on the card itself: not on what has a use of its own, not on a card within it, and not a text being marked. */
function isPress({ target, currentTarget }: MouseEvent<HTMLElement>): boolean {
  if (!(target instanceof Element) || target.closest('[data-choice]') !== currentTarget) return false;
  if (target.hasAttribute('data-choice-control')) return true;
  const used = target.closest(ownUse);
  if (used !== null && currentTarget.contains(used)) return false;
  const marked = globalThis.getSelection();
  return !marked || marked.isCollapsed || !currentTarget.contains(marked.anchorNode);
}

const never = (): (() => void) => () => undefined;

function useIs(acts: ChoiceActs | null, key: string, what: 'isChosen' | 'isCurrent'): boolean {
  const store = acts?.store;
  const subscribe = useCallback(
    (listener: () => void) => (store ? store.subscribe(key, listener) : never()),
    [store, key],
  );
  return useSyncExternalStore(subscribe, () => store?.[what](key) ?? false);
}
