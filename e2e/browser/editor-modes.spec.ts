import { askAndWrite } from './support/definitions.ts';
import {
  answerInPreview,
  chooseMode,
  outcomeOf,
  ownWorkflow,
  previewPanel,
  previewSettles,
  selectModule,
} from './support/previewed.ts';
import { expect, test } from './support/test.ts';

test.use({ settings: { OPENAI_API_KEY: 'for-tests' } });

test('E13 real shows its plan first, calls after a click, and is not called again by a pin', async ({
  page,
  person,
  servers,
}) => {
  await page.goto(`/editor/w/${await ownWorkflow(person, askAndWrite('mock-and-real'))}`);
  const preview = previewPanel(page);
  const before = servers.llm.asked();
  await answerInPreview(page, 'Lighthouses');
  await expect(preview.getByRole('heading', { name: 'What do you think of it?' })).toBeVisible();
  await selectModule(page, 's1/draft');
  await expect(outcomeOf(page, 's1/draft')).toHaveAttribute('data-outcome', /mocked|reused/);
  expect(servers.llm.asked()).toBe(before);

  await preview.getByRole('radio', { name: 'Real' }).click();
  const held = preview.getByRole('region', { name: 'This would call providers for real' });
  await expect(held).toContainText('draft');
  await expect(held).toContainText('Mock and real have changed places');
  await expect(held).toContainText('1 call whose cost nothing tells');
  expect(servers.llm.asked()).toBe(before);
  await held.getByRole('button', { name: 'Run for real' }).click();
  await expect(preview.locator('[data-output="response"]')).toContainText('A text that was really written.');
  expect(servers.llm.asked()).toBe(before + 1);

  await chooseMode(page, 's1/draft', /Pinned/);
  await expect(outcomeOf(page, 's1/draft')).toHaveAttribute('data-outcome', 'pinned');
  await preview.getByRole('radio', { name: 'Mock' }).click();
  await previewSettles(page);
  await expect(preview.locator('[data-output="response"]')).toContainText('A text that was really written.');
  expect(servers.llm.asked()).toBe(before + 1);
  // The pin lies with the draft: it is there after a reload.
  await expect(page.getByText('Saved')).toBeVisible();
  await page.reload();
  await expect(outcomeOf(page, 's1/draft').locator('[data-mode="pinned"]')).toBeVisible();
});

test('E25 a provider that refuses: what failed, with which inputs, what it said, and another try', async ({
  page,
  person,
  servers,
}) => {
  await page.goto(`/editor/w/${await ownWorkflow(person, askAndWrite('refused'))}`);
  const preview = previewPanel(page);
  servers.llm.reply = { status: 400, error: { type: 'invalid_request_error', message: 'That prompt is no good.' } };
  await chooseMode(page, 's1/draft', /Real/);
  await answerInPreview(page, 'Lighthouses');
  const failure = preview.getByRole('region', { name: 'The preview has failed' });
  await expect(failure).toContainText('draft');
  await expect(failure).toContainText('Write about Lighthouses.');
  await expect(failure).toContainText('That prompt is no good.');
  await expect(failure.getByRole('button', { name: 'Copy report' })).toBeVisible();
  servers.llm.reply = { chunks: ['Better now.'] };
  await failure.getByRole('button', { name: 'Try again' }).click();
  await preview.getByRole('button', { name: 'Run for real' }).click();
  await expect(preview.getByRole('heading', { name: 'What do you think of it?' })).toBeVisible();
});

test('E25 E13 a scenario makes a module fail without its provider, and is kept with the draft', async ({
  page,
  person,
}) => {
  await page.goto(`/editor/w/${await ownWorkflow(person, askAndWrite('what-if'))}`);
  const preview = previewPanel(page);
  await preview.getByRole('button', { name: 'Scenarios and faults…' }).click();
  const scenarios = preview.getByRole('region', { name: 'Scenarios and faults' });
  await scenarios.getByRole('button', { name: 'New scenario' }).click();
  await scenarios.getByLabel('Add a module').selectOption('s1/draft');
  await scenarios.getByRole('group', { name: 's1/draft' }).getByLabel('What goes wrong').selectOption('It times out');
  await answerInPreview(page, 'Lighthouses');
  const failure = preview.getByRole('region', { name: 'The preview has failed' });
  await expect(failure).toContainText('The model took too long');
  await preview.getByLabel('Scenario', { exact: true }).selectOption('No scenario');
  await expect(preview.getByRole('heading', { name: 'What do you think of it?' })).toBeVisible();
  await expect(page.getByText('Saved')).toBeVisible();
  await page.reload();
  await expect(preview.getByLabel('Scenario', { exact: true })).toHaveValue('');
  await expect(preview.getByRole('option', { name: 'Scenario 1' })).toBeAttached();
});

test('E12 the old result stays, marked stale, and what a new one has changed is marked for two seconds', async ({
  page,
  person,
}) => {
  await page.goto(`/editor/w/${await ownWorkflow(person, askAndWrite('what-changed'))}`);
  const preview = previewPanel(page);
  await answerInPreview(page, 'Lighthouses');
  await expect(preview.getByRole('heading', { name: 'What do you think of it?' })).toBeVisible();
  await selectModule(page, 's1/draft');
  await preview.getByRole('button', { name: 'Scenarios and faults…' }).click();
  const scenarios = preview.getByRole('region', { name: 'Scenarios and faults' });
  await scenarios.getByRole('button', { name: 'New scenario' }).click();
  await scenarios.getByLabel('Add a module').selectOption('s1/draft');
  const entry = scenarios.getByRole('group', { name: 's1/draft' });
  await entry.getByLabel('What goes wrong').selectOption('Nothing');
  const outputs = entry.getByLabel('Outputs (JSON)');
  const text = preview.locator('[data-output="response"] [data-content]');
  await outputs.fill('{ "response": "One", "model": "m" }');
  await expect(text).toHaveText('One');
  await outputs.fill('{ "response": "Two", "model": "m" }');
  await expect(preview.locator('[data-stage][data-stale]')).toBeAttached();
  await expect(text).toHaveText('Two');
  await expect(text).toHaveAttribute('data-changed');
  await expect(preview.locator('[data-output="model"] [data-content]')).not.toHaveAttribute('data-changed');
  await expect(text).not.toHaveAttribute('data-changed');
});
