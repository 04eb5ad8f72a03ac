import { classNames } from '@wfm/shared/components';
import type { ReactNode } from 'react';

/** A text of any length: it scrolls within its box, by keys too. */
export function TextBox({
  children,
  code = false,
  className,
}: {
  children: ReactNode;
  code?: boolean;
  className?: string;
}) {
  return (
    <pre
      data-content
      dir="auto"
      // What scrolls has to be reached without a pointer.
      tabIndex={0}
      className={classNames(
        'overflow-auto whitespace-pre-wrap',
        code ? 'font-mono text-xs' : 'font-sans text-sm',
        className,
      )}
    >
      {children}
    </pre>
  );
}
