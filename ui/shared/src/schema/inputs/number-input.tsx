import { useEffect, useState } from 'react';
import { useLocale } from 'use-intl';
import { boxClass, type InputProps, tied } from './input-props.ts';
import { parseNumber, printNumber } from './locale-number.ts';

/** Takes the decimal mark of the reader's locale, and a point as well (ux.md 2.8). */
export function NumberInput(props: InputProps) {
  const { value, schema, settings, onChange } = props;
  const locale = useLocale();
  const [text, setText] = useState(() => printNumber(value, locale));
  useEffect(() => {
    // A value from elsewhere; what is being typed (`1,`) stays as it is typed.
    setText((typed) => (parseNumber(typed, locale) === value ? typed : printNumber(value, locale)));
  }, [value, locale]);
  const isWhole = schema['type'] === 'integer';
  const by = (factor: number): void => {
    const step = typeof settings['step'] === 'number' ? settings['step'] : 1;
    const next = Number(((typeof value === 'number' ? value : 0) + factor * step).toPrecision(12));
    const { minimum, maximum } = schema;
    if (typeof minimum === 'number' && next < minimum) return;
    if (typeof maximum === 'number' && next > maximum) return;
    onChange(next);
  };
  return (
    <input
      {...tied(props)}
      type="text"
      inputMode={isWhole ? 'numeric' : 'decimal'}
      autoComplete="off"
      value={text}
      onChange={(event) => {
        setText(event.target.value);
        const number = parseNumber(event.target.value, locale);
        onChange(event.target.value.trim() === '' ? undefined : (number ?? event.target.value));
      }}
      onKeyDown={(event) => {
        if (event.nativeEvent.isComposing || (event.key !== 'ArrowUp' && event.key !== 'ArrowDown')) return;
        event.preventDefault();
        by(event.key === 'ArrowUp' ? 1 : -1);
      }}
      className={`${boxClass} tabular-nums`}
    />
  );
}
