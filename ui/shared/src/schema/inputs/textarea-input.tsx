import { useTranslations } from 'use-intl';
import { classNames } from '../../components/class-names.ts';
import { boxClass, type InputProps, textOf, tied } from './input-props.ts';

/** Grows with its text, and counts where there is an end to it. */
export function TextareaInput(props: InputProps) {
  const words = useTranslations('view');
  const { value, schema, settings, onChange } = props;
  const { rows, placeholder } = settings;
  const most = schema['maxLength'];
  const text = textOf(value);
  // As the validator counts: a character outside the basic plane is one.
  const count = typeof most === 'number' ? [...text].length : text.length;
  const over = typeof most === 'number' && count > most;
  return (
    <div className="grid gap-1">
      <textarea
        {...tied(props)}
        dir="auto"
        rows={typeof rows === 'number' && rows > 0 && rows <= 40 ? rows : 3}
        value={text}
        placeholder={typeof placeholder === 'string' ? placeholder : undefined}
        onChange={(event) => onChange(event.target.value)}
        className={classNames(boxClass, 'field-sizing-content max-h-[60dvh] min-h-20')}
      />
      {typeof most === 'number' ? (
        <span className={classNames('justify-self-end text-xs tabular-nums', over ? 'text-bad' : 'text-ink-faint')}>
          {words('characters', { count, most })}
        </span>
      ) : null}
    </div>
  );
}
