import type { WorkflowResponse } from '@wfm/workflow-engine/models';
import type { Page } from '@playwright/test';
import { type CutProxy, startCutProxy } from './support/cut-proxy.ts';
import { askAndWrite, manyQuestions } from './support/definitions.ts';
import { answerRun, expect, startRun, test as base } from './support/test.ts';

/** The run page's stream: cut, mended, put to sleep, one of many (U2, G9, 2.7). */

const test = base.extend<{ line: CutProxy }>({
  line: async ({ servers, faults, context }, use) => {
    const line = await startCutProxy(servers.url);
    // What a page notes for itself once somebody has signed in, it notes by address.
    await context.addInitScript(() => {
      if (location.protocol === 'http:') localStorage.setItem('wfm.signed-in', '1');
    });
    // The line is the test's own, and it breaks.
    faults.expect(/foreign origin: http:\/\/localhost/);
    faults.expect(/net::ERR_|Failed to load resource/);
    await use(line);
    await line.close();
  },
});

const connection = (page: Page, state: string) => page.locator(`[data-connection="${state}"]`);
const answerField = (page: Page) => page.locator('[data-current] input, [data-current] textarea').first();

/** What a person sees of the run. */
async function shown(page: Page): Promise<unknown> {
  return {
    text: await page.locator('main').innerText(),
    cards: await page
      .locator('[data-card]')
      .evaluateAll((cards) => cards.map((card) => (card as HTMLElement).dataset['card'])),
    question: await page.locator('[data-interaction]').count(),
  };
}

/** The page is as one that is opened now, but for a word about what others have answered meanwhile; no card is there twice. */
async function expectAsFresh(page: Page): Promise<void> {
  await expect(connection(page, 'live')).toBeVisible();
  const others = page.getByRole('alert').filter({ hasText: 'in another tab or device' });
  if (await others.isVisible()) await others.getByRole('button').first().click();
  const fresh = await page.context().newPage();
  await fresh.goto(page.url());
  await expect(connection(fresh, 'live')).toBeVisible();
  await expect(fresh.locator('[data-current]')).toBeVisible();
  await expect(async () => expect(await shown(page)).toEqual(await shown(fresh))).toPass({ timeout: 10_000 });
  const cards = await page
    .locator('[data-card]')
    .evaluateAll((all) => all.map((card) => (card as HTMLElement).dataset['card']));
  expect(new Set(cards).size).toBe(cards.length);
  await fresh.close();
}

test('U2 G9 cut at five points and through a restart of the server, the page is right again 3 s later, with no card missing or double', async ({
  page,
  person,
  line,
  servers,
}) => {
  test.setTimeout(240_000);
  const path = (run: WorkflowResponse) => `/workflow/${run.workflow_run_id}`;
  const mended = async (): Promise<void> => {
    line.mend();
    await expect(connection(page, 'live')).toBeVisible({ timeout: 3_000 });
  };
  const cut = async (): Promise<void> => {
    line.cut();
    await expect(connection(page, 'reconnecting')).toBeVisible();
  };
  let run = await startRun(person, askAndWrite('stream'), 'Cut');
  await page.goto(`${line.url}/app/r/${run.workflow_run_id}`);
  await expect(connection(page, 'live')).toBeVisible();

  await test.step('1 while a question is open and half answered', async () => {
    await answerField(page).fill('a pier, half');
    await cut();
    await mended();
    await expect(answerField(page)).toHaveValue('a pier, half');
  });

  await test.step('2 while another device answers, and a model writes', async () => {
    await answerField(page).fill('');
    await page.locator('h1').click();
    await cut();
    run = await answerRun(person, run, { value: 'a pier' });
    await mended();
    // Something was written here before: the card waits for whoever wrote it.
    await page.getByRole('button', { name: 'Go on' }).click();
    await expect(page.getByRole('heading', { name: 'What do you think of it?' })).toBeVisible();
    await expectAsFresh(page);
  });

  await test.step('3 for 30 s, while somebody goes back on another branch', async () => {
    await cut();
    await person.api('POST', '/workflow/jump', {
      workflow_run_id: run.workflow_run_id,
      step_id: 's1',
      module_name: 'subject',
    });
    run = await person.api('GET', `${path(run)}/status`);
    await expect(connection(page, 'offline')).toBeVisible({ timeout: 45_000 });
    await mended();
    await expect(page.getByRole('heading', { name: 'What is it about?' })).toBeVisible();
    await expectAsFresh(page);
  });

  await test.step('4 at the moment of sending an answer', async () => {
    await answerField(page).fill('a lighthouse');
    line.cut();
    await page.keyboard.press('Control+Enter');
    await expect(connection(page, 'reconnecting')).toBeVisible();
    await mended();
    // The card sends it again by itself, under the same key.
    await expect(page.getByRole('heading', { name: 'What do you think of it?' })).toBeVisible();
    await expectAsFresh(page);
  });

  await test.step('5 while the run ends', async () => {
    run = await person.api('GET', `${path(run)}/status`);
    await page.locator('h1').click();
    await cut();
    await answerRun(person, run, { value: 'fine' });
    await mended();
    await expect(page.getByRole('heading', { name: 'Finished' })).toBeVisible();
    await expectAsFresh(page);
  });

  await test.step('and through a restart of the server', async () => {
    await person.api('POST', '/workflow/jump', {
      workflow_run_id: run.workflow_run_id,
      step_id: 's2',
      module_name: 'remark',
    });
    await expect(page.getByRole('heading', { name: 'What do you think of it?' })).toBeVisible();
    await servers.restartServer();
    await expect(connection(page, 'live')).toBeVisible();
    await answerField(page).fill('after a restart');
    await page.keyboard.press('Control+Enter');
    await expect(page.getByRole('heading', { name: 'Finished' })).toBeVisible();
    await expectAsFresh(page);
  });
});

test('2.7 a hidden page closes its stream after 10 s, counts what waits every 30 s, and goes on where it was', async ({
  page,
  person,
  line,
}) => {
  const hide = (isHidden: boolean) =>
    page.evaluate(
      (state) => {
        Object.defineProperty(document, 'visibilityState', { configurable: true, get: () => state });
        document.dispatchEvent(new Event('visibilitychange'));
      },
      isHidden ? 'hidden' : 'visible',
    );
  await page.clock.install();
  const run = await startRun(person, manyQuestions('hidden', 3), 'Asleep');
  await page.goto(`${line.url}/app/r/${run.workflow_run_id}`);
  await expect(connection(page, 'live')).toBeVisible();
  await expect(page).toHaveTitle(/^\(1\) Asleep/);
  await expect.poll(() => line.streams()).toBe(1);
  await hide(true);
  await page.clock.runFor(9_000);
  expect(line.streams()).toBe(1);
  await page.clock.runFor(2_000);
  await expect.poll(() => line.streams()).toBe(0);
  const second = await answerRun(person, run, { value: 'one' });
  await startRun(person, manyQuestions('hidden_too', 1), 'Another');
  const asked = line.asked('/inbox?limit=0');
  await page.clock.runFor(31_000);
  await expect.poll(() => line.asked('/inbox?limit=0')).toBeGreaterThan(asked);
  await expect(page).toHaveTitle(/^\(2\) Asleep/);
  expect(line.streams()).toBe(0);
  await hide(false);
  await expect(page.getByRole('heading', { name: 'Question number 2?' })).toBeVisible();
  await expect.poll(() => line.streams()).toBe(1);
  // It went on behind the last event that it had seen; nothing was read again from the beginning.
  expect(line.opened()).toHaveLength(2);
  expect(line.opened()[1]).toBe(`${run.branch_id}:${run.last_seq}`);
  expect(second.last_seq).toBeGreaterThan(run.last_seq);
  await page.clock.resume();
  await expectAsFresh(page);
});

test('U2 eight tabs on live runs: all of them answer', async ({ context, person }) => {
  test.setTimeout(180_000);
  const runs: WorkflowResponse[] = [];
  for (let tab = 0; tab < 8; tab += 1) runs.push(await startRun(person, manyQuestions('tabs', 2), `Tab ${tab + 1}`));
  const tabs: Page[] = [];
  for (const run of runs) {
    const tab = await context.newPage();
    await tab.goto(`/app/r/${run.workflow_run_id}`);
    await expect(connection(tab, 'live')).toBeVisible();
    tabs.push(tab);
  }
  for (const answer of ['one', 'two']) {
    await Promise.all(
      tabs.map(async (tab) => {
        await answerField(tab).fill(answer);
        await tab.getByRole('button', { name: 'Continue' }).click();
      }),
    );
    for (const tab of tabs)
      await expect(
        answer === 'one'
          ? tab.getByRole('heading', { name: 'Question number 2?' })
          : tab.getByRole('heading', { name: 'Finished' }),
      ).toBeVisible();
  }
});

test('2.3 whoever is offline sees it, and may try at once', async ({ page, person, line }) => {
  const run = await startRun(person, manyQuestions('offline', 1), 'Offline');
  await page.goto(`${line.url}/app/r/${run.workflow_run_id}`);
  await expect(connection(page, 'live')).toBeVisible();
  line.cut();
  await expect(connection(page, 'reconnecting')).toContainText('Reconnecting');
  await expect(page.getByRole('heading', { name: 'Question number 1?' })).toBeVisible();
  line.mend();
  await page
    .getByRole('button', { name: 'Try to connect now' })
    .click({ timeout: 2_000 })
    .catch(() => undefined);
  await expect(connection(page, 'live')).toBeVisible();
});
