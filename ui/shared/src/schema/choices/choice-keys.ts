import type { ChoiceStore } from './selection.ts';

const page = 10;

/**
 * Where a key leads from a card: Left and Right in reading direction, Up and Down to the card that lies there, Home and
 * End, Page Up and Down. Undefined for any other key.
 */
export function choiceBelow(
  key: string,
  control: HTMLElement,
  box: HTMLElement,
  store: ChoiceStore,
): string | undefined {
  const forward = getComputedStyle(box).direction === 'rtl' ? -1 : 1;
  switch (key) {
    case 'ArrowRight':
      return store.neighbour(forward);
    case 'ArrowLeft':
      return store.neighbour(-forward);
    case 'ArrowDown':
    case 'ArrowUp':
      return vertically(key === 'ArrowDown' ? 1 : -1, control, box, store);
    case 'PageDown':
      return store.neighbour(page);
    case 'PageUp':
      return store.neighbour(-page);
    case 'Home':
      return store.neighbour(-store.count());
    case 'End':
      return store.neighbour(store.count());
    default:
      return undefined;
  }
}

/** In a list that mounts only what is in sight, by its columns; elsewhere the nearest card of the next line. */
function vertically(by: 1 | -1, control: HTMLElement, box: HTMLElement, store: ChoiceStore): string {
  const long = control.closest<HTMLElement>('[data-columns]');
  if (long) return store.neighbour(by * Number(long.dataset['columns']));
  const own = control.closest('[data-choice]')?.getBoundingClientRect();
  if (!own) return store.neighbour(by);
  const middle = own.left + own.width / 2;
  let best: { key: string; line: number; aside: number } | undefined;
  for (const card of box.querySelectorAll<HTMLElement>('[data-choice]')) {
    const { top, bottom, left, width, height } = card.getBoundingClientRect();
    const line = by > 0 ? top - own.bottom : own.top - bottom;
    if (height === 0 || line < -1) continue;
    const aside = Math.abs(left + width / 2 - middle);
    // Cards of one line may differ in height by as much as they like: only where they begin counts.
    if (!best || line < best.line - 1 || (line <= best.line + 1 && aside < best.aside)) {
      best = { key: card.dataset['choice'] ?? '', line, aside };
    }
  }
  return best?.key ?? store.neighbour(by);
}
