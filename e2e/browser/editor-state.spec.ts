import { askAndWrite } from './support/definitions.ts';
import { openTab, ownWorkflow, previewPanel, previewSettles } from './support/previewed.ts';
import { expect, test } from './support/test.ts';

test('E14 the state says who writes and who reads a key, and what a module changed', async ({ page, person }) => {
  const id = await ownWorkflow(person, askAndWrite('state-of-things'));
  await page.goto(`/editor/w/${id}`);
  const preview = previewPanel(page);
  await preview.getByRole('textbox').fill('Lighthouses');
  await preview.getByRole('textbox').press('Control+Enter');
  await expect(preview.getByRole('heading', { name: 'What do you think of it?' })).toBeVisible();
  await previewSettles(page);
  await openTab(page, 'State');
  const state = page.getByRole('region', { name: 'State', exact: true });
  await state.getByRole('treeitem', { name: /subject/ }).click();
  const key = state.getByRole('region', { name: 'subject' });
  await expect(key).toContainText('Lighthouses');
  await expect(key.getByRole('button', { name: /^draft/ })).toBeVisible();
  await key.getByRole('button', { name: /^draft/ }).click();
  await state.getByRole('radio', { name: 'Before and after' }).click();
  await expect(state.locator('[data-change="draft"]')).toContainText('New');
  await openTab(page, 'Log');
  await page.locator(`[data-log="s1/draft"] summary`).first().click();
});
