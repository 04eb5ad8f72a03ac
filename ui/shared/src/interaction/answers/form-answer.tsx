import { formFields, type FormState, wordsOf } from '@wfm/workflow-engine/display';
import { isJsonObject } from '@wfm/workflow-engine/models';
import { memo, useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { VList, type VListHandle } from 'virtua';
import { classNames } from '../../components/class-names.ts';
import { DataView, type FieldError, labelOf, SchemaForm } from '../../schema/index.ts';
import { errorsByRow } from '../answering/faults.ts';
import { revealRow } from '../frame/find-field.ts';
import type { AnswerBodyProps } from './answer-body.tsx';
import type { RequestOf } from './answer-props.ts';
import { formSource } from './draft.ts';
import { useWidth } from './use-width.ts';

/** From here on only the rows in sight are mounted. */
const longFrom = 50;
/** Width in rem that a row of a table needs: for the item, and for each field. */
const itemRem = 10;
const fieldRem = 7.5;

/**
 * One form for each item, each with its item beside or above it (format.md 14.1, 19): as rows of a table where there is
 * room for one, as a list of cards, or as a stack of wide ones. A row is its item's place: none is added here.
 */
export function FormAnswer(props: AnswerBodyProps & { request: RequestOf<'form_input'> }) {
  const { request, store, disabled, faults } = props;
  const { form_schema: form, form_type: type, form_defaults: rows, data: items } = request;
  const source = useMemo(() => formSource(request), [form, items]);
  const fields = useMemo(() => columnsOf(source.schema), [source]);
  const box = useRef<HTMLDivElement>(null);
  const width = useWidth(box);
  const isTable = type === 'table' && width >= itemRem + fieldRem * fields.length;
  const errors = useMemo(() => errorsByRow(faults), [faults]);
  const count = rows.length;
  const change = useCallback(
    (index: number, state: FormState) => {
      const draft = store.get();
      const forms = Array.from({ length: count }, (_, at) => (at === index ? state : draft.forms?.[at]));
      store.set({ ...draft, forms });
    },
    [store, count],
  );
  const drawRow = (index: number) => (
    <Row
      key={index}
      index={index}
      label={count > 1 ? `${request.title} ${index + 1}` : request.title}
      item={source.data[index]}
      itemSchema={request.schema}
      schema={source.schema}
      initial={store.get().forms?.[index]}
      columns={isTable ? fields : undefined}
      isCompact={type === 'list'}
      onChange={change}
      errors={errors.get(index) ?? noErrors}
      disabled={disabled}
    />
  );
  return (
    <div ref={box} className={classNames('grid', isTable ? '' : 'gap-3')}>
      {isTable ? <TableHead fields={fields} schema={source.schema} /> : null}
      {count > longFrom ? (
        <LongForm count={count} gap={isTable ? 0 : 12} drawRow={drawRow} box={box} />
      ) : (
        Array.from({ length: count }, (_, index) => drawRow(index))
      )}
    </div>
  );
}

const noErrors: readonly FieldError[] = [];

interface RowProps {
  index: number;
  label: string;
  item: unknown;
  itemSchema: unknown;
  schema: unknown;
  initial: FormState | undefined;
  columns: readonly string[] | undefined;
  isCompact: boolean;
  onChange: (index: number, state: FormState) => void;
  errors: readonly FieldError[];
  disabled: boolean;
}

const Row = memo(function Row(props: RowProps) {
  const { index, label, item, itemSchema, schema, initial, columns, isCompact, onChange, errors, disabled } = props;
  const change = useCallback((state: FormState) => onChange(index, state), [onChange, index]);
  const about = hasContent(item) ? <DataView data={item} schema={itemSchema} compact /> : null;
  const form = (
    <SchemaForm
      schema={schema}
      data={item}
      initial={initial}
      onChange={change}
      errors={errors}
      disabled={disabled}
      {...(columns ? { row: columns } : {})}
    />
  );
  return (
    <section
      data-row={index}
      aria-label={label}
      className={classNames(
        'border-line bg-surface',
        columns
          ? 'form-table-row border-x border-b px-3 py-2.5 last:rounded-b-md'
          : classNames(
              'gap-4 rounded-md border p-4',
              isCompact && about ? 'form-list grid sm:grid-cols-[10rem_1fr]' : 'grid',
            ),
      )}
    >
      {columns ? <div className="min-w-0">{about ?? index + 1}</div> : about}
      {form}
    </section>
  );
}, sameRow);

/** What a row begins with is read once: it need not be drawn again for what is typed in it. */
function sameRow(before: RowProps, after: RowProps): boolean {
  return (Object.keys(after) as (keyof RowProps)[]).every((name) => name === 'initial' || before[name] === after[name]);
}

function TableHead({ fields, schema }: { fields: readonly string[]; schema: unknown }) {
  const byName = useMemo(() => new Map(formFields(schema).map((field) => [field.name, field])), [schema]);
  return (
    <div
      aria-hidden
      className="form-table-row sticky top-14 z-10 rounded-t-md border border-line bg-sunken px-3 py-2 text-xs font-medium text-ink-soft"
    >
      <span />
      <span className="form-row" style={{ gridTemplateColumns: `repeat(${fields.length}, minmax(0, 1fr))` }}>
        {fields.map((name) => {
          const { ui = {}, schema: node = {} } = byName.get(name) ?? {};
          return (
            <span key={name} data-content dir="auto" className="truncate">
              {labelOf(ui['label'], node['title'], name) ?? wordsOf(name)}
            </span>
          );
        })}
      </span>
    </div>
  );
}

/** Many rows: a window over them; the one that is written in stays mounted. */
function LongForm({
  count,
  gap,
  drawRow,
  box,
}: {
  count: number;
  gap: number;
  drawRow: (index: number) => React.ReactNode;
  box: React.RefObject<HTMLDivElement | null>;
}) {
  const list = useRef<VListHandle>(null);
  const [focused, setFocused] = useState<number | null>(null);
  useEffect(() => {
    const card = box.current?.closest<HTMLElement>('[data-interaction]');
    const onReveal = (event: Event): void => {
      const row = (event as CustomEvent<number>).detail;
      if (row >= count) return;
      event.preventDefault();
      setFocused(row);
      list.current?.scrollToIndex(row, { align: 'center' });
    };
    card?.addEventListener(revealRow, onReveal);
    return () => card?.removeEventListener(revealRow, onReveal);
  }, [box, count]);
  return (
    <div
      onFocus={({ target }) => {
        const row = target.closest('[data-row]')?.getAttribute('data-row');
        if (row !== null && row !== undefined) setFocused(Number(row));
      }}
    >
      <VList ref={list} tabIndex={-1} style={{ height: '70dvh' }} keepMounted={focused === null ? [] : [focused]}>
        {Array.from({ length: count }, (_, index) => (
          <div key={index} style={{ paddingBlockEnd: gap }}>
            {drawRow(index)}
          </div>
        ))}
      </VList>
    </div>
  );
}

/** The fields that a table has columns for. */
function columnsOf(schema: unknown): string[] {
  return formFields(schema).flatMap(({ name, ui }) => (ui['show'] === 'no' ? [] : [name]));
}

function hasContent(item: unknown): boolean {
  return isJsonObject(item) ? Object.keys(item).length > 0 : item !== undefined && item !== null && item !== '';
}
