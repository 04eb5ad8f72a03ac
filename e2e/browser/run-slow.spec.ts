import { askAndWrite } from './support/definitions.ts';
import { expect, startRun, test } from './support/test.ts';

/** A language model that takes its time. */
test.use({ settings: { WFM_LLM_LOCAL_DELAY_MS: '1000' } });

test('U2 U3 U19 what a model writes is seen as it comes, again after a reload, and a cancel stops it within 5 s', async ({
  page,
  person,
  servers,
}) => {
  const run = await startRun(person, askAndWrite('slow'), 'Slow');
  const runId = run.workflow_run_id ?? '';
  await page.goto(`/app/r/${runId}`);
  await page.locator('[data-current] input').fill('a pier');
  await page.keyboard.press('Control+Enter');
  const work = page.getByRole('region', { name: 'At work' });
  await expect(work).toContainText('Working on draft');
  await expect(work).toContainText('[local demo]');
  await page.reload();
  await expect(work).toContainText('Working on draft');
  await expect(work.locator('pre')).not.toBeEmpty();
  await page.getByRole('button', { name: 'Cancel run' }).first().click();
  await page.getByRole('dialog').getByRole('button', { name: 'Cancel run' }).click();
  await expect(page.getByRole('region', { name: 'This run was cancelled' })).toContainText('1 answer');
  // Nobody executes the run any more, and nothing is written behind its end.
  const row = () => servers.database.runs.find({ runId });
  await expect.poll(async () => (await row())?.executor ?? null, { timeout: 5_000 }).toBeNull();
  const { status, last_seq } = await person.api<{ status: string; last_seq: number }>(
    'GET',
    `/workflow/${runId}/status`,
  );
  expect(status).toBe('cancelled');
  expect((await row())?.last_seq).toBe(last_seq);
});
