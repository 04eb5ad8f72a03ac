import type { HTMLAttributes, ReactNode } from 'react';
import { classNames } from './class-names.ts';

/** A card: a thing that stands on its own. */
export function Card({ className, ...rest }: HTMLAttributes<HTMLElement>) {
  return <section {...rest} className={classNames('rounded-lg border border-line bg-surface shadow-1', className)} />;
}

export type Tone = 'neutral' | 'accent' | 'good' | 'warn' | 'bad';
const tones: Record<Tone, string> = {
  neutral: 'bg-sunken text-ink-soft border-line',
  accent: 'bg-accent-soft text-accent-strong border-transparent',
  good: 'bg-good-soft text-good border-transparent',
  warn: 'bg-warn-soft text-warn border-transparent',
  bad: 'bg-bad-soft text-bad border-transparent',
};

/** A short word about a thing. */
export function Badge({
  tone = 'neutral',
  children,
  className,
}: {
  tone?: Tone;
  children: ReactNode;
  className?: string;
}) {
  return (
    <span
      className={classNames(
        'inline-flex items-center gap-1 rounded-full border px-2 py-0.5 text-xs font-medium whitespace-nowrap',
        tones[tone],
        className,
      )}
    >
      {children}
    </span>
  );
}

/** A message in its place, with what to do next. */
export function Notice({
  tone = 'neutral',
  icon,
  title,
  children,
  action,
  live = false,
}: {
  tone?: Tone;
  icon?: ReactNode;
  title: ReactNode;
  children?: ReactNode;
  action?: ReactNode;
  /** Read out when it appears. */
  live?: boolean;
}) {
  return (
    <div
      role={live ? 'alert' : undefined}
      className={classNames('flex flex-wrap items-start gap-3 rounded-md border p-3 text-sm', tones[tone])}
    >
      {icon === undefined ? null : <span className="mt-0.5 shrink-0">{icon}</span>}
      <div className="min-w-48 flex-1">
        <p className="font-semibold">{title}</p>
        {children === undefined ? null : <div className="mt-1 text-ink">{children}</div>}
      </div>
      {action}
    </div>
  );
}

/** What will stand here, and the one thing to do about it. */
export function EmptyState({
  icon,
  title,
  children,
  action,
}: {
  icon?: ReactNode;
  title: string;
  children?: ReactNode;
  action?: ReactNode;
}) {
  return (
    <div className="flex flex-col items-center gap-3 px-6 py-12 text-center">
      {icon === undefined ? null : <span className="rounded-full bg-sunken p-4 text-ink-faint">{icon}</span>}
      <p className="text-lg font-semibold">{title}</p>
      {children === undefined ? null : <div className="max-w-prose text-ink-soft">{children}</div>}
      {action}
    </div>
  );
}

/** The shape of what is coming, for loads that take longer than a moment (ux.md 2.4). */
export function Skeleton({ className }: { className?: string }) {
  return <div aria-hidden className={classNames('animate-pulse rounded-md bg-line/60', className)} />;
}
