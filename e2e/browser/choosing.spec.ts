import type { Page } from '@playwright/test';
import { containers, dishes, nested } from './scenes/every-kind.ts';
import { expect, test } from './support/stage.ts';
import { expectNoViolations } from './support/axe.ts';

const chosen = (page: Page) => page.evaluate(() => globalThis.stage.chosen());
const expectFocusOn = (page: Page, path: unknown[], why?: string) =>
  expect
    .poll(
      () => page.evaluate(() => document.activeElement?.closest<HTMLElement>('[data-choice]')?.dataset['choice']),
      why,
    )
    .toBe(JSON.stringify(path));

/** So many dishes of few words. */
const many = (count: number) =>
  Array.from({ length: count }, (_, index) => ({ name: `Dish ${index + 1}`, cost: 90_000 - index }));
const grid = { type: 'array', ui: { as: 'grid', layout: { columns: { base: 1, md: 3 } } } };

test('U4 arrows move through cards, Space chooses, and nested cards share one count', async ({ stage, page }) => {
  await stage.draw({ view: nested, choice: { multi: true, min: 1, max: 3 } });
  await page.keyboard.press('Tab');
  await expectFocusOn(page, ['starters', 0]);
  await page.keyboard.press('ArrowRight');
  await expectFocusOn(page, ['starters', 1]);
  await page.keyboard.press('Space');
  await expect(page.getByText('1 of 1–3 chosen')).toBeVisible();
  await page.keyboard.press('ArrowDown');
  await expectFocusOn(page, ['mains', 1], 'the card below it');
  await page.keyboard.press('Space');
  await page.keyboard.press('ArrowUp');
  await expectFocusOn(page, ['starters', 1]);
  await page.keyboard.press('End');
  await page.keyboard.press('Space');
  await expect(page.getByText('3 of 1–3 chosen')).toBeVisible();
  await page.keyboard.press('Home');
  await page.keyboard.press('Space');
  await expect(page.getByText('No more can be chosen')).toBeVisible();
  expect(await chosen(page)).toEqual([
    ['starters', 1],
    ['mains', 1],
    ['mains', 2],
  ]);
  await expectNoViolations(page);
});

test('U4 U25 in a language that reads from the right, Left goes on', async ({ stage, page }) => {
  await stage.open('ar');
  await stage.draw({ view: nested, choice: { multi: true } });
  await page.getByRole('checkbox').first().focus();
  await page.keyboard.press('ArrowLeft');
  await expectFocusOn(page, ['starters', 1]);
  await page.keyboard.press('ArrowRight');
  await expectFocusOn(page, ['starters', 0]);
});

test('U4 1 to 9 choose where no field has the focus, and one choice takes the place of another', async ({
  stage,
  page,
}) => {
  await stage.draw({ view: containers('grid'), choice: { multi: false } });
  await expect(page.getByRole('radiogroup', { name: 'Which?' })).toBeVisible();
  await page.keyboard.press('2');
  expect(await chosen(page)).toEqual([[1]]);
  await page.keyboard.press('3');
  expect(await chosen(page)).toEqual([[2]]);
  await expect(page.getByRole('radio', { checked: true })).toHaveCount(1);
  await expect(page.getByRole('radio', { name: dishes[2]?.name as string })).toBeFocused();
  await page.keyboard.press('Control+1');
  expect(await chosen(page)).toEqual([[2]]);
});

test('U4 a press anywhere on a card chooses it, but not one on what has a use of its own', async ({ stage, page }) => {
  const text = { name: 'Dal', link: 'https://example.org/', facts: Array.from({ length: 99 }, (_, index) => index) };
  const schema = { items: { properties: { link: { format: 'uri' }, facts: { ui: { as: 'json' } } } } };
  await stage.draw({ view: { data: [text, text], schema }, choice: { multi: true } });
  await page.getByText('Dal').first().click();
  expect(await chosen(page)).toEqual([[0]]);
  await page.getByText('Structure of 99 parts').last().click();
  expect(await chosen(page), 'a structure unfolds').toEqual([[0]]);
  await page.getByText('Dal').first().click();
  expect(await chosen(page)).toEqual([]);
});

test('U4 Enter opens the picture of a card, Esc gives the focus back', async ({ stage, page }) => {
  await stage.draw({ view: containers('grid'), choice: { multi: true } });
  await page.keyboard.press('Tab');
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('dialog')).toContainText(dishes[1]?.name as string);
  await page.keyboard.press('1');
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toBeHidden();
  await expectFocusOn(page, [1]);
  expect(await chosen(page), 'keys of the window are its own').toEqual([]);
});

test('U4 cards in tabs and sections are reached by the same keys', async ({ stage, page }) => {
  const schema = { ui: { as: 'tabs' } };
  for (const as of ['tabs', 'sections']) {
    await stage.draw({ view: { data: nested.data, schema: { ...schema, ui: { as } } }, choice: { multi: true } });
    await page.getByRole('checkbox').first().focus();
    await page.keyboard.press('End');
    await expectFocusOn(page, ['mains', 2]);
  }
});

test('U4 U24 Tab leads into whichever tab or section is open', async ({ stage, page }) => {
  const viewAs = (as: string) => ({ data: nested.data, schema: { ui: { as } } });
  await stage.draw({ view: viewAs('tabs'), choice: { multi: true } });
  await page.getByRole('tab').first().focus();
  await page.keyboard.press('ArrowRight');
  await expect(page.getByRole('tab').nth(1)).toHaveAttribute('aria-selected', 'true');
  await expect(page.locator('[data-choice-control][tabindex="0"]')).toHaveCount(1);
  await stage.draw({ view: viewAs('sections'), choice: { multi: true } });
  const [first, second] = [page.locator('summary').first(), page.locator('summary').nth(1)];
  await second.press('Enter');
  await first.press('Enter');
  await second.focus();
  await page.keyboard.press('Tab');
  await expectFocusOn(page, ['mains', 0]);
});

test('U4 rows of a table are chosen in the order in which they are sorted', async ({ stage, page }) => {
  const schema = { ui: { as: 'table' } };
  await stage.draw({ view: { data: many(5), schema }, choice: { multi: false } });
  await page.getByRole('button', { name: 'Cost' }).click();
  await expect(page.getByRole('columnheader', { name: 'Cost' })).toHaveAttribute('aria-sort', 'ascending');
  await page.keyboard.press('1');
  expect(await chosen(page), 'the cheapest is the last one').toEqual([[4]]);
  await page.keyboard.press('ArrowDown');
  await expectFocusOn(page, [3]);
});

for (const [what, view] of [
  ['cards', { data: many(1_000), schema: grid }],
  ['rows of a table', { data: many(1_000), schema: { ui: { as: 'table' } } }],
] as const) {
  test(`U4 promise 4: among 1 000 ${what} few are mounted, and a choice draws few anew`, async ({ stage, page }) => {
    await stage.draw({ view, choice: { multi: true } });
    const height = page.viewportSize()?.height ?? 0;
    const mounted = page.locator('[data-choice]');
    const screens = async () => {
      const boxes = await mounted.evaluateAll((cards) => cards.map((card) => card.getBoundingClientRect()));
      const tops = boxes.map(({ top }) => top);
      return (Math.max(...boxes.map(({ bottom }) => bottom)) - Math.min(...tops)) / height;
    };
    expect(await screens()).toBeLessThanOrEqual(3);
    const first = page.getByRole('checkbox').first();
    await first.focus();
    await page.keyboard.press('Space');
    await stage.renders.reset();
    await page.keyboard.press('Space');
    const drawn = await stage.renders.again();
    // The stage itself and the question draw their count anew.
    expect(drawn.length, drawn.join(' ')).toBeLessThanOrEqual(8);
    await page.keyboard.press('End');
    await expectFocusOn(page, [999]);
    expect(await mounted.count()).toBeLessThan(200);
    await expectNoViolations(page);
  });
}

test('U4 promise 4: a long list says how long it is, is searched, and keeps what has the focus', async ({
  stage,
  page,
}) => {
  await stage.draw({ view: { data: many(5_000), schema: grid }, choice: { multi: true } });
  await expect(page.getByRole('listitem').first()).toHaveAttribute('aria-setsize', '5000');
  await page.getByRole('checkbox', { name: 'Dish 1', exact: true }).focus();
  await page.mouse.move(600, 400);
  await page.mouse.wheel(0, 60_000);
  await expect(page.getByRole('checkbox', { name: /^Dish [1-9]\d\d\d$/ }).first()).toBeVisible();
  await expectFocusOn(page, [0], 'the focus is where it was');
  await page.keyboard.press('ArrowRight');
  await expect(page.getByRole('checkbox', { name: 'Dish 2', exact: true })).toBeFocused();
  await page.getByRole('searchbox').fill('dish 4711');
  await expect(page.getByText('1 found')).toBeVisible();
  await page.keyboard.press('Tab');
  await expect(page.getByRole('checkbox', { name: 'Dish 4711' })).toBeFocused();
  await page.keyboard.press('Space');
  expect(await chosen(page)).toEqual([[4710]]);
  await page.getByRole('searchbox').fill('nothing like it');
  await expect(page.getByText('Nothing found.')).toBeVisible();
});

test('U4 arrows go down by a line of cards where only what is in sight is mounted', async ({ stage, page }) => {
  await stage.draw({ view: { data: many(1_000), schema: grid }, choice: { multi: false } });
  await page.getByRole('radio').first().focus();
  for (let press = 0; press < 30; press += 1) await page.keyboard.press('ArrowDown');
  await expect(page.getByRole('radio', { name: 'Dish 91', exact: true })).toBeFocused();
});
