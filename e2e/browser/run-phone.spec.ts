import { askAndWrite, failsAfterModel } from './support/definitions.ts';
import { answerRun, expect, expectNoViolations, phone, startRun, test } from './support/test.ts';

/** The run page on a phone, in the dark (U23, G6, G15). */
test.use({ ...phone, colorScheme: 'dark' });

test('U23 G6 by touch: a card opens, panels come as drawers and go, a branch is made, windows fit; targets are 44 px', async ({
  page,
  person,
}) => {
  const first = await startRun(person, askAndWrite('phone'), 'On a phone');
  const second = await answerRun(person, first, { value: 'a pier at dusk' });
  await answerRun(person, second, { value: 'lovely' });
  await page.goto(`/app/r/${first.workflow_run_id}`);
  await expect(page.getByRole('heading', { name: 'Finished' })).toBeVisible();
  await page.getByRole('button', { name: 'What is it about?' }).tap();
  await expect(page.getByRole('button', { name: 'Branch from here' })).toBeVisible();
  await expectNoViolations(page);

  for (const panel of ['Progress', 'State', 'Files', 'Calls']) {
    const button = page.getByRole('button', { name: panel, exact: true });
    await button.tap();
    const drawer = page.getByRole('dialog', { name: panel });
    await expect(drawer.getByRole('tab', { name: panel })).toHaveAttribute('aria-selected', 'true');
    await expect(drawer.getByRole('tabpanel')).toBeVisible();
    await expectNoViolations(page);
    await page.keyboard.press('Escape');
    await expect(drawer).toBeHidden();
    await expect(button).toBeFocused();
  }

  const small = await page.locator('main').evaluate((main) =>
    [...main.querySelectorAll<HTMLElement>('a[href], button, input:not([type="radio"]), select, summary')]
      .filter((target) => target.offsetParent !== null)
      .map((target) => ({ name: target.ariaLabel ?? target.textContent, box: target.getBoundingClientRect() }))
      .filter(({ box }) => box.height < 44 && box.height > 0)
      .map(({ name, box }) => `${name}: ${box.width} × ${box.height}`),
  );
  expect(small).toEqual([]);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);

  await page.getByRole('button', { name: 'Branch from here' }).tap();
  const dialog = page.getByRole('dialog');
  await dialog.getByText('Run it again with other inputs').tap();
  await expect(dialog.getByText('What the person is asked.')).toBeVisible();
  await expectNoViolations(page);
  await dialog.getByText('Answer it again').tap();
  await dialog.getByRole('button', { name: 'Ask again' }).tap();
  await expect(page.getByRole('heading', { name: 'What is it about?' })).toBeVisible();
  await page.getByRole('button', { name: /^Branch Branch 2/ }).tap();
  await dialog.getByRole('button', { name: /^Compare First branch/ }).tap();
  await expect(dialog).toContainText('They part where');
  await expectNoViolations(page);
});

test('U21 G6 a failure and its plan on a phone', async ({ page, person }) => {
  const run = await startRun(person, failsAfterModel('phone_fails'), 'Fails on a phone');
  await answerRun(person, run, { value: 'tools' });
  await startRun(person, failsAfterModel('phone_fails', false), 'The newer version');
  await page.goto(`/app/r/${run.workflow_run_id}`);
  await expect(page.getByRole('region', { name: 'The run has failed' })).toBeVisible();
  await expectNoViolations(page);
  await page.getByRole('button', { name: 'Use the newer version' }).tap();
  await expect(page.getByRole('region', { name: 'Runs again' })).toBeVisible();
  await expectNoViolations(page);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
});
