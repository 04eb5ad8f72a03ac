import { Search } from 'lucide-react';
import { classNames } from './class-names.ts';

/** Where one types to find some of many; `found` says how many there are, aloud too. */
export function SearchField({
  label,
  value,
  onChange,
  found,
  small = false,
  className,
}: {
  /** Read out, and shown while nothing is typed. */
  label: string;
  value: string;
  onChange: (value: string) => void;
  found?: string;
  /** For panels of the editor; elsewhere it is as high as a finger needs. */
  small?: boolean;
  className?: string;
}) {
  return (
    <label
      className={classNames(
        'flex items-center gap-2 rounded-md border border-line-strong bg-surface px-3 text-sm focus-within:outline-2 focus-within:outline-accent',
        small ? 'min-h-8' : 'min-h-11',
        className,
      )}
    >
      <Search aria-hidden className="size-4 shrink-0 text-ink-faint" />
      <input
        type="search"
        dir="auto"
        aria-label={label}
        placeholder={label}
        value={value}
        onChange={(event) => onChange(event.target.value)}
        className="min-w-0 flex-1 bg-transparent py-1 outline-none placeholder:text-ink-faint"
      />
      {found === undefined ? null : (
        <span role="status" className="text-xs whitespace-nowrap text-ink-soft tabular-nums">
          {found}
        </span>
      )}
    </label>
  );
}
