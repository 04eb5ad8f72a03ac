import { Badge, classNames } from '@wfm/shared/components';
import { useId } from 'react';
import { useTranslations } from 'use-intl';
import { type Edits, type InputField, textIn } from './input-fields.ts';

/** The inputs of a module, each to be changed by hand; what was changed is marked (U15). */
export function EditInputs({
  fields,
  edits,
  faults,
  onChange,
}: {
  fields: readonly InputField[];
  edits: Edits;
  faults: ReadonlySet<string>;
  onChange: (edits: Edits) => void;
}) {
  const words = useTranslations('run.inputs');
  const given = fields.filter((field) => field.given);
  const others = fields.filter((field) => !field.given);
  const list = (shown: readonly InputField[]) =>
    shown.map((field) => (
      <InputEditor
        key={field.name}
        field={field}
        text={edits[field.name] ?? textIn(field)}
        faulty={faults.has(field.name)}
        onChange={(text) => onChange({ ...edits, [field.name]: text })}
      />
    ));
  return (
    <div className="grid gap-4">
      {list(given)}
      {others.length > 0 ? (
        <details>
          <summary className="flex min-h-11 items-center text-sm font-medium text-ink-soft">
            {words('others', { count: others.length })}
          </summary>
          <div className="grid gap-4 pt-2">{list(others)}</div>
        </details>
      ) : null}
    </div>
  );
}

const box = 'rounded-md border border-line-strong bg-surface px-3 py-2 text-sm';

function InputEditor({
  field,
  text,
  faulty,
  onChange,
}: {
  field: InputField;
  text: string;
  faulty: boolean;
  onChange: (text: string) => void;
}) {
  const words = useTranslations('run.inputs');
  const id = useId();
  const { name, title, description, editor, choices } = field;
  const common = {
    id,
    'aria-invalid': faulty || undefined,
    'aria-describedby': `${id}-help`,
    value: text,
  };
  return (
    <div className="grid gap-1.5">
      <div className="flex flex-wrap items-center gap-2">
        <label htmlFor={id} className="text-sm font-medium" data-content dir="auto">
          {title}
        </label>
        {title === name ? null : <code className="text-xs text-ink-faint">{name}</code>}
        {text === textIn(field) ? null : <Badge tone="accent">{words('edited')}</Badge>}
      </div>
      {editor === 'choice' || editor === 'boolean' ? (
        <select {...common} onChange={(event) => onChange(event.target.value)} className={classNames(box, 'min-h-11')}>
          {(editor === 'boolean' ? ['false', 'true'] : ['', ...choices.map(String)]).map((choice) => (
            <option key={choice} value={choice}>
              {choice}
            </option>
          ))}
        </select>
      ) : editor === 'number' ? (
        <input
          {...common}
          inputMode="decimal"
          onChange={(event) => onChange(event.target.value)}
          className={classNames(box, 'min-h-11 max-w-48')}
        />
      ) : (
        <textarea
          {...common}
          dir={editor === 'text' ? 'auto' : 'ltr'}
          spellCheck={editor === 'text'}
          onChange={(event) => onChange(event.target.value)}
          rows={Math.min(14, Math.max(2, text.split('\n').length))}
          className={classNames(box, editor === 'json' && 'font-mono text-xs')}
        />
      )}
      <p id={`${id}-help`} className="text-xs text-ink-soft">
        {faulty ? <span className="text-bad">{words(editor === 'number' ? 'noNumber' : 'noJson')} </span> : null}
        <span data-content dir="auto">
          {description}
        </span>
      </p>
    </div>
  );
}
