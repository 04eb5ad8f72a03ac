import { type FormState, importHints } from '@wfm/workflow-engine/display';
import { type CSSProperties, useEffect, useMemo, useRef, useSyncExternalStore } from 'react';
import { useTranslations } from 'use-intl';
import { gridOf } from '../layout.ts';
import { Field } from './field.tsx';
import { type FieldError, FormStore } from './form-store.ts';

export interface SchemaFormProps {
  /** Object schema with hints, of either form (format.md 19). */
  schema: unknown;
  /** The item or node that it is about. */
  data?: unknown;
  state?: unknown;
  /** The form as it was left. The form keeps its own values, and tells of every change; over another schema or other data
   * it begins with this anew. */
  initial?: FormState | undefined;
  onChange: (state: FormState) => void;
  errors?: readonly FieldError[];
  disabled?: boolean;
  /** Raised when `initial` is to be taken anew, as for "use these settings". */
  version?: number;
  /** Fields in these columns, as a row of a table whose head names them. */
  row?: readonly string[];
}

/** A form from its schema. What is typed draws its own field, and the fields that follow it. */
export function SchemaForm(props: SchemaFormProps) {
  const { schema, data, state, initial, onChange, errors = noErrors, disabled = false, version = 0, row } = props;
  const words = useTranslations('view');
  const latest = useRef(onChange);
  latest.current = onChange;
  const first = useRef(initial);
  first.current = initial;
  const store = useMemo(() => {
    const source = { schema: importHints(schema, { role: 'form' }).schema, data, state };
    return new FormStore(source, first.current, (next) => latest.current(next));
  }, [schema, data, state]);
  useEffect(() => store.setErrors(errors), [store, errors]);
  const seen = useRef(version);
  useEffect(() => {
    if (seen.current === version || initial === undefined) return;
    seen.current = version;
    store.replace(initial);
  }, [store, version, initial]);
  const names = useSyncExternalStore(store.subscribeToLayout, store.visible);
  if (names.length === 0) return <p className="text-sm text-ink-soft">{words('noFields')}</p>;
  return (
    <fieldset disabled={disabled} className={row ? 'min-w-0' : 'view-box min-w-0'}>
      <div className={row ? 'form-row' : 'view-grid'} style={row ? rowStyle(row.length) : columnsOf(schema)}>
        {names.map((name) => (
          <Field key={name} store={store} name={name} {...(row ? { column: row.indexOf(name) + 1 } : {})} />
        ))}
      </div>
    </fieldset>
  );
}

const noErrors: readonly FieldError[] = [];

function columnsOf(schema: unknown): CSSProperties {
  const layout = (schema as { ui?: { layout?: unknown } } | null)?.ui?.layout;
  const own = typeof layout === 'object' && layout !== null ? { layout: layout as Record<string, unknown> } : {};
  const { style } = gridOf({ kind: 'stack', path: [], slot: 'body', ...own });
  return { '--gap': '1rem', ...style } as CSSProperties;
}

const rowStyle = (count: number): CSSProperties => ({ gridTemplateColumns: `repeat(${count}, minmax(0, 1fr))` });
