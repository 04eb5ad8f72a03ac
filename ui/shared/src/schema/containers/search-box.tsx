import { Search } from 'lucide-react';
import { useTranslations } from 'use-intl';

/** Where one looks for some of many members. */
export function SearchBox({
  value,
  onChange,
  count,
  found,
}: {
  value: string;
  onChange: (value: string) => void;
  count: number;
  found: number;
}) {
  const words = useTranslations('view');
  const name = words('searchAmong', { count });
  return (
    <div className="flex min-h-11 items-center gap-2 rounded-md border border-line-strong bg-surface px-3 focus-within:outline-2 focus-within:outline-accent">
      <Search aria-hidden className="size-4 shrink-0 text-ink-faint" />
      <input
        type="search"
        dir="auto"
        aria-label={name}
        value={value}
        onChange={(event) => onChange(event.target.value)}
        placeholder={name}
        className="min-w-0 flex-1 bg-transparent py-2 outline-none placeholder:text-ink-faint"
      />
      <span role="status" className="text-xs whitespace-nowrap text-ink-soft tabular-nums">
        {value.trim() === '' ? '' : words('found', { count: found })}
      </span>
    </div>
  );
}
