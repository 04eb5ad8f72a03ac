import type { ViewNode } from '@wfm/workflow-engine/display';
import { useFormatter, useLocale, useNow } from 'use-intl';
import { useView } from '../view-context.ts';
import { TextLeaf } from './text-leaf.tsx';
import { isOwnText } from './value-text.ts';

const dayMs = 86_400_000;
const minuteMs = 60_000;

/** How long ago, or until when, with the day beside it, and on hover the exact time with its zone (ux.md 2.8, 3.2). */
export function DateLeaf({ node }: { node: ViewNode }) {
  const { value } = node;
  const isDate = typeof value === 'string' && isOwnText(node) && !Number.isNaN(Date.parse(value));
  return isDate ? <Moment iso={value} /> : <TextLeaf node={node} />;
}

function Moment({ iso }: { iso: string }) {
  const format = useFormatter();
  const locale = useLocale();
  const { compact } = useView();
  const now = useNow({ updateInterval: minuteMs });
  const date = new Date(iso);
  const isDay = /^\d{4}-\d{2}-\d{2}$/.test(iso);
  // A day has no zone: it is the same one everywhere.
  const zone = isDay ? { timeZone: 'UTC' } : {};
  const exact = format.dateTime(date, { dateStyle: 'full', ...(isDay ? {} : { timeStyle: 'long' }), ...zone });
  const beside = format.dateTime(date, { dateStyle: 'medium', ...(isDay ? {} : { timeStyle: 'short' }), ...zone });
  const shown = isDay ? daysFrom(date, now, locale) : format.relativeTime(date, now);
  return (
    <time dateTime={iso} title={exact} className="inline-flex flex-wrap items-baseline gap-x-2">
      <span>{shown}</span>
      {compact ? <span className="sr-only">{beside}</span> : <span className="text-sm text-ink-soft">{beside}</span>}
    </time>
  );
}

/** Whole days from today: "tomorrow", "3 days ago"; from two months on in months, then in years. */
function daysFrom(day: Date, now: Date, locale: string): string {
  const today = Date.UTC(now.getFullYear(), now.getMonth(), now.getDate());
  const days = Math.round((day.getTime() - today) / dayMs);
  const words = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' });
  if (Math.abs(days) < 60) return words.format(days, 'day');
  if (Math.abs(days) < 730) return words.format(Math.round(days / 30.44), 'month');
  return words.format(Math.round(days / 365.25), 'year');
}
