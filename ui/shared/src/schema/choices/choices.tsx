import type { ViewNode } from '@wfm/workflow-engine/display';
import { type KeyboardEvent, type ReactNode, useEffect, useId, useMemo, useRef, useState } from 'react';
import { useTranslations } from 'use-intl';
import { isInField, isShortcut } from '../../core/shortcut.ts';
import { NodeView } from '../node-view.tsx';
import { useView } from '../view-context.ts';
import { ChoiceContext } from './choice-context.ts';
import { choiceBelow } from './choice-keys.ts';
import { ChoiceStore, choicesOf, type Selection } from './selection.ts';

/** A view whose items are chosen: arrows move, Space and 1 to 9 choose, however deep the items lie (ux.md 2.5, U4). */
export function Choices({
  root,
  selection,
  children,
}: {
  root: ViewNode;
  selection: Selection;
  /** Beside the view, among the same choices. */
  children?: ReactNode;
}) {
  const words = useTranslations('view');
  const { onMediaKey } = useView();
  const { multi, disabled, label, chosen } = selection;
  const group = useId();
  const box = useRef<HTMLDivElement>(null);
  const latest = useRef(selection);
  latest.current = selection;
  const store = useMemo(() => new ChoiceStore(choicesOf(root), latest.current.chosen), [root]);
  const [isFull, setFull] = useState(false);
  useEffect(() => store.setChosen(chosen), [store, chosen]);

  const acts = useMemo(
    () => ({
      store,
      multi,
      disabled,
      group,
      toggle(key: string) {
        const { max = -1 } = latest.current;
        const keys = new Set(store.chosenKeys());
        if (!multi) keys.clear();
        const isOff = multi && keys.delete(key);
        const full = multi && !isOff && max >= 0 && keys.size >= max;
        setFull(full);
        store.setCurrent(key);
        if (full) return;
        if (!isOff) keys.add(key);
        const paths = store.pathsOf(keys);
        store.setChosen(paths);
        latest.current.onChange(paths);
      },
      settle: () => {
        const seen = box.current ? seenChoice(box.current, store) : undefined;
        if (seen !== undefined) store.setCurrent(seen);
      },
    }),
    [store, multi, disabled, group],
  );

  useEffect(() => {
    const element = box.current;
    // Sections open and close without bubbling.
    element?.addEventListener('toggle', acts.settle, true);
    return () => element?.removeEventListener('toggle', acts.settle, true);
  }, [acts]);

  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>): void => {
    const { target, key, ctrlKey, metaKey, altKey, nativeEvent } = event;
    if (nativeEvent.isComposing || ctrlKey || metaKey || altKey) return;
    if (!(target instanceof HTMLElement) || !target.hasAttribute('data-choice-control')) return;
    const act = isShortcut(nativeEvent, 'Enter') ? 'open' : isShortcut(nativeEvent, 'd') ? 'save' : null;
    if (act && onMediaKey?.(store.currentKey(), act) === true) return event.preventDefault();
    const next = choiceBelow(key, target, event.currentTarget, store);
    if (next === undefined) return;
    event.preventDefault();
    store.setCurrent(next);
    focusOn(next, event.currentTarget, store);
  };
  useEffect(() => {
    if (disabled) return undefined;
    const onDigit = (event: globalThis.KeyboardEvent): void => {
      if (event.defaultPrevented || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
      if (!/^[1-9]$/.test(event.key) || isInField(event.target) || isBehind(box.current)) return;
      const key = store.nth(Number(event.key) - 1);
      if (key === undefined) return;
      event.preventDefault();
      acts.toggle(key);
      if (box.current) focusOn(key, box.current, store);
    };
    globalThis.addEventListener('keydown', onDigit);
    return () => globalThis.removeEventListener('keydown', onDigit);
  }, [acts, store, disabled]);

  return (
    <ChoiceContext value={acts}>
      <div
        ref={box}
        role={multi ? 'group' : 'radiogroup'}
        aria-label={label}
        onKeyDown={onKeyDown}
        className="grid min-w-0 gap-3"
      >
        <NodeView node={root} isRoot />
      </div>
      {children}
      {multi ? (
        <p role="status" className="mt-3 text-sm text-ink-soft tabular-nums">
          {countText(words, selection)}
          {isFull ? <span className="text-warn"> · {words('full')}</span> : null}
        </p>
      ) : null}
    </ChoiceContext>
  );
}

/** The first card that is seen, where the one that Tab leads to is not; undefined where it is, or where none is. */
function seenChoice(box: HTMLElement, store: ChoiceStore): string | undefined {
  const controls = [...box.querySelectorAll<HTMLElement>('[data-choice-control]')].filter((one) =>
    one.checkVisibility(),
  );
  const keys = controls.map((one) => one.closest<HTMLElement>('[data-choice]')?.dataset['choice']);
  return keys.some((key) => key !== undefined && store.isCurrent(key)) ? undefined : keys[0];
}

const mostTries = 60;

/** A card that is not mounted, or folded away, is asked for, and gets the focus as soon as it can take it. */
function focusOn(key: string, box: HTMLElement, store: ChoiceStore, tries = mostTries): void {
  const control = box.querySelector<HTMLElement>(`[data-choice="${CSS.escape(key)}"] [data-choice-control]`);
  control?.focus();
  if (control && document.activeElement === control) return;
  if (tries === mostTries) store.reveal(key);
  if (tries > 0 && store.isCurrent(key)) requestAnimationFrame(() => focusOn(key, box, store, tries - 1));
}

/** A window lies over the choice: keys are its own. */
function isBehind(box: HTMLElement | null): boolean {
  const windows = document.querySelectorAll('dialog[open], [role="dialog"], [role="alertdialog"]');
  return box === null || [...windows].some((open) => !open.contains(box));
}

type Words = ReturnType<typeof useTranslations<'view'>>;

/** "2 of 1–3" (ux.md U4). */
function countText(words: Words, { chosen, min = 0, max = -1 }: Selection): string {
  const count = chosen.length;
  if (max < 0) return min > 0 ? words('chosenAtLeast', { count, min }) : words('chosen', { count });
  return min === max ? words('chosenOf', { count, max }) : words('chosenBetween', { count, min, max });
}
