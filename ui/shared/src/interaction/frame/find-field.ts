import type { Place } from '../answering/faults.ts';

/** Asks a form that mounts only what is in sight for one of its rows. */
export const revealRow = 'wfm-reveal-row';

const inputs = ':is(input, textarea, select, button, [tabindex="0"]):not(:disabled)';

function inputIn(card: HTMLElement, { row, field }: Place): HTMLElement | null {
  if (field === 'selected_indices')
    return card.querySelector<HTMLElement>('[data-choice-control][tabindex="0"], [data-choice-control]');
  const scope = row === undefined ? '' : `[data-row="${row}"] `;
  const named =
    field === '' ? null : card.querySelector<HTMLElement>(`${scope}[data-field="${CSS.escape(field)}"] ${inputs}`);
  return named ?? (row === undefined ? null : card.querySelector<HTMLElement>(`${scope}${inputs}`));
}

/** Puts the focus into a field of a card; false where it has none of that name. */
export function focusField(card: HTMLElement | null, place: Place): boolean {
  if (!card) return false;
  const found = inputIn(card, place);
  if (found) {
    found.focus();
    return true;
  }
  if (place.row === undefined) return false;
  const isShown = !card.dispatchEvent(
    new CustomEvent(revealRow, { detail: place.row, bubbles: false, cancelable: true }),
  );
  if (isShown) requestAnimationFrame(() => requestAnimationFrame(() => inputIn(card, place)?.focus()));
  return isShown;
}

/** True where a card has a field of that name, mounted or not. */
export function hasField(card: HTMLElement | null, place: Place): boolean {
  return card !== null && (place.row !== undefined || inputIn(card, place) !== null);
}
