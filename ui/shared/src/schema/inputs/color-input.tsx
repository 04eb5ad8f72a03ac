import { boxClass, type InputProps, textOf, tied } from './input-props.ts';

/** The browser's own picker, and the value to type. */
export function ColorInput(props: InputProps) {
  const { value, label, disabled, onChange } = props;
  const text = textOf(value);
  return (
    <span className="flex gap-2">
      <input
        type="color"
        aria-label={label}
        disabled={disabled}
        value={/^#[0-9a-f]{6}$/i.test(text) ? text : '#000000'}
        onChange={(event) => onChange(event.target.value)}
        className="h-11 w-14 rounded-md border border-line-strong bg-surface p-1"
      />
      <input
        {...tied(props)}
        type="text"
        value={text}
        onChange={(event) => onChange(event.target.value)}
        className={boxClass}
      />
    </span>
  );
}
