import { type InputProps, tied } from './input-props.ts';

/** Yes or no; as a switch it is told to be one. */
export function CheckboxInput(props: InputProps) {
  const { kind, value, onChange } = props;
  return (
    <span className="flex min-h-11 items-center">
      <input
        {...tied(props)}
        type="checkbox"
        role={kind === 'switch' ? 'switch' : undefined}
        checked={value === true}
        onChange={(event) => onChange(event.target.checked)}
        className={kind === 'switch' ? 'switch' : 'size-5 accent-accent'}
      />
    </span>
  );
}
