import { type ReactNode, useState } from 'react';
import { useTranslations } from 'use-intl';

/** The way to the rest of something long, and back (ux.md 3.2). */
export function useMore(): { isOpen: boolean; open: () => void; button: ReactNode } {
  const words = useTranslations('common');
  const [isOpen, setOpen] = useState(false);
  const button = (
    <button
      type="button"
      aria-expanded={isOpen}
      onClick={() => setOpen(!isOpen)}
      className="block min-h-11 rounded-sm text-sm font-medium text-accent-strong underline decoration-1 underline-offset-4"
    >
      {words(isOpen ? 'less' : 'more')}
    </button>
  );
  return { isOpen, open: () => setOpen(true), button };
}

/** The beginning of a text: so many characters and lines at most, cut between two words where there is a gap near. */
export function beginningOf(text: string, characters: number, lines: number): string | undefined {
  const end = nthIndex(text, '\n', lines);
  const length = Math.min(characters, end);
  if (text.length <= length) return undefined;
  const cut = text.slice(0, length);
  const gap = cut.search(/\s\S{0,20}$/);
  const whole = gap > length / 2 ? cut.slice(0, gap) : cut;
  // Half of a character outside the basic plane is none.
  return `${whole.replace(/[\uD800-\uDBFF]$/, '').trimEnd()}…`;
}

function nthIndex(text: string, mark: string, count: number): number {
  let at = -1;
  for (let seen = 0; seen < count; seen += 1) {
    at = text.indexOf(mark, at + 1);
    if (at < 0) return Number.POSITIVE_INFINITY;
  }
  return at;
}
