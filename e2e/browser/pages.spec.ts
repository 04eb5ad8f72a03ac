import type { Page } from '@playwright/test';
import { expect, expectNoViolations, phone, startRun, test } from './support/test.ts';

/** The runner's pages but that of a run (ux.md 2.1). */

const untilSettled = async (page: Page): Promise<void> => {
  await expect(page.locator('main h1, main h2').first()).toBeVisible();
  await expect(page.locator('main .animate-pulse')).toHaveCount(0);
};

test('U1 from home to a running example in two presses, its name filled in', async ({ page }) => {
  await page.goto('/app/');
  await page.getByRole('button', { name: 'Start the example' }).click();
  const name = page.getByRole('textbox', { name: 'Name of the run' });
  await expect(name).toBeFocused();
  expect(await name.inputValue()).toContain('The window of the month');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/\/app\/r\//);
  await expect(page.getByRole('heading', { name: 'What is the next window about?' })).toBeVisible();
});

test('U16 an uploaded workflow shows its problems first, and what changed before it runs', async ({ page, person }) => {
  const workflow = (prompt: string, moduleId = 'user.text_input') => ({
    format: 2,
    workflow_id: `uploaded_${person.userId.slice(0, 8)}`,
    name: 'Uploaded',
    steps: [{ step_id: 'ask', name: 'Ask', modules: [{ module_id: moduleId, name: 'ask', inputs: { prompt } }] }],
  });
  const upload = async (content: object): Promise<void> => {
    await page.goto('/app/');
    await page.getByRole('button', { name: 'Add a workflow' }).click();
    const file = { name: 'flow.json', mimeType: 'application/json', buffer: Buffer.from(JSON.stringify(content)) };
    await page.getByLabel(/Choose a file/).setInputFiles(file);
  };
  await upload(workflow('What?', 'user.text_inputt'));
  await expect(page.getByText('steps[0].modules[0].module_id')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Add', exact: true })).toBeDisabled();
  await expectNoViolations(page);

  await upload(workflow('What is it about?'));
  await expect(page.getByText('“Uploaded” has no problems.')).toBeVisible();
  await page.getByRole('button', { name: 'Add', exact: true }).click();
  await expect(page).toHaveURL(/\/app\/w\//);
  await expect(page.getByRole('heading', { name: 'Uploaded' })).toBeVisible();

  await upload(workflow('What is it all about?'));
  await page.getByRole('button', { name: 'Start it…' }).click();
  await expect(page.getByRole('textbox', { name: 'Name of the run' })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.getByText('The workflow has changed')).toBeVisible();
  await expect(page.locator('ins', { hasText: 'all' })).toBeVisible();
  await page.getByRole('button', { name: 'Take the change and start' }).click();
  await expect(page.getByRole('heading', { name: 'What is it all about?' })).toBeVisible();
});

test('U1 U24 a window that is left gives the focus back, also one that took the place of another', async ({ page }) => {
  await page.goto('/app/');
  const example = page.getByRole('button', { name: 'Start the example' });
  await example.press('Enter');
  await expect(page.getByRole('textbox', { name: 'Name of the run' })).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(example).toBeFocused();

  const add = page.getByRole('button', { name: 'Add a workflow' });
  await add.press('Enter');
  const content = {
    format: 2,
    workflow_id: 'left_again',
    name: 'Left again',
    steps: [
      {
        step_id: 'ask',
        name: 'Ask',
        modules: [{ module_id: 'user.text_input', name: 'ask', inputs: { prompt: 'What?' } }],
      },
    ],
  };
  const file = { name: 'flow.json', mimeType: 'application/json', buffer: Buffer.from(JSON.stringify(content)) };
  await page.getByLabel(/Choose a file/).setInputFiles(file);
  const start = page.getByRole('button', { name: 'Start it…' });
  await expect(start).toBeEnabled();
  await start.press('Enter');
  await expect(page.getByRole('textbox', { name: 'Name of the run' })).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(add).toBeFocused();
});

test('U20 what waits is counted in the frame and the title of every tab, and the count goes when it is answered', async ({
  page,
  person,
  context,
}) => {
  await page.goto('/app/settings');
  const other = await context.newPage();
  await other.goto('/app/runs');
  const run = await startRun(person, 'hello', 'Somebody asks');
  for (const tab of [page, other]) {
    await expect(tab.getByRole('link', { name: 'Needs you 1', exact: true })).toBeVisible();
    await expect(tab).toHaveTitle('(1) WFM');
  }
  await expect(other.getByRole('link', { name: /Somebody asks/ })).toBeVisible();
  await person.api('POST', `/workflow/${run.workflow_run_id}/cancel`, {});
  for (const tab of [page, other]) await expect(tab).toHaveTitle('WFM');
});

test('U13 runs are found by state and text, and the address keeps what was looked for', async ({ page, person }) => {
  await startRun(person, 'hello', 'Bread at midnight');
  const ended = await startRun(person, 'hello', 'Tea at noon');
  await person.api('POST', `/workflow/${ended.workflow_run_id}/cancel`, {});
  await page.goto('/app/runs');
  await page.getByLabel('State').selectOption('cancelled');
  await expect(page.getByRole('link', { name: /Tea at noon/ })).toBeVisible();
  await expect(page.getByRole('link', { name: /Bread/ })).toHaveCount(0);
  await page.reload();
  await expect(page.getByRole('link', { name: /Tea at noon/ })).toBeVisible();
  await page.getByRole('searchbox', { name: 'Name' }).fill('nothing of the kind');
  await expect(page.getByText('No run fits')).toBeVisible();
  await page.getByRole('button', { name: 'Clear' }).click();
  await expect(page.getByRole('link', { name: /Bread at midnight/ })).toBeVisible();
  await page.getByRole('button', { name: 'More about Tea at noon' }).click();
  await page.getByRole('menuitem', { name: 'Delete' }).click();
  await page.getByRole('button', { name: 'Delete' }).click();
  await expect(page.getByRole('link', { name: /Tea at noon/ })).toHaveCount(0);
});

test('a key is shown once, and its holder is refused once it is revoked', async ({ page, servers }) => {
  await page.goto('/app/settings');
  await page.getByLabel('What it is for').fill('the build');
  await page.getByRole('button', { name: 'Make a key' }).click();
  const key = await page.locator('code', { hasText: /^wfk_.{20,}/ }).innerText();
  const ask = async () => (await fetch(`${servers.url}/auth/me`, { headers: { 'x-access-key': key } })).status;
  expect(await ask()).toBe(200);
  await page.reload();
  await expect(page.getByText(key)).toHaveCount(0);
  await page.getByRole('listitem').filter({ hasText: 'the build' }).getByRole('button', { name: 'Revoke' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Revoke' }).click();
  await expect(page.getByRole('listitem').filter({ hasText: 'the build' })).toHaveCount(0);
  expect(await ask()).toBe(401);
});

test.describe('an administrator', () => {
  test.use({ role: 'admin' });

  test('invites somebody, who chooses a password and is in; the invitation is worth nothing more', async ({
    page,
    newDevice,
  }) => {
    await page.goto('/app/admin/users');
    await page.getByRole('button', { name: 'Invite' }).click();
    const address = await page.locator('code', { hasText: '/app/invite/' }).innerText();
    const path = new URL(address).pathname;
    const guest = await newDevice(null);
    await guest.goto(path);
    await expectNoViolations(guest);
    const email = `guest-${Date.now()}@example.org`;
    await guest.getByLabel('E-mail address').fill(email);
    await guest.getByLabel('Name', { exact: true }).fill('Guest');
    await guest.getByLabel('Password').fill('a long enough password');
    await guest.getByRole('button', { name: 'Make the account' }).click();
    await expect(guest.getByRole('button', { name: 'Start the example' })).toBeVisible();

    await page.getByRole('searchbox', { name: 'Search by e-mail' }).fill(email);
    const row = page.getByRole('listitem').filter({ hasText: email });
    await row.getByRole('button', { name: 'Close account' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Close account' }).click();
    await expect(row.getByText('Closed')).toBeVisible();
  });
});

for (const [name, options] of [
  ['light, wide', { viewport: { width: 1440, height: 900 } }],
  ['dark, on a phone', { ...phone, colorScheme: 'dark' as const }],
  ['right to left', { language: 'ar' as const }],
] as const) {
  test.describe(name, () => {
    test.use({ ...options, role: 'admin' });
    test(`U21 every page is free of serious violations, and nothing sticks out: ${name}`, async ({ page, person }) => {
      await startRun(person, 'hello', 'Something to list');
      const { items } = await person.api<{ items: { template_id: string }[] }>('GET', '/workflow-templates');
      const pages = ['', 'waiting', 'runs', 'settings', 'admin/users', `w/${items[0]?.template_id}`];
      for (const path of pages) {
        await page.goto(`/app/${path}`);
        await untilSettled(page);
        await expectNoViolations(page);
        const width = await page.evaluate(() => [
          document.documentElement.scrollWidth,
          document.documentElement.clientWidth,
        ]);
        expect(width[0], path).toBeLessThanOrEqual(width[1] ?? 0);
      }
    });
  });
}

test('the keys are listed by ?, and Ctrl+K leads anywhere', async ({ page, person }) => {
  await startRun(person, 'hello', 'A run far away');
  await page.goto('/app/settings');
  await untilSettled(page);
  await page.keyboard.press('?');
  await expect(page.getByRole('dialog', { name: 'Keys' })).toBeVisible();
  await expectNoViolations(page);
  await page.keyboard.press('Escape');
  await page.keyboard.press('Control+k');
  await expect(page.getByRole('combobox')).toBeFocused();
  await page.keyboard.type('far away');
  await expect(page.getByRole('option')).toHaveText([/A run far away/]);
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/\/app\/r\//);
});
