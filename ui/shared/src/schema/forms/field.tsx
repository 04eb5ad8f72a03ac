import { wordsOf } from '@wfm/workflow-engine/display';
import { type CSSProperties, memo, useCallback, useId, useSyncExternalStore } from 'react';
import { chooseInput, inputOf, ownLabel } from '../inputs/index.ts';
import { LeafView } from '../leaves/leaf-view.tsx';
import { spanOf } from '../layout.ts';
import { MarkChip } from '../marks.tsx';
import type { FormStore } from './form-store.ts';
import { FieldHelp, FieldLabel } from './field-words.tsx';
import { ModeSwitch } from './mode-switch.tsx';

/** One field: label, input, help and fault, tied together by id (ux.md 3.3, promise 5). */
export const Field = memo(function Field({
  store,
  name,
  column,
}: {
  store: FormStore;
  name: string;
  /** Of a row, whose head shows the label. */
  column?: number;
}) {
  const id = useId();
  const subscribe = useCallback((listener: () => void) => store.subscribe(name, listener), [store, name]);
  const { value, options, enabled, error, source, required } = useSyncExternalStore(subscribe, () =>
    store.snapshot(name),
  );
  const field = store.field(name);
  const onChange = useCallback((next: unknown) => store.set(name, next), [store, name]);
  if (!field) return null;
  const { schema, ui } = field;
  const label = labelOf(ui['label'], schema['title'], name);
  const help = typeof schema['description'] === 'string' ? schema['description'] : undefined;
  const { span, labelClass } = placeOf(column, ui['layout']);
  if (schema['readOnly'] === true) {
    const text = typeof ui['text'] === 'string' ? { text: ui['text'] } : {};
    return (
      <div style={span}>
        <LeafView
          node={{ kind: 'text', path: [name], slot: 'body', value, ...text, ...(label === null ? {} : { label }) }}
        />
      </div>
    );
  }
  const wish = ui['input'];
  const settings: Readonly<Record<string, unknown>> = isRecord(wish) ? { ...wish, source } : {};
  const { kind, mark } = chooseInput(schema, wish);
  const Input = inputOf(kind, options !== undefined, options?.length ?? 0);
  const described = [help === undefined ? '' : `${id}-help`, error === undefined ? '' : `${id}-error`].join(' ').trim();
  const input = (
    <Input
      id={id}
      kind={kind}
      name={name}
      value={value}
      options={options}
      schema={schema}
      settings={settings}
      disabled={!enabled}
      invalid={error !== undefined}
      describedBy={described === '' ? undefined : described}
      label={label ?? wordsOf(name)}
      onChange={onChange}
    />
  );
  const isGroup = ownLabel(kind);
  const Wrapper = isGroup ? 'fieldset' : 'div';
  // A box to tick stands before its words.
  const isBeside = column === undefined && (kind === 'checkbox' || kind === 'switch');
  const naming = { id, label: label ?? '', required };
  return (
    <Wrapper
      style={span}
      className="grid min-w-0 content-start gap-1"
      data-field={name}
      disabled={isGroup ? !enabled : undefined}
    >
      {isBeside ? (
        <div className="flex items-center gap-3">
          {input}
          {label === null ? null : (
            <FieldLabel {...naming} isGroup={false} className="min-w-0 flex-1 py-2 text-sm font-medium" />
          )}
        </div>
      ) : (
        <>
          {label === null ? null : <FieldLabel {...naming} isGroup={isGroup} className={labelClass} />}
          <ModeSwitch ui={ui} value={value} onChange={onChange} disabled={!enabled}>
            {input}
          </ModeSwitch>
        </>
      )}
      {mark === undefined ? null : <MarkChip mark={mark} />}
      <FieldHelp id={id} help={help} error={error} />
    </Wrapper>
  );
});

/** Where a field stands: in its column of a row, whose head shows the label, or where its layout wants it. */
function placeOf(column: number | undefined, layout: unknown): { span: CSSProperties | undefined; labelClass: string } {
  if (column !== undefined) return { span: { gridColumn: column, gridRow: 1 }, labelClass: 'sr-only' };
  const span = spanOf({ kind: 'text', path: [], slot: 'body', ...(isRecord(layout) ? { layout } : {}) });
  return { span, labelClass: 'text-sm font-medium' };
}

/** What a field is called; null for one without a label. */
export function labelOf(hint: unknown, title: unknown, name: string): string | null {
  if (hint === false) return null;
  if (typeof hint === 'string') return hint;
  return typeof title === 'string' && title !== '' ? title : wordsOf(name);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
