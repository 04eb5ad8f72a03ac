import { expect, expectNoViolations, startRun, test } from './support/test.ts';

test.describe('a newcomer', () => {
  test.use({ signedIn: false });

  test('U1 signs in by a link, answers what is asked, and the run is finished', async ({ page, person }) => {
    await page.goto(await person.link());
    await expect(page).toHaveURL(/\/app\/$/);
    const run = await startRun(person, 'hello', 'A tagline');
    await page.goto(`/app/r/${run.workflow_run_id}`);
    await page.getByRole('textbox').first().fill('a bakery that opens at midnight');
    await page.keyboard.press('Control+Enter');
    await page.getByRole('radio').or(page.getByRole('option')).first().click();
    await expectNoViolations(page);
    await page.keyboard.press('Control+Enter');
    await expect
      .poll(async () => (await person.api<{ status: string }>('GET', `/workflow/${run.workflow_run_id}/status`)).status)
      .toBe('completed');
    await expect(page.getByText('Finished', { exact: true }).first()).toBeVisible();
  });
});

test('U1 somebody who is signed in finds what waits for them on any of their devices', async ({
  page,
  person,
  newDevice,
}) => {
  await startRun(person, 'hello', 'Waiting for me');
  const other = await newDevice();
  for (const device of [page, other]) {
    await device.goto('/app/');
    await expect(device.getByRole('link', { name: 'Waiting for me' }).first()).toBeVisible();
  }
});
