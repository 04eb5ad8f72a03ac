import { askAndWrite } from './support/definitions.ts';
import { ownWorkflow, previewPanel, previewRequests, previewSettles } from './support/previewed.ts';
import { expect, test } from './support/test.ts';

test('E12 the preview asks what people will be asked, and goes on with the answer', async ({ page, person }) => {
  const id = await ownWorkflow(person, askAndWrite('look-ahead'));
  await page.goto(`/editor/w/${id}`);
  const preview = previewPanel(page);
  await expect(preview.getByRole('heading', { name: 'What is it about?' })).toBeVisible();
  await preview.getByRole('textbox').fill('Lighthouses');
  await preview.getByRole('textbox').press('Control+Enter');
  await expect(preview.getByRole('heading', { name: 'What do you think of it?' })).toBeVisible();
  await previewSettles(page);
  await expect(preview.locator('[data-module="s1/draft"]')).toHaveAttribute('data-outcome', 'mocked');
});

test('E12 selecting a module that has run shows what it put out, by one request', async ({ page, person }) => {
  const id = await ownWorkflow(person, askAndWrite('look-back'));
  await page.goto(`/editor/w/${id}`);
  const preview = previewPanel(page);
  await preview.getByRole('textbox').fill('Lighthouses');
  await preview.getByRole('textbox').press('Control+Enter');
  await expect(preview.getByRole('heading', { name: 'What do you think of it?' })).toBeVisible();
  await previewSettles(page);
  const requests = previewRequests(page);
  await preview.locator('[data-module="s1/draft"]').getByRole('button').first().click();
  await expect(preview.locator('[data-output="response"]')).toBeVisible();
  await previewSettles(page);
  expect(requests.map((request) => request.url())).toEqual([expect.stringContaining('/workflow/start')]);
});
