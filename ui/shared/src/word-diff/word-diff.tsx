import { type Change, diffWordsWithSpace } from 'diff';
import { useTranslations } from 'use-intl';

/** Characters of both texts together. */
const longest = 20_000;
/** Beyond so many changes nobody sees what changed. Comparing takes time with their square: 500 take about 40 ms, 4 000 two seconds. */
const mostEdits = 400;

/** What came and went between two texts, in order; null where that would take long or say nothing. */
export function wordChanges(before: string, after: string): readonly Change[] | null {
  if (before.length + after.length > longest) return null;
  return diffWordsWithSpace(before, after, { maxEditLength: mostEdits }) ?? null;
}

/** The text with what came and what went marked in its place; the element around it says how it is set. */
export function WordDiff({ changes }: { changes: readonly Change[] }) {
  const words = useTranslations('view');
  return changes.map(({ value, added, removed }, index) =>
    added ? (
      <ins key={index} title={words('added')} className="rounded-sm bg-good-soft text-good no-underline">
        {value}
      </ins>
    ) : removed ? (
      <del key={index} title={words('removed')} className="rounded-sm bg-bad-soft text-bad">
        {value}
      </del>
    ) : (
      <span key={index}>{value}</span>
    ),
  );
}
