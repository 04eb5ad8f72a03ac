import { useFormatter } from 'use-intl';
import { type InputProps, tied } from './input-props.ts';
import { NumberInput } from './number-input.tsx';

export function SliderInput(props: InputProps) {
  const format = useFormatter();
  const { value, schema, settings, onChange } = props;
  const { minimum, maximum } = schema;
  if (typeof minimum !== 'number' || typeof maximum !== 'number') return <NumberInput {...props} />;
  const number = typeof value === 'number' ? value : minimum;
  const step =
    typeof settings['step'] === 'number'
      ? settings['step']
      : schema['type'] === 'integer'
        ? 1
        : (maximum - minimum) / 100;
  return (
    <span className="flex min-h-11 items-center gap-3">
      <input
        {...tied(props)}
        type="range"
        min={minimum}
        max={maximum}
        step={step}
        value={number}
        onChange={(event) => onChange(Number(event.target.value))}
        className="h-8 flex-1 accent-accent"
      />
      <output htmlFor={props.id} className="min-w-12 text-end text-sm tabular-nums">
        {typeof value === 'number' ? format.number(number, { maximumFractionDigits: 6 }) : '—'}
      </output>
    </span>
  );
}
