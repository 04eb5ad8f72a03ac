/**
 * Puts a text on the clipboard; false where the browser does not let a page (plain http on a LAN, ux.md 2.9): then it is
 * selected in a field of its own, for the person's own copy.
 */
export async function copyText(text: string): Promise<boolean> {
  try {
    await globalThis.navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copyBySelection(text);
  }
}

function copyBySelection(text: string): boolean {
  const before = document.activeElement;
  const field = document.createElement('textarea');
  field.value = text;
  field.readOnly = true;
  field.className = 'sr-only';
  // Within an open window, what lies outside it takes no focus.
  (document.querySelector('[role="dialog"], dialog[open]') ?? document.body).append(field);
  field.select();
  try {
    // Old, and the one way that is left without a secure context.
    return document.execCommand('copy');
  } catch {
    return false;
  } finally {
    field.remove();
    if (before instanceof HTMLElement) before.focus();
  }
}
