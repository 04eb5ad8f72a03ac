import type { InputProps } from './input-props.ts';

export function RadioInput({ id, value, options = [], disabled, describedBy, onChange }: InputProps) {
  return (
    <div className="grid gap-1" aria-describedby={describedBy}>
      {options.map((option, index) => (
        <label key={index} className="flex min-h-11 items-center gap-3 rounded-md px-2 hover:bg-sunken">
          <input
            id={index === 0 ? id : undefined}
            type="radio"
            name={id}
            checked={JSON.stringify(option.value) === JSON.stringify(value)}
            disabled={disabled}
            onChange={() => onChange(option.value)}
            className="size-5 accent-accent"
          />
          <span data-content dir="auto">
            {option.label}
          </span>
        </label>
      ))}
    </div>
  );
}
