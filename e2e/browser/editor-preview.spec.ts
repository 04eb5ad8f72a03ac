import { askAndWrite } from './support/definitions.ts';
import {
  answerInPreview,
  chooseMode,
  outcomeOf,
  ownWorkflow,
  previewPanel,
  previewRequests,
  previewSettles,
  selectModule,
} from './support/previewed.ts';
import { expect, expectNoViolations, phone, test } from './support/test.ts';

test('E12 the preview asks what people will be asked, and goes on with the answer', async ({ page, person }) => {
  await page.goto(`/editor/w/${await ownWorkflow(person, askAndWrite('look-ahead'))}`);
  const preview = previewPanel(page);
  await expect(preview.getByRole('heading', { name: 'What is it about?' })).toBeVisible();
  await answerInPreview(page, 'Lighthouses');
  await expect(preview.getByRole('heading', { name: 'What do you think of it?' })).toBeVisible();
  await previewSettles(page);
  await expect(outcomeOf(page, 's1/draft')).toHaveAttribute('data-outcome', 'mocked');
  await expect(outcomeOf(page, 's2/remark')).toContainText('Waits for you');
  await expect(outcomeOf(page, 's2/keep')).toContainText('It comes after a question');
});

test('E12 selecting a module that has run shows what it put out, by one request', async ({ page, person }) => {
  await page.goto(`/editor/w/${await ownWorkflow(person, askAndWrite('look-back'))}`);
  const preview = previewPanel(page);
  await answerInPreview(page, 'Lighthouses');
  await expect(preview.getByRole('heading', { name: 'What do you think of it?' })).toBeVisible();
  await previewSettles(page);
  const requests = previewRequests(page);
  await selectModule(page, 's1/draft');
  await expect(preview.locator('[data-output="response"]')).toBeVisible();
  await previewSettles(page);
  expect(requests.map((request) => request.url())).toEqual([expect.stringContaining('/workflow/start')]);
  await selectModule(page, 's1/subject');
  await expect(preview.getByRole('textbox', { name: 'What is it about?' })).toHaveValue('Lighthouses');
  await preview.getByRole('button', { name: 'Answer again' }).click();
  await expect(preview.getByRole('heading', { name: 'What is it about?' })).toBeVisible();
});

test('E12 what has been filled in stays while edits ask the question anew', async ({ page, person }) => {
  await page.goto(`/editor/w/${await ownWorkflow(person, askAndWrite('half-an-answer'))}`);
  const field = previewPanel(page).locator('[data-interaction]').getByRole('textbox');
  await field.fill('Light');
  const requests = previewRequests(page);
  await chooseMode(page, 's1/draft', /Mock/);
  await expect.poll(() => requests.length).toBe(1);
  await previewSettles(page);
  await expect(field).toHaveValue('Light');
  await field.press('Control+Enter');
  await expect(previewPanel(page).getByRole('heading', { name: 'What do you think of it?' })).toBeVisible();
});

test('E12 a late module is reached past questions by sample answers', async ({ page, person }) => {
  await page.goto(`/editor/w/${await ownWorkflow(person, 'pocket-museum')}`);
  const preview = previewPanel(page);
  await selectModule(page, 'idea/choose_angle');
  await preview.getByRole('button', { name: 'Use sample answers' }).click();
  await expect(preview.getByRole('heading', { name: 'Which idea shall the window have?' })).toBeVisible({
    timeout: 30_000,
  });
  await previewSettles(page);
  await expect(preview.getByRole('button', { name: '4 answers before' })).toBeVisible();
});

for (const colorScheme of ['light', 'dark'] as const) {
  test.describe(colorScheme, () => {
    test.use({ colorScheme });
    test(`E12 E21 E22 the preview in ${colorScheme}, at a phone’s width too, is readable for everybody`, async ({
      page,
      person,
    }) => {
      await page.goto(`/editor/w/${await ownWorkflow(person, 'pocket-museum')}`);
      const preview = previewPanel(page);
      await preview.getByLabel('Answers').selectOption('Sample answers');
      await selectModule(page, 'objects/pick_objects');
      await expect(preview.getByText('Which things shall lie in the window?')).toBeVisible({ timeout: 30_000 });
      await previewSettles(page);
      await expectNoViolations(page, '[data-preview]');
      await preview.getByRole('radio', { name: 'Phone' }).click();
      await preview.getByRole('button', { name: /Theme of the preview/ }).click();
      await preview.getByRole('button', { name: 'Scenarios and faults…' }).click();
      await expectNoViolations(page, '[data-preview]');
    });
  });
}

test.describe('on a phone', () => {
  test.use(phone);
  test('E12 E24 what became of the modules takes the place of the stage, and gives it back', async ({
    page,
    person,
  }) => {
    await page.goto(`/editor/w/${await ownWorkflow(person, askAndWrite('in-the-hand'))}`);
    const preview = previewPanel(page);
    const question = preview.getByRole('heading', { name: 'What is it about?' });
    await expect(question).toBeAttached();
    await expect(outcomeOf(page, 's1/subject')).toBeHidden();
    await preview.getByRole('button', { name: 'What happened to each module' }).click();
    await expect(outcomeOf(page, 's1/subject')).toContainText('Waits for you');
    await preview.getByRole('button', { name: 'Preview', exact: true }).click();
    await expect(outcomeOf(page, 's1/subject')).toBeHidden();
    await expect(question).toBeVisible();
  });
});
