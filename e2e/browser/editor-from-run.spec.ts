import { askAndWrite } from './support/definitions.ts';
import { previewPanel, previewSettles } from './support/previewed.ts';
import { answerRun, expect, playRun, startRun, test } from './support/test.ts';

test('from a run to the editor: an answered card opens its module, with the run up to it in the preview', async ({
  page,
  person,
}) => {
  const asked = await startRun(person, askAndWrite('there-and-back'));
  const drafted = await answerRun(person, asked, { value: 'Lighthouses' });
  const run = await answerRun(person, drafted, { value: 'Shorter, please' });
  expect(run.status).toBe('completed');
  await page.goto(`/app/r/${run.workflow_run_id}`);
  await page.locator('[data-card]').last().click();
  await page.getByRole('button', { name: 'Change how this works' }).first().click();
  await page.waitForURL(/\/editor\/w\/[^?]+\?m=s2\.remark&run=/);
  const preview = previewPanel(page);
  await expect(preview.getByRole('link', { name: 'Preview of a run' })).toBeVisible();
  await expect(preview.getByRole('heading', { name: 'What do you think of it?' })).toBeVisible();
  await previewSettles(page);
  // What the run had before the module is there: its answer, and the text that a model really wrote.
  await preview.getByRole('button', { name: '1 answer before' }).click();
  await expect(preview.getByText('What is it about?')).toBeVisible();
  await expect(preview.locator('[data-module="s1/draft"]')).toHaveAttribute('data-outcome', 'reused');
});

test('from a run to the editor: its menu opens it as a preview, and it can be left again', async ({ page, person }) => {
  const asked = await startRun(person, askAndWrite('as-a-preview'));
  const run = await answerRun(person, asked, { value: 'Lighthouses' });
  await page.goto(`/app/r/${run.workflow_run_id}`);
  await page.getByRole('button', { name: 'More about this run' }).click();
  await page.getByRole('menuitem', { name: 'Open as a preview in the editor' }).click();
  const preview = previewPanel(page);
  await expect(preview.getByRole('heading', { name: 'What do you think of it?' })).toBeVisible();
  await previewSettles(page);
  await preview.getByRole('button', { name: 'Leave the run' }).click();
  await expect(preview.getByRole('heading', { name: 'What is it about?' })).toBeVisible();
  await expect(preview.getByRole('link', { name: 'Preview of a run' })).toBeHidden();
});

test('from a run to the editor: the end of an example that belongs to everybody opens a copy of one’s own, once', async ({
  page,
  person,
}) => {
  const run = await playRun(person, 'hello');
  expect(run.status).toBe('completed');
  const open = async (): Promise<string> => {
    await page.goto(`/app/r/${run.workflow_run_id}`);
    await page.getByRole('region', { name: 'Finished' }).getByRole('button', { name: 'Change how this works' }).click();
    await page.waitForURL(/\/editor\/w\/[^?]+\?m=.+&run=/);
    await expect(previewPanel(page).getByRole('link', { name: 'Preview of a run' })).toBeVisible();
    await previewSettles(page);
    return new URL(page.url()).pathname;
  };
  const first = await open();
  expect(await open()).toBe(first);
});
