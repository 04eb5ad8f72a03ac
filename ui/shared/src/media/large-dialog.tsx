import { type KeyboardEventHandler, type ReactNode, useLayoutEffect, useRef } from 'react';

/** The browser's own dialog over the whole page: it holds the focus, and Escape closes it (ux.md 4). */
export function LargeDialog({
  label,
  onClose,
  onKeyDown,
  children,
}: {
  label: string;
  onClose: () => void;
  onKeyDown?: KeyboardEventHandler;
  children: ReactNode;
}) {
  const dialog = useRef<HTMLDialogElement>(null);
  // Closed while it is still in the page: only then the browser gives the focus back.
  useLayoutEffect(() => {
    const element = dialog.current;
    if (!element) return undefined;
    element.showModal();
    element.querySelector<HTMLElement>('[data-autofocus]')?.focus();
    return () => element.close();
  }, []);
  return (
    <dialog
      ref={dialog}
      aria-label={label}
      onKeyDown={onKeyDown}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      className="fixed inset-0 m-0 flex size-full max-h-none max-w-none flex-col bg-ground text-ink outline-none"
    >
      {children}
    </dialog>
  );
}
