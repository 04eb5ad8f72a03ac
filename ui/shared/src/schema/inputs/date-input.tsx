import { boxClass, type InputProps, textOf, tied } from './input-props.ts';

/** A day, or a time: kept as ISO text in UTC, shown in the reader's zone. */
export function DateInput(props: InputProps) {
  const { value, schema, onChange } = props;
  const isTime = schema['format'] === 'date-time';
  const text = textOf(value);
  return (
    <input
      {...tied(props)}
      type={isTime ? 'datetime-local' : 'date'}
      value={isTime ? toLocal(text) : text.slice(0, 10)}
      onChange={(event) => {
        const given = event.target.value;
        onChange(given === '' ? undefined : isTime ? new Date(given).toISOString() : given);
      }}
      className={boxClass}
    />
  );
}

function toLocal(iso: string): string {
  const date = new Date(iso);
  if (Number.isNaN(date.getTime())) return '';
  return new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}
