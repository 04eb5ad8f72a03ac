import type { WorkflowResponse } from '@wfm/workflow-engine/models';
import type { Page } from '@playwright/test';
import { answerRun, expect, type Person, startRun, test } from './support/test.ts';
import { afterwards, asking, draftAndReview, selectQuestion, textQuestion } from './workflows/questions.ts';

/** Answers exactly once (U7, ux.md G10), and what people complain of in human steps elsewhere (ux.md 1.3). */

interface LogEvent {
  type: string;
  module_name?: string;
  data: { response?: { value?: unknown }; idempotency_key?: string };
}

const open = (page: Page, run: WorkflowResponse) => page.goto(`/app/r/${run.workflow_run_id}`);
const eventsOf = async (person: Person, run: WorkflowResponse, type: string): Promise<LogEvent[]> => {
  const page = await person.api<{ items: LogEvent[] }>('GET', `/workflow/${run.workflow_run_id}/events?limit=1000`);
  return page.items.filter((event) => event.type === type);
};
const answers = (person: Person, run: WorkflowResponse) => eventsOf(person, run, 'interaction_response');
const field = (page: Page) => page.getByRole('textbox', { name: 'What shall the sign say?' });
const next = (page: Page) => page.getByRole('heading', { name: 'And then?' });
const goOn = (page: Page) => page.getByRole('button', { name: 'Continue' });
const twoTexts = (name: string) => asking(name, textQuestion(), afterwards);

/** A page that reads the run when it is opened, and hears nothing of what goes on then: its stream is always cut. */
const hearNothing = (page: Page) => page.route(/\/(?:stream|events)(?:\?|$)/, (route) => route.abort());

test('U7 G10 a double click sends one answer', async ({ page, person }) => {
  const run = await startRun(person, twoTexts('double'));
  await open(page, run);
  await field(page).fill('Open at midnight');
  await goOn(page).dblclick();
  await expect(next(page)).toBeVisible();
  // The second click does not answer the next question either.
  await expect(page.getByRole('textbox', { name: 'And then?' })).toHaveValue('');
  expect(await answers(person, run)).toHaveLength(1);
});

test('U7 G10 a key that is held down answers one question', async ({ page, person }) => {
  const run = await startRun(person, twoTexts('held_key'));
  await open(page, run);
  await field(page).fill('Open at midnight');
  await page.keyboard.down('Control');
  await page.keyboard.down('Enter');
  await page.keyboard.down('Enter');
  await expect(next(page)).toBeVisible();
  await page.keyboard.down('Enter');
  await page.keyboard.up('Enter');
  await page.keyboard.up('Control');
  await expect(next(page)).toBeVisible();
  expect(await answers(person, run)).toHaveLength(1);
});

test('U7 G10 two tabs answer: one wins, the other shows what was accepted and who was first', async ({
  page,
  person,
  context,
  faults,
}) => {
  faults.expect(/409 \(Conflict\)/);
  const run = await startRun(person, twoTexts('two_tabs'));
  const other = await context.newPage();
  await open(page, run);
  await open(other, run);
  await field(page).fill('Open at midnight');
  await field(other).fill('Closed at noon');
  // Both are sent before either has heard of the other.
  let letGo = (): void => undefined;
  const both = new Promise<void>((resolve) => (letGo = resolve));
  let waiting = 0;
  await context.route('**/workflow/respond', async (route) => {
    waiting += 1;
    if (waiting === 2) letGo();
    await both;
    await route.continue();
  });
  await goOn(page).click();
  await goOn(other).click();
  await expect.poll(async () => (await answers(person, run)).length).toBe(1);
  const [accepted] = await answers(person, run);
  const wonHere = accepted?.data.response?.value === 'Open at midnight';
  const [winner, loser] = wonHere ? [page, other] : [other, page];
  await expect(next(winner)).toBeVisible();
  await expect(winner.getByText('Answered in another tab or device')).toBeHidden();
  await expect(loser.getByText('Answered in another tab or device')).toBeVisible();
  await expect(loser.locator('[data-current]')).toContainText(wonHere ? 'Open at midnight' : 'Closed at noon');
  // What was written is there to be copied, and cannot be sent.
  await expect(field(loser)).toHaveValue(wonHere ? 'Closed at noon' : 'Open at midnight');
  await expect(goOn(loser)).toBeHidden();
  await loser.getByRole('button', { name: 'Go on' }).click();
  await expect(next(loser)).toBeVisible();
  expect(await answers(person, run)).toHaveLength(1);
});

test('U7 a late answer from a tab that has heard nothing shows the accepted one', async ({
  page,
  person,
  newDevice,
  faults,
}) => {
  faults.expect(/409 \(Conflict\)|ERR_FAILED/);
  const run = await startRun(person, twoTexts('late'));
  const other = await newDevice();
  await hearNothing(other);
  await open(other, run);
  await field(other).fill('Too late');
  await open(page, run);
  await field(page).fill('In time');
  await goOn(page).click();
  await expect(next(page)).toBeVisible();
  await goOn(other).click();
  await expect(other.getByText('Answered in another tab or device')).toBeVisible();
  await expect(other.locator('[data-current]')).toContainText('In time');
  expect(await answers(person, run)).toHaveLength(1);
});

test('U7 a question that is answered elsewhere before anything was begun here makes way, and says so', async ({
  page,
  person,
}) => {
  const run = await startRun(person, asking('passed', selectQuestion(), afterwards));
  await open(page, run);
  await expect(page.getByRole('heading', { name: 'Which dishes go on the card?' })).toBeVisible();
  await answerRun(person, run, { selected_indices: [['mains', 0]] });
  await expect(next(page)).toBeVisible();
  await expect(page.getByText('Answered in another tab or device')).toBeVisible();
});

test('U7 G10 an answer whose reply is lost is sent again under its key, and stored once', async ({
  page,
  person,
  faults,
}) => {
  faults.expect(/ERR_FAILED/);
  const run = await startRun(person, twoTexts('lost_reply'));
  // Else it would hear of its answer by the stream, and go on.
  await hearNothing(page);
  await open(page, run);
  await field(page).fill('Open at midnight');
  const keys: unknown[] = [];
  await page.route('**/workflow/respond', async (route) => {
    keys.push((route.request().postDataJSON() as { idempotency_key: unknown }).idempotency_key);
    // The server takes it; the page never hears of it.
    if (keys.length > 1) return route.continue();
    await route.fetch();
    await route.abort();
  });
  await goOn(page).click();
  await expect.poll(() => keys.length).toBe(2);
  await expect(next(page)).toBeVisible();
  expect(new Set(keys).size).toBe(1);
  const stored = await answers(person, run);
  expect(stored.map(({ data }) => data.idempotency_key)).toEqual([keys[0]]);
});

test('U7 G10 without a connection the answer is kept, visibly, and goes when it is back', async ({
  page,
  person,
  context,
  faults,
}) => {
  faults.expect(/ERR_INTERNET_DISCONNECTED|ERR_FAILED|ERR_NETWORK_CHANGED/);
  const run = await startRun(person, twoTexts('offline'));
  await open(page, run);
  await field(page).fill('Open at midnight');
  await context.setOffline(true);
  await goOn(page).click();
  await expect(page.getByText('Waiting for the connection')).toBeVisible();
  await expect(field(page)).toHaveValue('Open at midnight');
  expect(await answers(person, run)).toHaveLength(0);
  await context.setOffline(false);
  await expect(next(page)).toBeVisible();
  expect(await answers(person, run)).toHaveLength(1);
});

test('U7 while it waits for a connection an answer is changed, and only the change is sent', async ({
  page,
  person,
  context,
  faults,
}) => {
  faults.expect(/ERR_INTERNET_DISCONNECTED|ERR_FAILED|ERR_NETWORK_CHANGED/);
  const run = await startRun(person, twoTexts('changed'));
  await open(page, run);
  await field(page).fill('Open at midnight');
  await context.setOffline(true);
  await goOn(page).click();
  await expect(page.getByText('Waiting for the connection')).toBeVisible();
  await field(page).fill('Open at noon');
  await expect(page.getByText('Waiting for the connection')).toBeHidden();
  await context.setOffline(false);
  await goOn(page).click();
  await expect(next(page)).toBeVisible();
  expect((await answers(person, run)).map(({ data }) => data.response?.value)).toEqual(['Open at noon']);
});

test('U3 G10 an answer that was on its way when the page was reloaded goes on under its key', async ({
  page,
  person,
  faults,
}) => {
  faults.expect(/ERR_FAILED|ERR_CONNECTION_FAILED/);
  const run = await startRun(person, twoTexts('reload_waiting'));
  await open(page, run);
  const keys: unknown[] = [];
  let isCut = true;
  await page.route('**/workflow/respond', async (route) => {
    keys.push((route.request().postDataJSON() as { idempotency_key: unknown }).idempotency_key);
    await (isCut ? route.abort() : route.continue());
  });
  await field(page).fill('Open at midnight');
  await goOn(page).click();
  await expect(page.getByText('Waiting for the connection')).toBeVisible();
  isCut = false;
  await page.reload();
  await expect(next(page)).toBeVisible();
  expect(new Set(keys).size).toBe(1);
  expect(await answers(person, run)).toHaveLength(1);
});

test('U7 G10 back and forward after an answer: nothing is sent twice, the page is where the run is', async ({
  page,
  person,
}) => {
  const run = await startRun(person, twoTexts('back'));
  await page.goto('/app/');
  await open(page, run);
  await field(page).fill('Open at midnight');
  await goOn(page).click();
  await expect(next(page)).toBeVisible();
  await page.goBack();
  await expect(page).toHaveURL(/\/app\/$/);
  await page.goForward();
  await expect(next(page)).toBeVisible();
  await expect(page.getByRole('textbox', { name: 'And then?' })).toHaveValue('');
  expect(await answers(person, run)).toHaveLength(1);
});

test.describe('1.3 what people complain of in human steps', () => {
  test('the page spins after success: the last answer ends in a finished run, and nothing turns', async ({
    page,
    person,
  }) => {
    const run = await startRun(person, asking('spin', textQuestion()));
    await open(page, run);
    await field(page).fill('The end');
    await goOn(page).click();
    await expect(page.locator('[data-current]').getByText('Finished', { exact: true })).toBeVisible();
    await expect(page.locator('[data-current] .animate-spin')).toHaveCount(0);
  });

  test('answering starts a second run: there is one run, and it is the one that was answered', async ({
    page,
    person,
  }) => {
    const run = await startRun(person, twoTexts('second_run'));
    await open(page, run);
    await field(page).fill('One');
    await goOn(page).click();
    await expect(next(page)).toBeVisible();
    const { items } = await person.api<{ items: { workflow_run_id: string }[] }>('GET', '/workflows');
    expect(items.map(({ workflow_run_id: id }) => id)).toEqual([run.workflow_run_id]);
  });

  test('the input stays disabled: the next question can be answered at once, by keys alone', async ({
    page,
    person,
  }) => {
    const run = await startRun(person, twoTexts('disabled'));
    await open(page, run);
    await expect(field(page)).toBeFocused();
    await page.keyboard.type('One');
    await page.keyboard.press('Enter');
    await expect(page.getByRole('textbox', { name: 'And then?' })).toBeFocused();
    await page.keyboard.type('Two');
    await page.keyboard.press('Control+Enter');
    await expect(page.locator('[data-current]').getByText('Finished', { exact: true })).toBeVisible();
    expect((await answers(person, run)).map(({ data }) => data.response?.value)).toEqual(['One', 'Two']);
  });

  test('two parallel forms stick: two open questions of two runs are answered in any order', async ({
    page,
    person,
    context,
  }) => {
    const [first, second] = [
      await startRun(person, twoTexts('parallel_a'), 'A'),
      await startRun(person, twoTexts('parallel_b'), 'B'),
    ];
    const other = await context.newPage();
    await open(page, first);
    await open(other, second);
    await field(page).fill('first');
    await field(other).fill('second');
    await goOn(other).click();
    await expect(next(other)).toBeVisible();
    await expect(field(page)).toHaveValue('first');
    await goOn(page).click();
    await expect(next(page)).toBeVisible();
  });

  test('no way to answer by API: an answer that came by it is on the page as any other', async ({ page, person }) => {
    const run = await startRun(person, twoTexts('by_api'));
    await open(page, run);
    await expect(field(page)).toBeVisible();
    await answerRun(person, run, { value: 'by API' });
    await expect(next(page)).toBeVisible();
    await expect(page.getByRole('button', { name: 'What shall the sign say?' })).toContainText('by API');
  });

  test('an answer runs everything again: what was done before the question is not done anew', async ({
    page,
    person,
  }) => {
    const run = await startRun(person, asking('again', ...draftAndReview, afterwards));
    await open(page, run);
    await page.getByRole('button', { name: 'It is good' }).click();
    await expect(next(page)).toBeVisible();
    expect(
      (await eventsOf(person, run, 'module_started')).filter((event) => event.module_name === 'write'),
    ).toHaveLength(1);
  });

  test('buttons are missing on some ways to a question: they are there however it was reached', async ({
    page,
    person,
  }) => {
    const asked = await startRun(person, asking('buttons', textQuestion(), ...draftAndReview));
    const review = await answerRun(person, asked, { value: 'x' });
    const again = await answerRun(person, review, { action_id: 'again', retry_feedback: 'shorter' });
    await person.api('POST', '/workflow/jump', {
      workflow_run_id: run(again),
      reopen: asked.interaction_request?.interaction_id,
    });
    await open(page, again);
    await field(page).fill('y');
    await goOn(page).click();
    await expect(page.getByRole('button', { name: 'It is good' })).toBeEnabled();
    await expect(page.getByRole('button', { name: 'Write another' })).toBeEnabled();
  });
});

const run = ({ workflow_run_id: id }: WorkflowResponse): string => id ?? '';
