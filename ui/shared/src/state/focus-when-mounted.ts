/** Gives the focus to what was scrolled to: a virtual list mounts it a few frames later, and shows it once it is measured. */
export function focusWhenMounted(selector: string, within: ParentNode = document, tries = 30): void {
  const found = within.querySelector<HTMLElement>(selector);
  found?.focus({ preventScroll: true });
  if (found && document.activeElement === found) found.scrollIntoView({ block: 'nearest' });
  else if (tries > 0) requestAnimationFrame(() => focusWhenMounted(selector, within, tries - 1));
}
