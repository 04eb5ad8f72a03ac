import type { WorkflowResponse } from '@wfm/workflow-engine/models';
import { mediaQuestion } from './support/media.ts';
import { cells, generate, local, open, overviewOf, tiles } from './support/media-page.ts';
import { expect, expectNoViolations, startRun, test } from './support/test.ts';

/** Media that are being made on the real worker with the local renderer (U9). */

test.describe('U9 what is being made', () => {
  test('U9 as many tiles at once as are expected, with the time that has passed; a reload keeps them, cancelling takes one or all away', async ({
    page,
    person,
    servers,
  }) => {
    const run = await startRun(person, mediaQuestion('u9_tiles', local), 'Tiles');
    await open(page, run);
    await expect(page.locator('[data-estimate]')).toContainText('1 item · 1024 × 1024 · free of charge');
    await servers.stopWorker();
    await page.getByLabel('How many').fill('3');
    await expect(page.locator('[data-estimate]')).toContainText('3 items');
    await generate(page).click();
    await expect(tiles(page)).toHaveCount(3);
    await page.getByLabel('How many').fill('2');
    await generate(page).click();
    await expect(tiles(page)).toHaveCount(5);
    await expect(tiles(page).first()).toContainText(/\d+ s/);
    await expectNoViolations(page);
    await page.reload();
    await expect(tiles(page)).toHaveCount(5);
    await expect(page.getByLabel('How many')).toHaveValue('2');
    await tiles(page).first().getByRole('button', { name: 'Cancel these 3' }).click();
    await expect(tiles(page)).toHaveCount(2);
    await generate(page).click();
    await expect(tiles(page)).toHaveCount(4);
    await page.getByRole('button', { name: 'Cancel all' }).click();
    await expect(tiles(page)).toHaveCount(0);
    const { executions } = await overviewOf(person, run);
    expect(executions.map(({ status, error }) => [status, error?.code])).toEqual(
      Array.from({ length: 3 }, () => ['failed', 'sub_action_cancelled']),
    );
  });

  test('U9 what is there can be chosen while more is made, and the question is answered with it', async ({
    page,
    person,
    servers,
  }) => {
    const run = await startRun(person, mediaQuestion('u9_partial', local), 'Partial');
    await open(page, run);
    await generate(page).click();
    await expect(cells(page)).toHaveCount(1);
    await servers.stopWorker();
    await generate(page).click();
    await expect(tiles(page)).toHaveCount(1);
    // One has been made, so that it is known how long one usually takes.
    await expect(tiles(page).first()).toContainText(/\d+ s of about \d+ s/);
    await cells(page).first().click();
    await expect(cells(page).first()).toHaveAttribute('aria-selected', 'true');
    await servers.startWorker();
    await expect(cells(page)).toHaveCount(2);
    await expect(tiles(page)).toHaveCount(0);
    // The newest comes first; what was chosen stays chosen.
    await expect(cells(page).nth(1)).toHaveAttribute('aria-selected', 'true');
    await page.keyboard.press('Control+Enter');
    await expect
      .poll(() => person.api<WorkflowResponse>('GET', `/workflow/${run.workflow_run_id}/status`))
      .toMatchObject({ status: 'completed', result: { picture: { provider: 'local', content_type: 'image' } } });
  });

  test('U9 a failed tile says why, and is tried again from there', async ({ page, person, servers }) => {
    const prompts = { stable_diffusion: { prompt: '!invalidx1 a pier' } };
    const run = await startRun(person, mediaQuestion('u9_failed', prompts), 'Failed');
    await open(page, run);
    await generate(page).click();
    const failed = tiles(page).first();
    await expect(failed.getByRole('alert')).toContainText('Sampler not found');
    await expectNoViolations(page);
    // Also for somebody who comes back later.
    await page.reload();
    await expect(failed.getByRole('alert')).toContainText('Sampler not found');
    await failed.getByRole('button', { name: 'Try again' }).click();
    await expect(cells(page)).toHaveCount(1);
    await expect(tiles(page)).toHaveCount(0);
    expect(servers.webui.creates.at(-1)?.prompt).toBe('!invalidx1 a pier');
  });

  test('U9 several providers lie under tabs, each with its results', async ({ page, person }) => {
    const prompts = { ...local, stable_diffusion: { prompt: 'a pier by the sea' } };
    const run = await startRun(person, mediaQuestion('u9_tabs', prompts), 'Tabs');
    await open(page, run);
    await expect(page.getByRole('tab', { name: 'Local' })).toHaveAttribute('aria-selected', 'true');
    await generate(page).click();
    await expect(cells(page)).toHaveCount(1);
    await page.getByRole('tab', { name: /Stable diffusion/i }).click();
    await expect(page.getByLabel('Prompt', { exact: true })).toHaveValue('a pier by the sea');
    await expect(cells(page)).toHaveCount(0);
    await generate(page).click();
    await expect(cells(page)).toHaveCount(1);
    await cells(page).first().click();
    await page.getByRole('tab', { name: 'Local' }).click();
    await expect(cells(page).first()).toHaveAttribute('aria-selected', 'false');
    await expect(page.getByText('Chosen:')).toContainText('a pier by the sea');
  });
});
