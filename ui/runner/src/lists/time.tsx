import { useFormatter, useNow } from 'use-intl';

/** How long ago, with the exact time and its zone on hover (ux.md 2.8). */
export function Ago({ at, className }: { at: string; className?: string }) {
  const format = useFormatter();
  const now = useNow({ updateInterval: 30_000 });
  const date = new Date(at);
  return (
    <time
      dateTime={at}
      title={format.dateTime(date, { dateStyle: 'medium', timeStyle: 'long' })}
      className={className ?? 'text-sm text-ink-faint'}
    >
      {format.relativeTime(date, now)}
    </time>
  );
}
