import type { WorkflowResponse } from '@wfm/workflow-engine/models';
import type { Page } from '@playwright/test';
import { asksAndRenders, askAndWrite, failsAfterModel, manyQuestions } from './support/definitions.ts';
import { answerRun, expect, expectNoViolations, type Person, startRun, test } from './support/test.ts';

/** The run page beside its question: timeline, branches, panels, failures, cancelling (U13 to U21). */

const open = (page: Page, run: WorkflowResponse, query = '') => page.goto(`/app/r/${run.workflow_run_id}${query}`);
const card = (page: Page, title: string) => page.getByRole('button', { name: title });
const statusOf = (person: Person, run: WorkflowResponse) =>
  person.api<WorkflowResponse>('GET', `/workflow/${run.workflow_run_id}/status`);
const callsOf = async (person: Person, run: WorkflowResponse) =>
  (await person.api<{ items: unknown[] }>('GET', `/workflow/${run.workflow_run_id}/calls`)).items.length;

test('U13 answered questions fold to a line with the answer, open read-only, and are linked to', async ({
  page,
  person,
  context,
}) => {
  const first = await startRun(person, askAndWrite('u13_fold'), 'Folded');
  const second = await answerRun(person, first, { value: 'a pier at dusk' });
  await open(page, second);
  await expect(card(page, 'What is it about?')).toContainText('a pier at dusk');
  await expect(card(page, 'What is it about?')).toHaveAttribute('aria-expanded', 'false');
  await card(page, 'What is it about?').click();
  await expect(page.getByRole('region', { name: 'What is it about?' })).toContainText('Branch from here');
  await expect(page).toHaveURL(new RegExp(`i=${first.interaction_request?.interaction_id}`));
  // The address leads there on its own.
  const other = await context.newPage();
  await other.goto(page.url());
  await expect(card(other, 'What is it about?')).toHaveAttribute('aria-expanded', 'true');
  await expect(card(other, 'What is it about?')).toBeFocused();
});

test('U13 G11 more than three hundred questions: few are mounted, older ones are loaded, all of them are searched', async ({
  page,
  person,
}) => {
  test.setTimeout(180_000);
  let run = await startRun(person, manyQuestions('u13_many', 320), 'Many');
  const firstId = run.interaction_request?.interaction_id;
  for (let count = 1; count < 320; count += 1) run = await answerRun(person, run, { value: `answer ${count}` });
  await open(page, run);
  await expect(page.getByRole('heading', { name: 'Question number 320?' })).toBeInViewport();
  const mounted = () => page.locator('[data-card]').count();
  // Three screens of cards of one line each.
  const most = Math.ceil((3 * 900) / 48);
  expect(await mounted()).toBeLessThanOrEqual(most);
  await page.getByRole('button', { name: 'Show earlier questions' }).click();
  await expect(card(page, 'Question number 230?')).not.toBeAttached();
  expect(await mounted()).toBeLessThanOrEqual(most);
  await page.getByRole('searchbox', { name: 'Search questions and answers' }).fill('answer 17');
  // 17 and 170 to 179, wherever they were loaded from.
  await expect(page.locator('[data-card]')).toHaveCount(11);
  await expect(card(page, 'Question number 17?')).toBeAttached();
  await open(page, run, `?i=${firstId}`);
  await expect(card(page, 'Question number 1?')).toBeFocused();
  expect(await mounted()).toBeLessThanOrEqual(most);
});

test('U13 J and K walk the cards, S and F open panels', async ({ page, person }) => {
  let run = await startRun(person, manyQuestions('u13_keys', 3), 'Keys');
  run = await answerRun(person, run, { value: 'one' });
  await answerRun(person, run, { value: 'two' });
  await open(page, run);
  await expect(card(page, 'Question number 2?')).toBeVisible();
  await page.getByRole('heading', { name: 'Keys' }).click();
  await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
  await page.keyboard.press('k');
  await expect(card(page, 'Question number 2?')).toBeFocused();
  await page.keyboard.press('k');
  await expect(card(page, 'Question number 1?')).toBeFocused();
  await page.keyboard.press('j');
  await expect(card(page, 'Question number 2?')).toBeFocused();
  await page.keyboard.press('s');
  await expect(page.getByRole('tab', { name: 'State' })).toHaveAttribute('aria-selected', 'true');
  await expect(page.getByRole('tab', { name: 'State' })).toBeFocused();
  await page.keyboard.press('f');
  await expect(page.getByRole('tab', { name: 'Files' })).toHaveAttribute('aria-selected', 'true');
});

test('U14 a branch from an answer: the tree grows, nothing is lost, names, switching, comparing', async ({
  page,
  person,
}) => {
  const first = await startRun(person, askAndWrite('u14'), 'Branching');
  const second = await answerRun(person, first, { value: 'a pier' });
  await answerRun(person, second, { value: 'nice' });
  await open(page, first);
  await expect(page.getByRole('heading', { name: 'Finished' })).toBeVisible();
  await card(page, 'What is it about?').focus();
  await page.keyboard.press('b');
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByRole('radio', { name: /Answer it again/ })).toBeChecked();
  await dialog.getByRole('button', { name: 'Ask again' }).click();
  await expect(page.getByRole('heading', { name: 'What is it about?' })).toBeVisible();
  await expect(page.getByRole('button', { name: /^Branch Branch 2, 2 branches/ })).toBeVisible();
  await page
    .getByRole('textbox', { name: 'What is it about?' })
    .or(page.locator('[data-current] input, [data-current] textarea'))
    .first()
    .fill('a lighthouse');
  await page.keyboard.press('Control+Enter');
  await expect(page.getByRole('heading', { name: 'What do you think of it?' })).toBeVisible();

  await page.getByRole('button', { name: /^Branch Branch 2/ }).click();
  await dialog.getByRole('button', { name: 'Rename Branch 2' }).click();
  await dialog.getByRole('textbox', { name: 'Name of the branch' }).fill('With a lighthouse');
  await page.keyboard.press('Enter');
  await expect(dialog.getByText('With a lighthouse')).toBeVisible();
  await expectNoViolations(page);
  const before = Date.now();
  await dialog.getByRole('button', { name: 'Switch' }).click();
  await expect(page.locator('[data-current]').getByText('Finished', { exact: true })).toBeAttached();
  test.info().annotations.push({ type: 'switched in ms', description: String(Date.now() - before) });
  await expect(dialog.getByText('With a lighthouse')).toBeVisible();

  await dialog.getByRole('button', { name: 'Compare With a lighthouse with the current one' }).click();
  await expect(dialog).toContainText('They part where the answers differ');
  await expect(dialog).toContainText('s1 / subject');
  await expect(dialog.getByText('{"value":"a lighthouse"}')).toBeVisible();
  await expectNoViolations(page);
});

test('U14 a run is compared with another one', async ({ page, person }) => {
  for (const [name, subject] of [
    ['First of two', 'a pier'],
    ['Second of two', 'a mill'],
  ] as const) {
    const run = await startRun(person, askAndWrite('u14_runs'), name);
    await answerRun(person, run, { value: subject });
    await open(page, run);
  }
  await page.getByRole('button', { name: 'More about this run' }).click();
  await page.getByRole('menuitem', { name: 'Compare with another run…' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: 'First of two' }).click();
  await expect(dialog).toContainText('They part where the answers differ');
  await expect(dialog.getByText('{"value":"a pier"}')).toBeVisible();
  await expect(dialog.getByText('{"value":"a mill"}')).toBeVisible();
});

test('U14 a link to another branch asks before it switches', async ({ page, person }) => {
  const first = await startRun(person, askAndWrite('u14_link'), 'Links');
  const second = await answerRun(person, first, { value: 'a pier' });
  await person.api('POST', '/workflow/jump', {
    workflow_run_id: first.workflow_run_id,
    reopen: first.interaction_request?.interaction_id,
  });
  await open(page, second, `?b=${second.branch_id}`);
  await expect(page.getByText('This link is about the branch “First branch”')).toBeVisible();
  await page.getByRole('button', { name: 'Switch' }).click();
  await expect(page.getByRole('heading', { name: 'What do you think of it?' })).toBeVisible();
  await expect(page.getByText('This link is about the branch')).toBeHidden();
});

test('U15 U21 a failed module: what, where, with what; again with the same inputs, then with edited ones, and nothing before it runs again', async ({
  page,
  person,
}) => {
  const first = await startRun(person, failsAfterModel('u15'), 'Failing');
  const failed = await answerRun(person, first, { value: 'tools' });
  expect(failed.status).toBe('error');
  expect(await callsOf(person, first)).toBe(1);
  await open(page, first);
  const fault = page.getByRole('region', { name: 'The run has failed' });
  await expect(fault).toContainText('read_list');
  await expect(fault).toContainText('Reference');
  await fault.getByText('What the module was given').click();
  await expect(fault).toContainText('list-of-tools.json');
  await expectNoViolations(page);

  await fault.getByRole('button', { name: 'Try again', exact: true }).click();
  await expect(page.getByText('try 2')).toBeVisible();
  await expect(fault).toBeVisible();
  expect(await callsOf(person, first)).toBe(1);

  await fault.getByRole('button', { name: 'Edit inputs and try again' }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByRole('button', { name: 'Run with these inputs' })).toBeDisabled();
  await dialog.getByRole('combobox', { name: /required/i }).selectOption('false');
  await expect(dialog.getByText('Edited', { exact: true })).toBeVisible();
  await dialog.getByRole('button', { name: 'Run with these inputs' }).click();
  await expect(page.getByRole('heading', { name: 'Finished' })).toBeVisible();
  await expect(page.getByText('Edited by hand')).toBeVisible();
  expect(await callsOf(person, first)).toBe(1);
});

test('U15 U16 a newer version: the difference and the plan first, then on, and what holds does not run again', async ({
  page,
  person,
}) => {
  const first = await startRun(person, failsAfterModel('u16'), 'Upgrading');
  await answerRun(person, first, { value: 'tools' });
  await startRun(person, failsAfterModel('u16', false), 'Another run of the newer version');
  await open(page, first);
  await page.getByRole('button', { name: 'Use the newer version' }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByRole('region', { name: 'Stays as it is' })).toContainText('s1 / draft');
  await expect(dialog.getByRole('region', { name: 'Runs again' })).toContainText('s2 / read_list');
  await dialog.getByText('1 change in the workflow').click();
  await expect(dialog).toContainText('required');
  await expectNoViolations(page);
  await dialog.getByRole('button', { name: 'Go on with version 2' }).click();
  await expect(page.getByRole('heading', { name: 'Finished' })).toBeVisible();
  await expect(page.getByText('v2', { exact: true })).toBeVisible();
  expect(await callsOf(person, first)).toBe(1);
});

test('U17 the state follows the run without moving what is looked at; it is searched, and paths are copied', async ({
  page,
  person,
  context,
}) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  const first = await startRun(person, askAndWrite('u17'), 'State');
  await open(page, first);
  await page.getByRole('tab', { name: 'State' }).click();
  await expect(page.getByText('Nothing yet')).toBeVisible();
  const second = await answerRun(person, first, { value: 'a pier' });
  const tree = page.getByRole('tree', { name: 'State' });
  await expect(tree.getByRole('treeitem', { name: /^draft/ }).first()).toBeVisible();
  await page.getByRole('searchbox', { name: 'Search keys and values' }).fill('PIER');
  await expect(tree.getByRole('treeitem', { name: /state\.subject\b/ }).first()).toBeVisible();
  await tree.getByRole('treeitem').first().hover();
  await tree
    .getByRole('button', { name: /^Copy state\./ })
    .first()
    .click();
  await expect.poll(() => page.evaluate(() => navigator.clipboard.readText())).toMatch(/^state\./);
  await page.getByRole('searchbox', { name: 'Search keys and values' }).fill('');
  await answerRun(person, second, { value: 'well done' });
  await expect(tree.getByRole('treeitem', { name: /remark/ }).first()).toBeVisible();
  await expectNoViolations(page);
});

test('U17 G11 a state of 50 000 keys: the rows in view are mounted, and all are searched', async ({ page, person }) => {
  const run = await startRun(person, askAndWrite('u17_many'), 'Large state');
  const flat = Object.fromEntries(Array.from({ length: 50_000 }, (_, index) => [`key_${index}`, `value ${index}`]));
  await page.route('**/state?part=state_mapped', (route) =>
    route.fulfill({ json: { steps: {}, state_mapped: flat, files: {} } }),
  );
  await open(page, run);
  await page.getByRole('tab', { name: 'State' }).click();
  const tree = page.getByRole('tree', { name: 'State' });
  await expect(tree.getByRole('treeitem').first()).toHaveAttribute('aria-setsize', '50000');
  expect(await tree.getByRole('treeitem').count()).toBeLessThanOrEqual(Math.ceil((3 * 900) / 36));
  await tree.getByRole('treeitem').first().focus();
  await page.keyboard.press('End');
  await expect(tree.getByRole('treeitem', { name: /key_49999/ })).toBeFocused();
  await page.getByRole('searchbox', { name: 'Search keys and values' }).fill('value 12345');
  await expect(tree.getByRole('treeitem')).toHaveCount(1);
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('dialog')).toContainText('value 12345');
});

test('U18 files are looked at and saved, one or all; calls show prompt, reply, tokens, cost and time', async ({
  page,
  person,
}) => {
  const first = await startRun(person, askAndWrite('u18'), 'Files');
  const second = await answerRun(person, first, { value: 'a pier' });
  await answerRun(person, second, { value: 'good' });
  await open(page, first);
  await page.getByRole('tab', { name: 'Files' }).click();
  await page.getByRole('button', { name: 'draft.txt' }).click();
  await expect(page.getByRole('dialog').locator('pre')).not.toBeEmpty();
  const [one] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('dialog').getByRole('link', { name: 'Save' }).click(),
  ]);
  expect(one.suggestedFilename()).toBe('draft.txt');
  await page.keyboard.press('Escape');
  const [all] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: 'Save the file as ZIP' }).click(),
  ]);
  expect(all.suggestedFilename()).toMatch(/\.zip$/);
  await page.getByRole('tab', { name: 'Calls' }).click();
  const panel = page.getByRole('tabpanel');
  await expect(panel).toContainText('→');
  await panel.getByText('draft', { exact: true }).click();
  await expect(panel.getByText('Write about a pier.')).toBeVisible();
  await expect(panel.getByText('Reply')).toBeVisible();
  await expectNoViolations(page);
});

test('U19 cancelling asks first, stops the run, and says what was kept', async ({ page, person }) => {
  const first = await startRun(person, askAndWrite('u19'), 'Cancelled');
  const second = await answerRun(person, first, { value: 'a pier' });
  await open(page, second);
  await page.getByRole('button', { name: 'Cancel run' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Cancel run' }).click();
  const ended = page.getByRole('region', { name: 'This run was cancelled' });
  await expect(ended).toContainText('1 answer');
  await expect(ended).toContainText('2 finished modules');
  expect((await statusOf(person, first)).status).toBe('cancelled');
  await expectNoViolations(page);
});

test('U19 U21 work that takes long: what is waited for, and a cancel that ends it on the server too', async ({
  page,
  person,
  servers,
}) => {
  const first = await startRun(person, asksAndRenders('u19_job'), 'Long work');
  // Without a worker the picture is never made.
  await servers.stopWorker();
  await open(page, first);
  await page.clock.install();
  await page.locator('[data-current] input').fill('dusk');
  await page.keyboard.press('Control+Enter');
  const work = page.getByRole('region', { name: 'At work' });
  await expect(work).toBeVisible();
  await expect(work.getByRole('button', { name: 'Cancel run' })).toBeHidden();
  await page.clock.runFor(11_000);
  await expect(work).toContainText('A background job does this.');
  await expectNoViolations(page);
  await work.getByRole('button', { name: 'Cancel run' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Cancel run' }).click();
  await page.clock.resume();
  await expect(page.getByRole('region', { name: 'This run was cancelled' })).toBeVisible();
  const task = async () =>
    (await servers.database.tasks.listOfRun({ runId: first.workflow_run_id ?? '' })).map(({ status }) => status);
  await expect.poll(task, { timeout: 5_000 }).toEqual(['cancelled']);
});

test('2.3 the run is renamed in place, started again, and deleted', async ({ page, person }) => {
  const first = await startRun(person, askAndWrite('rename'), 'Old name');
  await open(page, first);
  await page.getByRole('button', { name: 'Rename this run' }).click();
  await page.getByRole('textbox', { name: 'Name of the run' }).fill('New name');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: 'New name' })).toBeVisible();
  await expect(page).toHaveTitle(/^\(1\) New name/);
  await page.getByRole('button', { name: 'More about this run' }).click();
  await page.getByRole('menuitem', { name: 'Start again as a new run' }).click();
  await expect(page.getByRole('heading', { name: 'New name (again)' })).toBeVisible();
  const menu = page.getByRole('button', { name: 'More about this run' });
  await menu.click();
  await page.getByRole('menuitem', { name: 'Delete…' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Back' }).click();
  await expect(menu).toBeFocused();
  await menu.click();
  await page.getByRole('menuitem', { name: 'Delete…' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Delete run' }).click();
  await expect(page).toHaveURL(/\/app\/$/);
});

test('2.4 a run that is gone or somebody else’s: one page for both', async ({ page, person, newPerson, faults }) => {
  faults.expect(/404/);
  const other = await newPerson();
  const theirs = await startRun(other, askAndWrite('theirs'), 'Theirs');
  for (const id of [theirs.workflow_run_id, '0197f1f0-0000-7000-8000-000000000000']) {
    await page.goto(`/app/r/${id}`);
    await expect(page.getByText(`There is nothing here that ${person.name} may see`)).toBeVisible();
  }
});

test('2.3 a question that is answered elsewhere stays under somebody who is writing; a new one only announces itself', async ({
  page,
  person,
}) => {
  const first = await startRun(person, manyQuestions('held', 3), 'Held');
  await open(page, first);
  const field = page.locator('[data-current] input, [data-current] textarea').first();
  await field.fill('half an ans');
  const second = await answerRun(person, first, { value: 'answered by another device' });
  await expect(page.getByText('Answered in another tab or device')).toBeVisible();
  await expect(page.getByText('answered by another device').first()).toBeVisible();
  await expect(field).toBeFocused();
  await expect(field).toHaveValue('half an ans');
  await page.getByRole('button', { name: 'Go on' }).click();
  await expect(page.getByRole('heading', { name: 'Question number 2?' })).toBeVisible();

  await page.getByRole('button', { name: 'Rename this run' }).click();
  const name = page.getByRole('textbox', { name: 'Name of the run' });
  await name.fill('Being wri');
  await answerRun(person, second, { value: 'also elsewhere' });
  await expect(page.getByRole('button', { name: 'New step' })).toBeVisible();
  await expect(name).toBeFocused();
  await page.getByRole('button', { name: 'New step' }).click();
  await expect(page.getByRole('heading', { name: 'Question number 3?' })).toBeInViewport();
});
