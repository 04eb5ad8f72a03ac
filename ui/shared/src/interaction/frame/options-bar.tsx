import { useTranslations } from 'use-intl';
import { Button } from '../../components/button.tsx';
import type { Option } from './options.ts';

/** The ways out of a question, each with its key; the standard one first. Hidden ones have keys alone. */
export function OptionsBar({
  options,
  standard,
  pressed,
  isReady,
  onChoose,
  onWithout,
}: {
  options: readonly Option[];
  standard: Option;
  /** The one that is at work. */
  pressed: Option | null;
  isReady: boolean;
  onChoose: (option: Option) => void;
  /** Goes on without the file that is offered. */
  onWithout?: () => void;
}) {
  const words = useTranslations('interaction');
  const shown = options.filter((option) => !option.hidden);
  const ordered = [...shown.filter(({ id }) => id === standard.id), ...shown.filter(({ id }) => id !== standard.id)];
  const again = shown.find(({ mode }) => mode === 'retry');
  return (
    <div className="flex flex-wrap items-center gap-2">
      {ordered.map((option) => {
        const isMain = option.id === standard.id;
        const shortcut = keyOf(option, { isMain, isAgain: option === again });
        return (
          <Button
            key={option.id}
            look={isMain ? 'primary' : 'plain'}
            busy={pressed?.id === option.id}
            disabled={!isReady || (pressed !== null && pressed.id !== option.id)}
            onClick={() => onChoose(option)}
            className="max-w-full whitespace-normal max-sm:grow"
            {...(shortcut === undefined ? {} : { shortcut })}
          >
            <span data-content={option.isContent || undefined} dir="auto">
              {option.label}
            </span>
          </Button>
        );
      })}
      {onWithout ? (
        <Button look="quiet" disabled={!isReady || pressed !== null} onClick={onWithout} className="max-sm:grow">
          {words('continueWithout')}
        </Button>
      ) : null}
    </div>
  );
}

/** The key that is shown: the author's own, else that of the map (ux.md 2.5). */
function keyOf(option: Option, { isMain, isAgain }: { isMain: boolean; isAgain: boolean }): string | undefined {
  if (option.shortcut !== undefined && option.shortcut !== '')
    return option.shortcut.length === 1 ? option.shortcut.toUpperCase() : option.shortcut;
  if (isMain) return 'Ctrl+Enter';
  return isAgain ? 'R' : undefined;
}
