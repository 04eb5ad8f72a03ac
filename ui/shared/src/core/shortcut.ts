/** Keys as ux.md 2.5 and 2.8 have them. */

export interface KeyPress {
  key: string;
  code: string;
  ctrlKey: boolean;
  metaKey: boolean;
  altKey: boolean;
  shiftKey: boolean;
  isComposing: boolean;
  getModifierState(name: string): boolean;
}

/**
 * True when a key press is the shortcut `Ctrl+K`, `Alt+ArrowUp`, `Shift+Ctrl+Enter`, `r`, `?`. Ctrl is Cmd on a Mac.
 * Letters go by what they type, or by where they lie on a layout that types no Latin ones. Never while text is composed;
 * AltGr is never Ctrl+Alt.
 */
export function isShortcut(press: KeyPress, shortcut: string): boolean {
  if (shortcut.length === 1 && !singleKeysWanted()) return false;
  if (press.isComposing || press.key === 'Process' || press.key === 'Dead') return false;
  const parts = shortcut.split('+').filter((part) => part !== '');
  const wanted = shortcut.endsWith('+') ? '+' : (parts.pop() ?? '');
  const has = (name: string): boolean => parts.includes(name);
  if (press.getModifierState('AltGraph')) return false;
  if ((press.ctrlKey || press.metaKey) !== has('Ctrl') || press.altKey !== has('Alt')) return false;
  // The sign itself says whether Shift was needed for it.
  const isSign = wanted.length === 1 && wanted.toLowerCase() === wanted.toUpperCase();
  if (!isSign && press.shiftKey !== has('Shift')) return false;
  return press.key === wanted || letterOf(press) === wanted.toLowerCase();
}

function letterOf({ key, code }: KeyPress): string {
  if (/^[a-z]$/i.test(key)) return key.toLowerCase();
  if (key.length === 1 && key.codePointAt(0)! > 127 && /^Key[A-Z]$/.test(code)) return code.slice(3).toLowerCase();
  return key.length === 1 ? key : '';
}

/** True where a key belongs to the field that has the focus. */
export function isInField(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target instanceof HTMLInputElement) return !keyless.has(target.type);
  return target.isContentEditable || /^(?:textarea|select)$/i.test(target.tagName);
}

/** Inputs that do nothing with a letter or a digit. */
const keyless = new Set(['checkbox', 'radio', 'button', 'submit', 'reset', 'file', 'image']);

/** True in an open window or menu, which takes the keys for itself. */
export function isInWindow(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest('[role="dialog"], [role="menu"]') !== null;
}

const KEY = 'wfm.single-keys';

/** Whether keys without Ctrl act; a person may turn them off (ux.md 2.5). */
export function singleKeysWanted(): boolean {
  try {
    return globalThis.localStorage.getItem(KEY) !== 'off';
  } catch {
    return true;
  }
}

export function keepSingleKeys(wanted: boolean): void {
  try {
    if (wanted) globalThis.localStorage.removeItem(KEY);
    else globalThis.localStorage.setItem(KEY, 'off');
  } catch {
    // A browser that keeps nothing has them on.
  }
}
