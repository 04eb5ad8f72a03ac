import { keepPictures, mediaQuestion } from './support/media.ts';
import { cells, generate, local, nth, open, overviewOf } from './support/media-page.ts';
import { expect, expectNoViolations, playRun, startRun, test } from './support/test.ts';

/** Pictures that are made, looked at large, compared and chosen (U10). */

test.describe('U10 the gallery', () => {
  test('U10 arrows, Home and End move, Space chooses, Enter shows large, Escape gives the focus back, D saves', async ({
    page,
    person,
    servers,
  }) => {
    const run = await startRun(person, mediaQuestion('u10_keys', local), 'Keys');
    await keepPictures(servers, person, run, 8);
    await open(page, run);
    await expect(cells(page)).toHaveCount(8);
    const columns = Number(await page.getByRole('grid').getAttribute('aria-colcount'));
    await nth(page, 0).focus();
    await page.keyboard.press('ArrowRight');
    await expect(nth(page, 1)).toBeFocused();
    await page.keyboard.press('ArrowDown');
    await expect(nth(page, 1 + columns)).toBeFocused();
    await page.keyboard.press('End');
    await expect(nth(page, 7)).toBeFocused();
    await page.keyboard.press('Home');
    await expect(nth(page, 0)).toBeFocused();
    await page.keyboard.press('Space');
    await expect(nth(page, 0)).toHaveAttribute('aria-selected', 'true');
    await page.keyboard.press('3');
    await expect(nth(page, 2)).toHaveAttribute('aria-selected', 'true');
    await expect(nth(page, 0)).toHaveAttribute('aria-selected', 'false');
    const saved = page.waitForEvent('download');
    await page.keyboard.press('d');
    expect((await saved).suggestedFilename()).toMatch(/^image-[\w-]+\.png$/);
    await page.keyboard.press('Enter');
    const lightbox = page.getByRole('dialog');
    await expect(lightbox).toContainText('3 of 8');
    await expect(lightbox.getByRole('img')).toBeVisible();
    await page.keyboard.press('ArrowRight');
    await expect(lightbox).toContainText('4 of 8');
    await page.keyboard.press('i');
    // Newest first: pictures 1 to 4 are of the second go, with the seeds 4 to 7.
    await expect(lightbox.getByRole('definition').filter({ hasText: /^7$/ })).toBeVisible();
    await expect(lightbox.getByRole('complementary')).toContainText('pier number 2');
    await page.keyboard.press('+');
    await expect(lightbox.getByRole('group', { name: 'Picture at 150 %' })).toBeVisible();
    await expectNoViolations(page, 'dialog');
    await page.keyboard.press('0');
    await page.keyboard.press('Space');
    await expect(lightbox.getByRole('button', { name: 'Chosen' })).toBeVisible();
    await page.keyboard.press('Escape');
    await expect(lightbox).toHaveCount(0);
    await expect(nth(page, 3)).toBeFocused();
    await expect(nth(page, 3)).toHaveAttribute('aria-selected', 'true');
  });

  test('U10 two are compared side by side, with what differs in how they were made', async ({
    page,
    person,
    servers,
  }) => {
    const run = await startRun(person, mediaQuestion('u10_compare', local), 'Compare');
    await keepPictures(servers, person, run, 8);
    await open(page, run);
    await page.getByRole('button', { name: 'Compare two' }).click();
    await nth(page, 0).click();
    await expect(page.getByText('Now the second one.')).toBeVisible();
    await nth(page, 5).click();
    const dialog = page.getByRole('dialog', { name: 'Side by side' });
    await expect(dialog.getByRole('img')).toHaveCount(2);
    await expect(dialog).toContainText('pier number 2');
    await expect(dialog).toContainText('pier number 1');
    await expectNoViolations(page, 'dialog');
    await dialog.getByRole('button', { name: 'Choose this' }).nth(1).click();
    await page.keyboard.press('Escape');
    await expect(nth(page, 5)).toBeFocused();
    await expect(nth(page, 5)).toHaveAttribute('aria-selected', 'true');
    // By keys alone: C marks one, C on another shows both.
    await page.keyboard.press('c');
    await page.keyboard.press('Home');
    await page.keyboard.press('c');
    await expect(dialog.getByRole('img')).toHaveCount(2);
  });

  test('U10 "use these settings" fills the form with them, the seed too, and the same comes out again', async ({
    page,
    person,
  }) => {
    const run = await startRun(person, mediaQuestion('u10_use', local), 'Use');
    await open(page, run);
    await page.getByLabel('Style').selectOption('poster');
    await page.getByLabel('Prompt', { exact: true }).fill('a lighthouse in the fog');
    await generate(page).click();
    await expect(cells(page)).toHaveCount(1);
    await page.getByLabel('Prompt', { exact: true }).fill('something else');
    await nth(page, 0).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Use these settings' }).click();
    await expect(page.getByLabel('Prompt', { exact: true })).toHaveValue('a lighthouse in the fog');
    const seed = await page.getByLabel('Seed').inputValue();
    expect(seed).toMatch(/^\d+$/);
    await generate(page).click();
    await expect(cells(page)).toHaveCount(2);
    const { executions } = await overviewOf(person, run);
    expect(executions[1]?.params.params).toMatchObject({ prompt: 'a lighthouse in the fog', seed: Number(seed) });
    const shas = new Set<string>();
    for (const cell of [nth(page, 0), nth(page, 1)]) {
      const src = await cell.getByRole('presentation').or(cell.locator('img')).first().getAttribute('src');
      const reply = await page.request.get((src ?? '').replace(/\?.*/, ''));
      shas.add(reply.headers()['etag'] ?? '');
    }
    expect(shas.size).toBe(1);
  });

  test('U10 of 500 pictures at most three screens are mounted; one finds, goes to the end and back', async ({
    page,
    person,
    servers,
  }) => {
    const run = await startRun(person, mediaQuestion('u10_many', local), 'Many');
    await keepPictures(servers, person, run, 500);
    await open(page, run);
    const grid = page.getByRole('grid');
    await expect(grid).toBeVisible();
    const columns = Number(await grid.getAttribute('aria-colcount'));
    expect(await grid.getAttribute('aria-rowcount')).toBe(String(Math.ceil(500 / columns)));
    const { screen, row } = await grid.evaluate((element) => ({
      screen: element.clientHeight,
      row: element.querySelector('[role="row"]')?.getBoundingClientRect().height ?? 0,
    }));
    const most = 3 * columns * Math.ceil(screen / row);
    const mounted = async (): Promise<void> => expect(await cells(page).count()).toBeLessThanOrEqual(most);
    await mounted();
    await nth(page, 0).focus();
    await page.keyboard.press('End');
    await expect(nth(page, 499)).toBeFocused();
    await mounted();
    await page.keyboard.press('ArrowUp');
    await expect(nth(page, 499 - columns)).toBeFocused();
    // What has the focus stays mounted while something else is scrolled to.
    await grid.evaluate((element) => element.scrollTo({ top: 0 }));
    await expect(nth(page, 0)).toBeVisible();
    await expect(nth(page, 499 - columns)).toBeFocused();
    await mounted();
    await page.getByRole('searchbox', { name: 'Search' }).fill('pier number 77');
    await expect(cells(page)).toHaveCount(4);
    await expect(page.getByText('4 found')).toBeVisible();
    await expectNoViolations(page);
  });
});

test('U10 pictures on cards are chosen by pressing them, shown large by Enter, and chosen there', async ({
  page,
  person,
}) => {
  const run = await playRun(person, 'picture-postcard', 'picture/pick_picture');
  await open(page, run);
  const choices = page.getByRole('radio');
  await expect(choices).toHaveCount(3);
  await page.locator('[data-choice] img').nth(1).click();
  await expect(choices.nth(1)).toBeChecked();
  await choices.nth(1).focus();
  await page.keyboard.press('Enter');
  const lightbox = page.getByRole('dialog');
  await expect(lightbox).toContainText('2 of 3');
  await page.keyboard.press('ArrowRight');
  await lightbox.getByRole('button', { name: 'Choose this' }).click();
  await page.keyboard.press('Escape');
  await expect(choices.nth(2)).toBeChecked();
});
