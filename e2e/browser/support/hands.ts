import { expect, type Locator, type Page } from '@playwright/test';

/** How a person works a page: with keys alone, or with a finger. */
export interface Hands {
  /** Presses a button, or whatever else is pressed. */
  press(target: Locator): Promise<void>;
  /** Writes into a field, over what stands there. */
  write(field: Locator, text: string): Promise<void>;
  /** Sets a date field to some day in 2027. */
  setDate(field: Locator): Promise<void>;
  /** Gives a file to the open question. */
  give(file: { name: string; mimeType: string; buffer: Buffer }): Promise<void>;
  /** Chooses the item at a path of the question's data (`data-choice`). */
  choose(path: readonly (string | number)[]): Promise<void>;
  /** Sends the answer with the primary button. */
  send(): Promise<void>;
}

const MOST_TABS = 150;

/** A key press may fire a click; nothing else that a pointer does is allowed (ux.md G8). */
export async function withoutPointer(page: Page): Promise<void> {
  await page.addInitScript(() => {
    for (const type of ['pointerdown', 'mousedown', 'touchstart']) {
      globalThis.addEventListener(
        type,
        () => {
          throw new Error(`somebody used a pointer: ${type}`);
        },
        true,
      );
    }
  });
}

/** Keys alone: what has the focus is seen, wherever Tab leads on the way. */
export function keyboard(page: Page): Hands {
  const reach = async (target: Locator): Promise<void> => {
    await target.waitFor();
    for (let tabs = 0; tabs < MOST_TABS; tabs += 1) {
      if (await target.evaluate((element) => element === document.activeElement)) return;
      await page.keyboard.press('Tab');
      expect(await page.evaluate(unseenFocus), 'what has the focus is seen').toBeNull();
    }
    throw new Error(`Tab does not lead to ${String(target)}`);
  };
  return {
    async press(target) {
      await reach(target);
      await page.keyboard.press('Enter');
    },
    async write(field, text) {
      await reach(field);
      await page.keyboard.press('Control+a');
      await page.keyboard.insertText(text);
    },
    async setDate(field) {
      await reach(field);
      await page.keyboard.type('03052027');
    },
    async give(file) {
      await reach(page.locator('[data-interaction] input[type="file"]'));
      const [chooser] = await Promise.all([page.waitForEvent('filechooser'), page.keyboard.press('Enter')]);
      await chooser.setFiles(file);
    },
    async choose(path) {
      const [control, wanted] = [controlAt(page, path), JSON.stringify(path)];
      await reach(page.locator('[data-choice-control][tabindex="0"]').first());
      await page.keyboard.press('Home');
      for (let steps = 0; steps < MOST_TABS; steps += 1) {
        // The card that a key leads to may lie in a part that opens for it.
        const focused = page.locator('[data-choice-control]:focus');
        await expect(focused).toBeVisible();
        if ((await focused.locator('xpath=ancestor::*[@data-choice][1]').getAttribute('data-choice')) === wanted) break;
        await page.keyboard.press('ArrowRight');
      }
      await expect(control).toBeFocused();
      await page.keyboard.press('Space');
    },
    send: () => page.keyboard.press('Control+Enter'),
  };
}

/** A finger on a phone. */
export function finger(page: Page): Hands {
  return {
    press: (target) => target.tap(),
    async write(field, text) {
      await field.tap();
      await field.fill(text);
    },
    setDate: (field) => field.fill('2027-03-05'),
    async give(file) {
      const [chooser] = await Promise.all([
        page.waitForEvent('filechooser'),
        page.locator('[data-interaction] label').tap(),
      ]);
      await chooser.setFiles(file);
    },
    async choose(path) {
      // A drawer that is closed is a tab.
      const tab = page.getByRole('tab', { name: String(path[0]) });
      if (path.length > 1 && (await choiceAt(page, path).count()) === 0) await tab.tap();
      await choiceAt(page, path).tap();
    },
    send: () => page.locator('[data-interaction] footer button').first().tap(),
  };
}

const choiceAt = (page: Page, path: readonly (string | number)[]): Locator =>
  page.locator(`[data-choice=${JSON.stringify(JSON.stringify(path))}]`);
const controlAt = (page: Page, path: readonly (string | number)[]): Locator =>
  choiceAt(page, path).locator('[data-choice-control]');

/** What has the focus without an outline of its own or around it; null where it is seen. The page itself needs none. */
function unseenFocus(): string | null {
  const focused = document.activeElement;
  if (!focused || focused === document.body) return null;
  // The parts within a date field have rings of the browser's own.
  if (focused.matches('input[type="date"]')) return null;
  for (
    let element: Element | null = focused, depth = 0;
    element && depth < 4;
    element = element.parentElement, depth += 1
  ) {
    const { outlineStyle, outlineWidth } = getComputedStyle(element);
    if (outlineStyle !== 'none' && Number.parseFloat(outlineWidth) > 0) return null;
  }
  return focused.outerHTML.slice(0, 400);
}
