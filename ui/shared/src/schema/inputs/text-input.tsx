import { boxClass, type InputProps, textOf, tied } from './input-props.ts';

export function TextInput(props: InputProps) {
  const { value, schema, settings, onChange } = props;
  const type = schema['format'] === 'uri' ? 'url' : schema['format'] === 'email' ? 'email' : 'text';
  const placeholder = settings['placeholder'];
  return (
    <input
      {...tied(props)}
      type={type}
      dir="auto"
      value={textOf(value)}
      placeholder={typeof placeholder === 'string' ? placeholder : undefined}
      onChange={(event) => onChange(event.target.value)}
      className={boxClass}
    />
  );
}
