import { ArrowDown } from 'lucide-react';
import { useTranslations } from 'use-intl';

/** Tells of a new card without moving anything (ux.md 2.3). */
export function NewStepChip({ onVisit }: { onVisit: () => void }) {
  const words = useTranslations('run');
  return (
    <div role="status" className="pointer-events-none sticky bottom-4 z-20 flex justify-center">
      <button
        type="button"
        onClick={onVisit}
        className="pointer-events-auto inline-flex min-h-11 items-center gap-2 rounded-full bg-accent px-5 text-sm font-medium text-on-accent shadow-2 hover:bg-accent-strong"
      >
        <ArrowDown aria-hidden className="size-4" />
        {words('newStep')}
      </button>
    </div>
  );
}
