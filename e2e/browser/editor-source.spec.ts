import { ownWorkflow, previewPanel, previewSettles } from './support/previewed.ts';
import { expect, expectNoViolations, test } from './support/test.ts';

/** The outline, the text of the files, and what becomes of an edit (ux.md 2.2). */

const workflow = {
  format: 2,
  workflow_id: 'written_here',
  name: 'Written here',
  steps: [
    {
      step_id: 'ask',
      name: 'Ask',
      modules: [
        { module_id: 'user.text_input', name: 'topic', inputs: { prompt: 'What about?' } },
        { module_id: 'user.text_input', name: 'tone', inputs: { prompt: 'How shall it sound?' } },
      ],
    },
  ],
};

test('E1 E3 E7 what is written is previewed, kept when it is no JSON yet, undone, and published', async ({
  page,
  person,
}) => {
  const id = await ownWorkflow(person, workflow);
  await page.goto(`/app/w/${id}`);
  await page.getByRole('button', { name: 'Edit', exact: true }).click();
  await expect(page).toHaveURL(new RegExp(`/editor/w/${id}`));
  const text = page.getByRole('textbox', { name: 'Text of workflow.json' });
  await expect(text).toBeVisible();
  await page.getByRole('treeitem', { name: /^topic/ }).click();
  await previewSettles(page);
  await expect(previewPanel(page).getByText('What about?').first()).toBeVisible();

  const written = await text.inputValue();
  await text.fill(written.replace('What about?', 'What is it all about?'));
  await expect(previewPanel(page).getByText('What is it all about?').first()).toBeVisible();
  await expect(page.getByRole('status').filter({ hasText: /^Saved$/ })).toBeVisible();

  await text.fill(written.replace('"steps": [', '"steps": [,'));
  await expect(page.getByText(/This is no JSON yet: line \d+, column \d+/)).toBeVisible();
  await expect(page.getByRole('treeitem', { name: /^tone/ })).toBeVisible();
  await expect(page.getByRole('button', { name: 'Publish' })).toBeDisabled();
  await expectNoViolations(page);
  await expect
    .poll(async () => {
      const draft = await person.api<{ source_buffer: unknown }>('GET', `/workflow-templates/${id}/draft`);
      return draft.source_buffer;
    })
    .not.toBeNull();
  await page.reload();
  await expect(page.getByText(/This is no JSON yet/)).toBeVisible();
  await text.focus();
  await page.keyboard.press('Control+z');
  await expect(page.getByText(/This is no JSON yet/)).toBeHidden();
  await expect(text).toHaveValue(/What is it all about\?/);

  await page.getByRole('button', { name: 'Publish' }).click();
  await expect(page.getByText('Published as version 2')).toBeVisible();
  await page.getByRole('button', { name: 'Run it' }).click();
  await expect(page).toHaveURL(new RegExp(`/app/w/${id}`));
});

test('E20 E21 the outline is walked by keys, and says what is chosen', async ({ page, person }) => {
  const id = await ownWorkflow(person, workflow);
  await page.goto(`/editor/w/${id}`);
  await page.getByRole('treeitem', { name: 'Written here' }).focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  await expect(page.getByRole('treeitem', { name: /^topic/ })).toBeFocused();
  await expect(page.getByRole('treeitem', { selected: true })).toHaveCount(1);
  await page.keyboard.press('End');
  await expect(page.getByRole('treeitem', { name: /^tone/ })).toBeFocused();
  await page.keyboard.press('Home');
  await expect(page.getByRole('treeitem', { name: 'Written here' })).toBeFocused();
  await expectNoViolations(page);
});
