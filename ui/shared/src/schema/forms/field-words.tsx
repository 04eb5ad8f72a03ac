import { memo } from 'react';
import { useTranslations } from 'use-intl';
import { classNames } from '../../components/class-names.ts';

/** What a field is called; a group's name is a legend. It says where a value is needed. */
export const FieldLabel = memo(function FieldLabel({
  id,
  label,
  isGroup,
  required,
  className,
}: {
  id: string;
  label: string;
  isGroup: boolean;
  required: boolean;
  className: string;
}) {
  const words = useTranslations('view');
  const name = (
    <>
      <span data-content dir="auto">
        {label}
      </span>
      {required ? (
        <span title={words('needed')} className="ms-0.5 text-bad">
          <span aria-hidden>*</span>
          <span className="sr-only"> ({words('needed')})</span>
        </span>
      ) : null}
    </>
  );
  if (isGroup) return <legend className={classNames('mb-1', className)}>{name}</legend>;
  return (
    <label htmlFor={id} className={className}>
      {name}
    </label>
  );
});

/** What helps with a field, and what is wrong with it; the field names both by id. */
export const FieldHelp = memo(function FieldHelp({
  id,
  help,
  error,
}: {
  id: string;
  help: string | undefined;
  error: string | undefined;
}) {
  const words = useTranslations('view');
  return (
    <>
      {help === undefined ? null : (
        <p id={`${id}-help`} className="text-xs text-ink-soft" data-content dir="auto">
          {help}
        </p>
      )}
      <p
        id={`${id}-error`}
        className={classNames('text-sm text-bad', error === undefined && 'hidden')}
        data-content
        dir="auto"
      >
        {error === undefined ? '' : `${words('fault')}: ${error}`}
      </p>
    </>
  );
});
