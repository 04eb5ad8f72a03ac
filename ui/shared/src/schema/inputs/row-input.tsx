import { fieldOptions } from '@wfm/workflow-engine/display';
import { isJsonObject } from '@wfm/workflow-engine/models';
import { useMemo } from 'react';
import { chooseInput, inputOf } from './index.ts';
import type { InputProps } from './input-props.ts';

/** One entry of a list, by the schema of its items. */
export function RowInput({
  items,
  ...props
}: Omit<InputProps, 'kind' | 'options' | 'schema'> & { items: Record<string, unknown> }) {
  const ui = isJsonObject(items['ui']) ? items['ui'] : {};
  const { kind } = chooseInput(items, ui['input']);
  const options = useMemo(
    () => fieldOptions({ values: {}, edited: [] }, 'entry', { schema: { properties: { entry: items } } }),
    [items],
  );
  const Input = inputOf(kind, options !== undefined, options?.length ?? 0);
  return (
    <>
      <label htmlFor={props.id} className="sr-only">
        {props.label}
      </label>
      <Input {...props} kind={kind} options={options} schema={items} />
    </>
  );
}
