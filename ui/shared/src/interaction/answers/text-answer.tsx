import { type KeyboardEvent, useId } from 'react';
import { useTranslations } from 'use-intl';
import { classNames } from '../../components/class-names.ts';
import { isShortcut } from '../../core/shortcut.ts';
import { boxClass } from '../../schema/inputs/input-props.ts';
import { faultOf } from '../answering/faults.ts';
import type { AnswerProps, RequestOf } from './answer-props.ts';

/** A text of the person's own, in one line or many; Enter sends one of a line, unless it ends a composition (U25). */
export function TextAnswer(props: AnswerProps<RequestOf<'text_input'>>) {
  const { request, draft, onChange, disabled, faults, onSubmit } = props;
  const id = useId();
  const value = typeof draft.answer.value === 'string' ? draft.answer.value : '';
  const fault = faultOf(faults, 'value');
  const common = {
    id,
    dir: 'auto' as const,
    value,
    disabled,
    placeholder: request.placeholder,
    'aria-label': request.title,
    'aria-describedby': `${id}-hint${fault ? ` ${id}-fault` : ''}`,
    'aria-invalid': fault !== undefined || undefined,
    'data-autofocus': true,
    onChange: (event: { target: { value: string } }) =>
      onChange({ ...draft, answer: { ...draft.answer, value: event.target.value } }),
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (!isShortcut(event.nativeEvent, 'Enter') || event.repeat) return;
    event.preventDefault();
    onSubmit();
  };
  return (
    <div className="grid gap-1.5" data-field="value">
      {request.multiline ? (
        <textarea
          {...common}
          rows={6}
          className={classNames(boxClass, 'field-sizing-content max-h-[60dvh] min-h-36')}
        />
      ) : (
        <input {...common} type="text" enterKeyHint="send" onKeyDown={onKeyDown} className={boxClass} />
      )}
      {fault ? (
        <p id={`${id}-fault`} className="text-sm text-bad" data-content={fault.isContent || undefined} dir="auto">
          {fault.message}
        </p>
      ) : null}
      <Hint id={`${id}-hint`} request={request} value={value} />
    </div>
  );
}

/** What the text may be, and how much of it there is. */
function Hint({ id, request, value }: { id: string; request: RequestOf<'text_input'>; value: string }) {
  const words = useTranslations('interaction');
  const { validation, default_value: standard, allow_empty: mayBeEmpty } = request;
  const separator = validation?.separator_is_regex === true ? undefined : validation?.separator;
  const parts = separator ? value.split(separator).filter((part) => part.trim() !== '').length : 0;
  const isEmpty = value.trim() === '';
  return (
    <p id={id} className="flex justify-between gap-3 text-xs text-ink-faint">
      <span className="min-w-0">
        {separator ? words('separatedBy', { mark: separator, count: parts }) : null}
        {!separator && mayBeEmpty && standard === '' ? words('mayBeEmpty') : null}
        {isEmpty && standard !== '' ? (
          <>
            {words('standardTaken')}{' '}
            <span data-content dir="auto">
              {standard}
            </span>
          </>
        ) : null}
      </span>
      <span className="shrink-0 tabular-nums">{words('characters', { count: [...value].length })}</span>
    </p>
  );
}
