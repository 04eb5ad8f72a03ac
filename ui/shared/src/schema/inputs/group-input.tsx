import { isJsonObject } from '@wfm/workflow-engine/models';
import { useMemo } from 'react';
import { SchemaForm } from '../forms/schema-form.tsx';
import type { InputProps } from './input-props.ts';

/** An object: a form within the form, in a fieldset of its own (ux.md 3.3, promise 5). */
export function GroupInput({ value, schema, disabled, onChange }: InputProps) {
  // Read once: the fields within keep their values themselves.
  const initial = useMemo(() => (isJsonObject(value) ? { values: value, edited: [] } : undefined), [schema]);
  return (
    <div className="rounded-md border border-line p-3">
      <SchemaForm schema={schema} initial={initial} onChange={({ values }) => onChange(values)} disabled={disabled} />
    </div>
  );
}
