import { Combobox } from '../../components/combobox.tsx';
import { type InputProps, textOf } from './input-props.ts';

/** A long list with a box to search in it. */
export function ComboboxInput(props: InputProps) {
  const { id, value, options = [], onChange, disabled, invalid, describedBy, label } = props;
  const at = options.findIndex((option) => JSON.stringify(option.value) === JSON.stringify(value));
  return (
    <Combobox
      id={id}
      label={label}
      items={options.map((option, index) => ({
        id: String(index),
        label: option.label,
        ...(option.group === undefined ? {} : { group: option.group }),
      }))}
      value={at < 0 ? null : String(at)}
      text={at < 0 ? textOf(value) : undefined}
      onChange={(chosen) => onChange(chosen === null ? undefined : options[Number(chosen)]?.value)}
      disabled={disabled}
      invalid={invalid}
      describedBy={describedBy}
    />
  );
}
