import { ChevronsUpDown, X } from 'lucide-react';
import { type KeyboardEvent, useDeferredValue, useId, useMemo, useRef, useState } from 'react';
import { useTranslations } from 'use-intl';
import { VList, type VListHandle } from 'virtua';
import { classNames } from './class-names.ts';

export interface ComboboxItem {
  id: string;
  label: string;
  /** Items of one group follow each other. */
  group?: string;
}

export interface ComboboxProps {
  id: string;
  label: string;
  items: readonly ComboboxItem[];
  /** Id of the chosen one. */
  value: string | null;
  /** Shown where the value is none of the items. */
  text?: string | undefined;
  onChange: (id: string | null) => void;
  disabled?: boolean;
  invalid?: boolean;
  describedBy?: string | undefined;
  /** It takes the focus when it appears, and is open. */
  autoFocus?: boolean;
}

const shownAtOnce = 8;
const rowPx = 44;

function fits({ label }: ComboboxItem, wanted: string): boolean {
  return label.toLowerCase().includes(wanted);
}

/** A list with a box to search in it: type to narrow, arrows to move, Enter to choose, Esc to leave. */
export function Combobox(props: ComboboxProps) {
  const { id, label, items, value, text, onChange, disabled = false, invalid = false, describedBy } = props;
  const { autoFocus = false } = props;
  const words = useTranslations('view');
  const listId = useId();
  const list = useRef<VListHandle>(null);
  const [open, setOpen] = useState(autoFocus);
  const [query, setQuery] = useState('');
  const [at, setAt] = useState(0);
  const wanted = useDeferredValue(query.trim().toLowerCase());
  const shown = useMemo(() => (wanted === '' ? items : items.filter((item) => fits(item, wanted))), [items, wanted]);
  const chosen = items.find((item) => item.id === value);
  const current = shown[Math.min(at, shown.length - 1)];
  const openList = (): void => {
    if (disabled || open) return;
    setOpen(true);
    setQuery('');
    setAt(
      Math.max(
        0,
        items.findIndex((item) => item.id === value),
      ),
    );
  };
  const choose = (item: ComboboxItem | undefined): void => {
    if (!item) return;
    onChange(item.id);
    setOpen(false);
  };
  const move = (to: number): void => {
    const next = Math.min(shown.length - 1, Math.max(0, to));
    setAt(next);
    list.current?.scrollToIndex(next, { align: 'nearest' });
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.nativeEvent.isComposing) return;
    const steps: Record<string, number> = {
      ArrowDown: at + 1,
      ArrowUp: at - 1,
      PageDown: at + shownAtOnce,
      PageUp: at - shownAtOnce,
    };
    const to = steps[event.key];
    if (to !== undefined) {
      event.preventDefault();
      if (open) move(to);
      else openList();
    } else if (event.key === 'Enter' && open && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      // What is typed by now, which the list may not show yet.
      const fitting = query.trim() === '' ? items : items.filter((item) => fits(item, query.trim().toLowerCase()));
      choose(fitting[Math.min(at, fitting.length - 1)]);
    } else if (event.key === 'Escape' && open) {
      // The window around it stays.
      event.stopPropagation();
      event.preventDefault();
      setOpen(false);
    }
  };
  return (
    <div
      className="relative"
      onBlur={(event) => {
        if (!event.currentTarget.contains(event.relatedTarget)) setOpen(false);
      }}
    >
      <input
        id={id}
        role="combobox"
        {...(autoFocus ? { 'aria-label': label } : {})}
        type="text"
        dir="auto"
        autoComplete="off"
        autoFocus={autoFocus}
        aria-expanded={open}
        aria-controls={open ? listId : undefined}
        aria-autocomplete="list"
        aria-activedescendant={open && current ? `${listId}-${current.id}` : undefined}
        aria-describedby={describedBy}
        aria-invalid={invalid || undefined}
        disabled={disabled}
        value={open ? query : (chosen?.label ?? text ?? '')}
        placeholder={open ? chosen?.label : words('choose')}
        onChange={(event) => {
          if (!open) setOpen(true);
          setQuery(event.target.value);
          setAt(0);
        }}
        onClick={openList}
        onKeyDown={onKeyDown}
        className="min-h-11 w-full rounded-md border border-line-strong bg-surface py-2 ps-3 pe-16 disabled:opacity-60 aria-invalid:border-bad"
      />
      {chosen && !disabled ? (
        <button
          type="button"
          aria-label={words('clearNamed', { name: label })}
          onClick={() => onChange(null)}
          className="absolute end-8 top-0 grid h-11 w-8 place-items-center text-ink-faint hover:text-ink"
        >
          <X aria-hidden className="size-4" />
        </button>
      ) : null}
      <ChevronsUpDown aria-hidden className="pointer-events-none absolute end-2.5 top-3.5 size-4 text-ink-faint" />
      {open ? (
        <div className="absolute inset-x-0 top-full z-40 mt-1 overflow-clip rounded-md border border-line bg-surface shadow-2">
          {shown.length === 0 ? <p className="p-3 text-sm text-ink-soft">{words('noneFound')}</p> : null}
          <VList
            ref={list}
            id={listId}
            role="listbox"
            aria-label={label}
            style={{ height: Math.min(shown.length, shownAtOnce) * rowPx }}
            keepMounted={[at]}
          >
            {shown.map((item, index) => (
              <div
                key={item.id}
                id={`${listId}-${item.id}`}
                role="option"
                aria-selected={item.id === value}
                aria-setsize={shown.length}
                aria-posinset={index + 1}
                // The focus stays in the box.
                onPointerDown={(event) => event.preventDefault()}
                onClick={() => choose(item)}
                className={classNames(
                  'flex min-h-11 cursor-pointer items-center gap-2 px-3 text-sm',
                  index === at ? 'bg-accent-soft' : 'hover:bg-sunken',
                  item.id === value && 'font-semibold',
                )}
              >
                <span data-content dir="auto" className="min-w-0 flex-1 truncate">
                  {item.label}
                </span>
                {item.group === undefined ? null : (
                  <span data-content dir="auto" className="text-xs text-ink-faint">
                    {item.group}
                  </span>
                )}
              </div>
            ))}
          </VList>
        </div>
      ) : null}
    </div>
  );
}
