import { useEffect, useState } from 'react';
import { useTranslations } from 'use-intl';
import { classNames } from '../../components/class-names.ts';
import { boxClass, type InputProps, tied } from './input-props.ts';

/** A structure as text. What does not parse stays in the box, and the value as it was. */
export function JsonInput(props: InputProps) {
  const words = useTranslations('view');
  const { value, onChange } = props;
  const [text, setText] = useState(() => (value === undefined ? '' : JSON.stringify(value, null, 2)));
  const [isBroken, setBroken] = useState(false);
  useEffect(() => {
    // A value from elsewhere; what is being typed stays as it is typed.
    setText((typed) => {
      const own = parse(typed);
      if (!own || JSON.stringify(own.value) === JSON.stringify(value)) return typed;
      return value === undefined ? '' : JSON.stringify(value, null, 2);
    });
  }, [value]);
  return (
    <div className="grid gap-1">
      <textarea
        {...tied(props)}
        dir="ltr"
        spellCheck={false}
        rows={4}
        value={text}
        onChange={(event) => {
          setText(event.target.value);
          const parsed = parse(event.target.value);
          setBroken(parsed === undefined);
          if (parsed) onChange(parsed.value);
        }}
        className={classNames(boxClass, 'field-sizing-content max-h-[60dvh] font-mono text-sm')}
      />
      {isBroken ? <span className="text-xs text-bad">{words('notJson')}</span> : null}
    </div>
  );
}

function parse(text: string): { value: unknown } | undefined {
  if (text.trim() === '') return { value: undefined };
  try {
    return { value: JSON.parse(text) as unknown };
  } catch {
    return undefined;
  }
}
