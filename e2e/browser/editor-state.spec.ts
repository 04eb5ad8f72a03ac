import { askAndWrite } from './support/definitions.ts';
import { openTab, ownWorkflow, previewPanel, previewSettles } from './support/previewed.ts';
import { expect, expectNoViolations, test } from './support/test.ts';

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

test('E14 G11 fifty thousand entries: only those in view are mounted, and the last one is a key away', async ({
  page,
  person,
}) => {
  const large = {
    ...askAndWrite('much-state'),
    initial_state: { numbers: Array.from({ length: 50_000 }, (_, at) => at) },
  };
  await page.goto(`/editor/w/${await ownWorkflow(person, large)}`);
  await previewSettles(page);
  await openTab(page, 'State');
  const state = page.getByRole('region', { name: 'State', exact: true });
  await state.getByRole('treeitem', { name: /^numbers/ }).press('ArrowRight');
  await state.getByRole('button', { name: 'Stop showing who uses it' }).click();
  await expect(state.getByRole('treeitem', { name: /^7 / })).toBeVisible();
  await state.getByRole('treeitem', { name: /^numbers/ }).press('End');
  await expect(state.getByRole('treeitem', { name: /^keep/ })).toBeFocused();
  await state.getByRole('treeitem', { name: /^keep/ }).press('ArrowUp');
  await expect(state.getByRole('treeitem').filter({ hasText: '49999' }).first()).toBeVisible();
  expect(await state.getByRole('treeitem').count()).toBeLessThan(100);
  await state.getByRole('searchbox').fill('49998');
  await expect(state.getByRole('treeitem')).toHaveCount(1);
  await expectNoViolations(page, 'section[aria-label="State"]');
});
