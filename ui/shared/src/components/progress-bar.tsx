import { classNames } from './class-names.ts';

/** How far something is. Without a value it is at work, and nobody knows how far. */
export function ProgressBar({
  value,
  max = 100,
  label,
  className,
}: {
  value: number | undefined;
  max?: number;
  /** What gets on; read out. */
  label: string;
  className?: string;
}) {
  const share = value === undefined || max <= 0 ? undefined : Math.min(100, Math.max(0, (value / max) * 100));
  return (
    <div
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={max}
      {...(value === undefined ? {} : { 'aria-valuenow': value })}
      className={classNames('h-1.5 overflow-clip rounded-full bg-line', className)}
    >
      <div
        className={classNames(
          'h-full rounded-full bg-accent transition-[inline-size]',
          share === undefined && 'w-1/3 animate-pulse',
        )}
        style={share === undefined ? undefined : { inlineSize: `${share}%` }}
      />
    </div>
  );
}
