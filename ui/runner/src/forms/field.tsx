import { type InputHTMLAttributes, useId } from 'react';

/** A line to fill in, with its label and what to know about it. */
export function Field({
  label,
  help,
  className,
  ...input
}: InputHTMLAttributes<HTMLInputElement> & { label: string; help?: string }) {
  const id = useId();
  return (
    <div className={className ?? 'grid gap-1'}>
      <label htmlFor={id} className="text-sm font-medium">
        {label}
      </label>
      <input
        {...input}
        id={id}
        dir="auto"
        aria-describedby={help === undefined ? undefined : `${id}-help`}
        className="min-h-11 w-full rounded-md border border-line-strong bg-surface px-3 text-ink"
      />
      {help === undefined ? null : (
        <span id={`${id}-help`} className="text-xs text-ink-soft">
          {help}
        </span>
      )}
    </div>
  );
}
