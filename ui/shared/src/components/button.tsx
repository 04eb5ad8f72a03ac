import type { ButtonHTMLAttributes, ReactNode, Ref } from 'react';
import { classNames } from './class-names.ts';
import { Spinner } from './spinner.tsx';

export interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  /** `primary` once on a page; `quiet` where a button stands among text. */
  look?: 'primary' | 'plain' | 'quiet' | 'danger';
  size?: 'small' | 'medium';
  /** As wide as it is high: for a picture alone. */
  square?: boolean;
  icon?: ReactNode;
  /** Shows that it is at work; it takes no further press, and keeps the focus. */
  busy?: boolean;
  /** The key that does the same, shown to people who look for it. */
  shortcut?: string;
  ref?: Ref<HTMLButtonElement>;
}

const looks = {
  primary: 'bg-accent text-on-accent hover:bg-accent-strong border-transparent shadow-1',
  plain: 'bg-surface text-ink border-line hover:border-line-strong shadow-1',
  quiet: 'bg-transparent text-ink-soft border-transparent hover:bg-sunken hover:text-ink',
  danger: 'bg-surface text-bad border-line hover:bg-bad-soft hover:border-bad',
};
const squares = { small: 'size-8', medium: 'size-11' };
const sizes = { small: 'min-h-8 px-2.5 text-sm gap-1.5', medium: 'min-h-11 px-4 text-sm gap-2' };

/** A button. What is pressed twice in a hurry acts once: a busy one does nothing. */
export function Button(props: ButtonProps) {
  const {
    look = 'plain',
    size = 'medium',
    square = false,
    icon,
    busy = false,
    shortcut,
    className,
    children,
    onClick,
    ...rest
  } = props;
  return (
    <button
      type="button"
      {...rest}
      aria-busy={busy || undefined}
      aria-disabled={busy || undefined}
      aria-keyshortcuts={shortcut?.replace('Ctrl', 'Control')}
      onClick={(event) => {
        if (busy) event.preventDefault();
        else onClick?.(event);
      }}
      className={classNames(
        'inline-flex items-center justify-center rounded-md border font-medium whitespace-nowrap select-none',
        'transition-colors disabled:opacity-50 disabled:shadow-none',
        looks[look],
        square ? squares[size] : sizes[size],
        className,
      )}
    >
      {busy ? <Spinner /> : icon}
      {children}
      {shortcut === undefined ? null : <Key name={shortcut} />}
    </button>
  );
}

/** A key, as it is printed on keyboards. */
export function Key({ name }: { name: string }) {
  return (
    <kbd
      aria-hidden
      className="ms-1 hidden rounded-sm border border-current/40 px-1 font-sans text-[0.6875rem] leading-4 sm:inline"
    >
      {name}
    </kbd>
  );
}

export interface IconButtonProps extends Omit<ButtonProps, 'children' | 'icon'> {
  /** Read out, and shown as a hint. */
  label: string;
  icon: ReactNode;
}

/** A button that is only a picture, with a name for those who do not see it. */
export function IconButton({ label, icon, className, look = 'quiet', ...rest }: IconButtonProps) {
  return (
    <Button {...rest} square look={look} aria-label={label} title={label} className={classNames('shrink-0', className)}>
      {icon}
    </Button>
  );
}
