import type { BrowserContext } from '@playwright/test';
import { expect, expectNoViolations, startRun, test } from './support/test.ts';

/** A session that ends while a page is open, and one computer that two people use (U22, ux.md 2.9). */

const password = 'a long enough phrase';

/**
 * Before any page is open: it ends all other sessions, so a page that is just asking for something would get itself fresh
 * cookies, perhaps after a test has taken them away.
 */
const setPassword = async (context: BrowserContext, origin: string): Promise<void> => {
  const reply = await context.request.post(`${origin}/auth/password`, {
    headers: { origin },
    data: { new_password: password },
  });
  expect(reply.status()).toBe(200);
};

test('U22 whoever signs in again goes on where they were, and what was begun is sent', async ({
  page,
  person,
  context,
  faults,
  servers,
}) => {
  faults.expect(/401 \(Unauthorized\)/);
  await setPassword(context, servers.url);
  const run = await startRun(person, 'hello', 'Half way');
  await page.goto(`/app/r/${run.workflow_run_id}`);
  // A stream that is only being opened would ask for the password before the answer does.
  await expect(page.getByText('Live', { exact: true })).toBeVisible();
  await page.getByRole('textbox').first().fill('a bakery that opens at midnight');
  await context.clearCookies();
  await page.keyboard.press('Control+Enter');
  const dialog = page.getByRole('dialog', { name: 'Sign in again' });
  await expect(dialog).toBeVisible();
  await expectNoViolations(page);
  await expect(dialog.getByLabel('E-mail or name')).toHaveValue(person.email);
  await dialog.getByLabel('Password').fill('not this one at all');
  await dialog.getByRole('button', { name: 'Sign in' }).click();
  await expect(dialog.getByRole('alert')).toContainText('wrong');
  await dialog.getByLabel('Password').fill(password);
  await dialog.getByRole('button', { name: 'Sign in' }).click();
  await expect(dialog).toBeHidden();
  await expect(page.getByRole('radio').or(page.getByRole('option')).first()).toBeVisible();
  const events = await person.api<{ items: unknown[] }>('GET', `/workflow/${run.workflow_run_id}/interaction-history`);
  expect(JSON.stringify(events)).toContain('a bakery that opens at midnight');
});

test('U22 somebody else who signs in there is shown and sends nothing of the first', async ({
  page,
  person,
  context,
  faults,
  newPerson,
  newDevice,
  servers,
}) => {
  faults.expect(/401 \(Unauthorized\)|404 \(Not Found\)/);
  const other = await newPerson();
  const theirs = await newDevice(other);
  await setPassword(theirs.context(), servers.url);
  const run = await startRun(person, 'hello', 'A secret plan');
  await page.goto(`/app/r/${run.workflow_run_id}`);
  await expect(page.getByText('Live', { exact: true })).toBeVisible();
  await page.getByRole('textbox').first().fill('known to the first one alone');
  await context.clearCookies();
  await page.keyboard.press('Control+Enter');
  const dialog = page.getByRole('dialog', { name: 'Sign in again' });
  await dialog.getByLabel('E-mail or name').fill(other.email);
  await dialog.getByLabel('Password').fill(password);
  await dialog.getByRole('button', { name: 'Sign in' }).click();
  await expect(page).toHaveURL(/\/app\/$/);
  await expect(page.getByRole('button', { name: other.name })).toBeVisible();
  await expect(page.getByText('A secret plan')).toHaveCount(0);
  await page.goto(`/app/r/${run.workflow_run_id}`);
  await expect(page.getByText('Not here')).toBeVisible();
  await expect(page.getByText('known to the first one alone')).toHaveCount(0);
  expect(await person.api('GET', `/workflow/${run.workflow_run_id}/status`)).toMatchObject({
    status: 'awaiting_input',
  });
});

test('U22 who signs out in one tab is shown in none', async ({ page, person, context }) => {
  const run = await startRun(person, 'hello', 'Open twice');
  const second = await context.newPage();
  await page.goto('/app/');
  await second.goto(`/app/r/${run.workflow_run_id}`);
  await expect(second.getByRole('textbox').first()).toBeVisible();
  await page.getByRole('button', { name: person.name }).click();
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
  for (const tab of [page, second]) {
    await expect(tab).toHaveURL(/\/app\/sign-in/);
    await expect(tab.getByText('Open twice')).toHaveCount(0);
  }
});
