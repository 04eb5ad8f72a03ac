import { X } from 'lucide-react';
import { Dialog as Primitive } from 'radix-ui';
import { type ReactNode, useRef } from 'react';
import { useTranslations } from 'use-intl';
import { IconButton } from './button.tsx';
import { classNames } from './class-names.ts';

export interface DialogProps {
  open: boolean;
  onClose: () => void;
  title: ReactNode;
  /** A sentence below the title. */
  description?: ReactNode;
  children: ReactNode;
  /** Buttons; they stay in view. */
  footer?: ReactNode;
  /** `drawer` comes from the side, over the whole height. */
  look?: 'small' | 'medium' | 'large' | 'drawer';
}

const looks = {
  small: 'sm:max-w-md',
  medium: 'sm:max-w-2xl',
  large: 'sm:max-w-6xl',
  drawer: '',
};
const centred =
  'inset-x-0 bottom-0 max-h-[92dvh] w-full rounded-t-lg sm:inset-x-auto sm:bottom-auto sm:start-1/2 sm:top-1/2 sm:max-h-[88dvh] sm:w-[calc(100%-3rem)] sm:-translate-x-1/2 sm:-translate-y-1/2 sm:rounded-lg rtl:sm:translate-x-1/2';
const side = 'inset-y-0 end-0 h-dvh w-full max-w-lg border-s';

/** The field that was named, or what is chosen; else the window itself, since its first button is the one that closes it. */
function focusWhatMatters(event: Event): void {
  const { currentTarget: content } = event;
  if (!(content instanceof HTMLElement)) return;
  event.preventDefault();
  (content.querySelector<HTMLElement>('[data-autofocus], input[type="radio"]:checked') ?? content).focus();
}

/** What had the focus; of a menu that closes, its button. */
function comesFrom(): HTMLElement | null {
  const { activeElement } = document;
  const button = activeElement?.closest('[role="menu"]')?.getAttribute('aria-labelledby');
  return (button ? document.getElementById(button) : activeElement) as HTMLElement | null;
}

/** By window, who opened it. A window that takes another's place comes from there too. */
const openers = new WeakMap<Element, HTMLElement>();

/** Who gets the focus back: the opener, or who opened the window that the opener went away with. */
function stillThere(opener: HTMLElement | null): HTMLElement | null {
  let back: HTMLElement | null | undefined = opener;
  while (back && !back.isConnected) {
    const gone: Element | null = back.closest('[role="dialog"]');
    back = gone ? openers.get(gone) : null;
  }
  return back ?? null;
}

/** A window over the page. It takes the focus and gives it back; Esc and a press beside it close it. */
export function Dialog({ open, onClose, title, description, children, footer, look = 'medium' }: DialogProps) {
  const common = useTranslations('common');
  const before = useRef<HTMLElement | null>(null);
  const wasOpen = useRef(false);
  // Now, since a field with `autoFocus` has it before the primitive would tell that the window opens.
  if (open && !wasOpen.current) before.current = comesFrom();
  wasOpen.current = open;
  return (
    <Primitive.Root open={open} onOpenChange={(next) => !next && onClose()}>
      <Primitive.Portal>
        <Primitive.Overlay className="fixed inset-0 z-40 bg-[oklch(0.15_0.02_265/0.5)]" />
        <Primitive.Content
          {...(description === undefined ? { 'aria-describedby': undefined } : {})}
          tabIndex={-1}
          ref={(content) => {
            if (content && before.current) openers.set(content, before.current);
          }}
          onOpenAutoFocus={focusWhatMatters}
          onCloseAutoFocus={(event) => {
            // Windows of ours have no button of their own that the primitive would know.
            event.preventDefault();
            // A window that took this one's place has the focus by now, and keeps it.
            const next = document.activeElement?.closest('[role="dialog"]');
            if (!next || next.contains(before.current)) stillThere(before.current)?.focus();
          }}
          className={classNames(
            'fixed z-50 grid grid-rows-[auto_1fr_auto] overflow-clip border border-line bg-surface shadow-2 outline-none',
            look === 'drawer' ? side : centred,
            looks[look],
          )}
        >
          <header className="flex items-start gap-3 border-b border-line px-4 py-2 sm:px-6">
            <div className="min-w-0 flex-1 py-2">
              <Primitive.Title className="text-lg font-semibold">{title}</Primitive.Title>
              {description === undefined ? null : (
                <Primitive.Description asChild>
                  <div className="mt-1 text-sm text-ink-soft">{description}</div>
                </Primitive.Description>
              )}
            </div>
            <Primitive.Close asChild>
              <IconButton label={common('close')} icon={<X aria-hidden className="size-5" />} className="-me-2" />
            </Primitive.Close>
          </header>
          <div className="min-h-0 overflow-auto px-4 py-4 sm:px-6">{children}</div>
          {footer === undefined ? null : (
            <footer className="flex flex-wrap justify-end gap-2 border-t border-line px-4 py-3 sm:px-6">
              {footer}
            </footer>
          )}
        </Primitive.Content>
      </Primitive.Portal>
    </Primitive.Root>
  );
}
