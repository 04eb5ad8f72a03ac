import { useTranslations } from 'use-intl';
import { Button } from '../../components/button.tsx';

/** The question as it stands now. */
export const newest = -1;

/** Which tries are shown: one, or two beside each other; by their place, or `newest`. */
export type Shown = readonly [number] | readonly [number, number];

/** The tries at a question, 1/3 to 3/3: one is looked at, or two side by side (U6). */
export function AttemptsBar({ total, shown, onShow }: { total: number; shown: Shown; onShow: (shown: Shown) => void }) {
  const words = useTranslations('interaction');
  const isPair = shown.length === 2;
  const press = (index: number): void => {
    if (!isPair) return onShow([index]);
    // The one that was chosen longer ago makes way.
    if (!shown.includes(index)) onShow([shown[1], index]);
  };
  return (
    <div className="flex flex-wrap items-center gap-2" role="group" aria-label={words('attempts')}>
      {[...Array.from({ length: total - 1 }, (_, index) => index), newest].map((index) => (
        <Button
          key={index}
          look={shown.includes(index) ? 'primary' : 'plain'}
          aria-pressed={shown.includes(index)}
          onClick={() => press(index)}
          className="min-w-11 px-3 tabular-nums"
        >
          {words('attempt', { number: index === newest ? total : index + 1, total })}
        </Button>
      ))}
      <label className="ms-auto flex min-h-11 items-center gap-2 text-sm">
        <input
          type="checkbox"
          checked={isPair}
          onChange={(event) => {
            const [first] = shown;
            const other = first === newest ? total - 2 : first;
            onShow(event.target.checked ? [other, newest] : [newest]);
          }}
          className="size-5 accent-accent"
        />
        {words('compare')}
      </label>
    </div>
  );
}
