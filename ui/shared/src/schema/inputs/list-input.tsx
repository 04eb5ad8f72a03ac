import { isJsonObject } from '@wfm/workflow-engine/models';
import { ArrowDown, ArrowUp, Plus, Trash2 } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { useTranslations } from 'use-intl';
import { Button, IconButton } from '../../components/button.tsx';
import { newId } from '../../core/ids.ts';
import type { InputProps } from './input-props.ts';
import { RowInput } from './row-input.tsx';

/** Rows that are added, taken away and moved, by keys as well: Alt+Up, Alt+Down, and Enter for one more. */
export function ListInput({ id, value, schema, settings, disabled, label, onChange }: InputProps) {
  const words = useTranslations('view');
  const rows = Array.isArray(value) ? (value as unknown[]) : [];
  // A row is known by a name of its own, so that moving it takes along what is being typed in it.
  const keys = useRef<string[]>([]);
  while (keys.current.length < rows.length) keys.current.push(newId());
  const box = useRef<HTMLDivElement>(null);
  const focusNext = useRef<number | null>(null);
  useEffect(() => {
    const index = focusNext.current;
    focusNext.current = null;
    if (index === null) return;
    const fields = box.current?.querySelectorAll<HTMLElement>('[data-list-row]') ?? [];
    const row = fields[Math.min(index, fields.length - 1)];
    (
      row?.querySelector<HTMLElement>('input, textarea, select, button') ?? box.current?.querySelector('button')
    )?.focus();
  });
  const items: Record<string, unknown> = isJsonObject(schema['items']) ? schema['items'] : {};
  const isObject = isJsonObject(items['properties']);
  const most = typeof schema['maxItems'] === 'number' ? schema['maxItems'] : 1_000;
  const change = (next: unknown[], nextKeys: string[], focusOn: number): void => {
    keys.current = nextKeys;
    focusNext.current = focusOn;
    onChange(next);
  };
  const set = (index: number, row: unknown): void => onChange(rows.with(index, row));
  const remove = (index: number): void =>
    change(rows.toSpliced(index, 1), keys.current.toSpliced(index, 1), Math.max(0, index - 1));
  const move = (index: number, by: number): void => {
    const to = index + by;
    if (to < 0 || to >= rows.length) return;
    change(
      rows.toSpliced(index, 1).toSpliced(to, 0, rows[index]),
      keys.current.toSpliced(index, 1).toSpliced(to, 0, keys.current[index] ?? ''),
      to,
    );
  };
  const add = (at: number): void => {
    if (disabled || rows.length >= most) return;
    change(rows.toSpliced(at, 0, isObject ? {} : startOf(items)), keys.current.toSpliced(at, 0, newId()), at);
  };
  return (
    <div ref={box} className="grid gap-2">
      {rows.map((row, index) => (
        <div
          key={keys.current[index]}
          data-list-row
          role="group"
          aria-label={`${label} ${index + 1}`}
          onKeyDown={(event) => {
            if (event.nativeEvent.isComposing || disabled) return;
            const isLine = event.target instanceof HTMLInputElement && event.target.type === 'text';
            const step = event.key === 'ArrowUp' ? -1 : event.key === 'ArrowDown' ? 1 : 0;
            if (event.altKey && step !== 0) move(index, step);
            else if (event.key === 'Enter' && isLine && !isObject && !event.ctrlKey && !event.metaKey) add(index + 1);
            else if (event.key === 'Backspace' && isLine && !isObject && row === '' && rows.length > 1) remove(index);
            else return;
            event.preventDefault();
          }}
          className="flex items-start gap-1 rounded-md border border-line bg-surface p-2"
        >
          <div className="min-w-0 flex-1">
            <RowInput
              id={`${id}-${keys.current[index] ?? index}`}
              items={items}
              name={String(index)}
              value={row}
              settings={settings}
              disabled={disabled}
              invalid={false}
              describedBy={undefined}
              label={`${label} ${index + 1}`}
              onChange={(next) => set(index, next)}
            />
          </div>
          <IconButton
            label={words('up')}
            disabled={disabled || index === 0}
            icon={<ArrowUp aria-hidden className="size-4" />}
            onClick={() => move(index, -1)}
          />
          <IconButton
            label={words('down')}
            disabled={disabled || index === rows.length - 1}
            icon={<ArrowDown aria-hidden className="size-4" />}
            onClick={() => move(index, 1)}
          />
          <IconButton
            label={words('remove')}
            disabled={disabled}
            icon={<Trash2 aria-hidden className="size-4" />}
            onClick={() => remove(index)}
          />
        </div>
      ))}
      <Button
        size="small"
        className="min-h-11 justify-self-start"
        disabled={disabled || rows.length >= most}
        icon={<Plus aria-hidden className="size-4" />}
        onClick={() => add(rows.length)}
      >
        {words('addRow')}
      </Button>
    </div>
  );
}

/** A new entry: its default, else an empty text where it is one. */
function startOf({ default: given, type }: Record<string, unknown>): unknown {
  return given ?? (type === undefined || type === 'string' ? '' : null);
}
