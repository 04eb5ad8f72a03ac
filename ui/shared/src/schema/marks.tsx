import type { ViewNode } from '@wfm/workflow-engine/display';
import { TriangleAlert } from 'lucide-react';
import { useTranslations } from 'use-intl';

type Mark = NonNullable<ViewNode['marks']>[number];

/** What is not as its author meant it, said in its place: nothing goes missing in silence (ux.md 3.3, promise 2). */
export function Marks({ node: { marks = [], omitted = 0 } }: { node: Pick<ViewNode, 'marks' | 'omitted'> }) {
  return marks.map((mark) => <MarkChip key={mark} mark={mark} count={omitted} />);
}

/** One of them: for what has no node, such as a field. */
export function MarkChip({ mark, count = 0 }: { mark: Mark; count?: number }) {
  const words = useTranslations('view');
  return (
    <span className="mt-1 inline-flex max-w-full items-center gap-1 self-start justify-self-start rounded-full bg-warn-soft px-2 py-0.5 text-xs font-normal text-warn">
      <TriangleAlert aria-hidden className="size-3.5 shrink-0" />
      {words(`mark_${mark}`, { count })}
    </span>
  );
}
