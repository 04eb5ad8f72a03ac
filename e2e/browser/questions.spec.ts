import type { WorkflowResponse } from '@wfm/workflow-engine/models';
import type { Page } from '@playwright/test';
import { answerRun, expect, expectNoViolations, phone, startRun, test } from './support/test.ts';
import {
  afterwards,
  asking,
  confirmQuestion,
  downloadQuestion,
  draftAndReview,
  fileQuestion,
  formQuestion,
  selectQuestion,
  textQuestion,
} from './workflows/questions.ts';

/** Every kind of question: kept over a reload, judged before it is sent, answered (U3, U5, U6, U8, U25). */

const open = (page: Page, run: WorkflowResponse) => page.goto(`/app/r/${run.workflow_run_id}`);
const field = (page: Page) => page.getByRole('textbox', { name: 'What shall the sign say?' });
const next = (page: Page) => page.getByRole('heading', { name: 'And then?' });
const goOn = (page: Page) => page.getByRole('button', { name: 'Continue', exact: false }).first();
const faults = (page: Page) => page.locator('[data-faults]');

test('U3 a text is there again after a reload at once, and forgotten when it is sent', async ({ page, person }) => {
  const run = await startRun(person, asking('keep_text', textQuestion({ multiline: true }), afterwards));
  await open(page, run);
  await field(page).fill('half an ans');
  await page.reload();
  await expect(field(page)).toHaveValue('half an ans');
  await page.goto('/app/');
  await page.goBack();
  await expect(field(page)).toHaveValue('half an ans');
  await goOn(page).click();
  await expect(next(page)).toBeVisible();
  const left = await page.evaluate(
    () =>
      new Promise<number>((resolve) => {
        const opening = indexedDB.open('wfm-unsent');
        opening.addEventListener('success', () => {
          const count = opening.result.transaction('answers').objectStore('answers').count();
          count.addEventListener('success', () => resolve(count.result));
        });
      }),
  );
  expect(left).toBe(0);
});

test('U3 a choice, a form and a file are there again after a reload', async ({ page, person }) => {
  let run = await startRun(person, asking('keep_all', selectQuestion(), formQuestion(), fileQuestion()));
  await open(page, run);
  await page.getByRole('checkbox', { name: 'Dal' }).check();
  await page.getByRole('checkbox', { name: 'Beetroot' }).check();
  await page.reload();
  await expect(page.getByRole('checkbox', { name: 'Dal' })).toBeChecked();
  await expect(page.getByRole('checkbox', { name: 'Beetroot' })).toBeChecked();
  await expect(page.getByText('2 of 1–3 chosen')).toBeVisible();
  run = await answerRun(person, run, { selected_indices: [['mains', 0]] });
  await open(page, run);
  const row = page.locator('[data-row="1"]');
  await row.getByLabel('Servings').fill('9');
  await row.getByLabel('Spice').selectOption('hot');
  await page.reload();
  await expect(row.getByLabel('Servings')).toHaveValue('9');
  await expect(row.getByLabel('Spice').locator('option:checked')).toHaveText('hot');
  run = await answerRun(person, run, { form_data: [{}, {}, {}] });
  await open(page, run);
  await page.locator('input[type="file"]').setInputFiles({
    name: 'room.txt',
    mimeType: 'text/plain',
    buffer: Buffer.from('a room with a view'),
  });
  await expect(page.getByText('room.txt')).toBeVisible();
  await page.reload();
  await expect(page.getByText('room.txt')).toBeVisible();
  await goOn(page).click();
  await expect(page.locator('[data-current]').getByText('Finished', { exact: true })).toBeVisible();
});

test('U3 2.9 a browser that keeps nothing says so, and the answer is sent all the same', async ({ page, person }) => {
  await page.addInitScript(() => {
    Object.defineProperty(globalThis, 'indexedDB', { value: undefined });
  });
  const run = await startRun(person, asking('keep_nothing', textQuestion(), afterwards));
  await open(page, run);
  await field(page).fill('x');
  await expect(page.getByText('Only in this tab')).toBeVisible();
  await goOn(page).click();
  await expect(next(page)).toBeVisible();
});

test('U5 a form is a table without any JSON, and its rows arrive as they were filled in', async ({ page, person }) => {
  const run = await startRun(person, asking('form', formQuestion(), afterwards));
  await open(page, run);
  await page.locator('[data-row="0"]').getByLabel('Servings').fill('7');
  await page.locator('[data-row="2"]').getByLabel('Spice').selectOption('medium');
  await expectNoViolations(page);
  await goOn(page).click();
  await expect(next(page)).toBeVisible();
  const { state_mapped: state } = await person.api<{ state_mapped: { orders: object[] } }>(
    'GET',
    `/workflow/${run.workflow_run_id}/state?part=state_mapped`,
  );
  expect(state.orders).toMatchObject([
    { servings: 7, spice: 'mild' },
    { servings: 4, spice: 'mild' },
    { servings: 4, spice: 'medium' },
  ]);
});

test('U6 tries are kept as 1/3 to 3/3, two are compared, feedback begins with what was said last', async ({
  page,
  person,
}) => {
  let run = await startRun(person, asking('tries', ...draftAndReview, afterwards));
  run = await answerRun(person, run, { action_id: 'again', retry_feedback: 'Shorter.' });
  await open(page, run);
  await expect(page.getByRole('button', { name: '2/2' })).toHaveAttribute('aria-pressed', 'true');
  await page.locator('[data-heading]').focus();
  await page.keyboard.press('r');
  const feedback = page.getByRole('textbox', { name: 'What should be different?' });
  await expect(feedback).toHaveValue('Shorter.');
  await feedback.fill('Warmer, please.');
  await page.reload();
  await expect(feedback).toHaveValue('Warmer, please.');
  await page.getByRole('checkbox', { name: 'Tone' }).check();
  await page.keyboard.press('Control+Enter');
  await expect(page.getByRole('button', { name: '3/3' })).toHaveAttribute('aria-pressed', 'true');
  await page.getByRole('button', { name: '1/3' }).click();
  await expect(page.getByRole('region', { name: '1/3' })).toContainText('Asked for: Shorter.');
  await page.getByRole('checkbox', { name: 'Side by side' }).check();
  await page.getByRole('button', { name: '2/3' }).click();
  await expect(page.getByRole('region', { name: '2/3' })).toContainText('Asked for: Warmer, please.');
  await expect(page.getByRole('region', { name: 'Newest' })).toBeVisible();
  await expectNoViolations(page, '[data-current]');
  await page.getByRole('button', { name: 'It is good' }).click();
  await expect(next(page)).toBeVisible();
});

const ruled = textQuestion(
  {},
  {
    retryable: {
      default_option: 'go',
      options: [
        {
          id: 'go',
          mode: 'continue',
          label: 'Print it',
          shortcut: 'p',
          validations: [
            {
              id: 'short',
              rule: 'json_schema',
              severity: 'warning',
              message: 'That is a short sign.',
              field: 'value',
              value: { properties: { value: { type: 'string', minLength: 9 } } },
            },
          ],
        },
        { id: 'secret', mode: 'continue', label: 'Hidden', shortcut: 'h', hidden: true },
      ],
    },
  },
);

test('U8 what is wrong is said at the field and in a summary, and the focus goes there; warnings are asked once', async ({
  page,
  person,
}) => {
  const run = await startRun(person, asking('rules', ruled, afterwards));
  await open(page, run);
  await expect(page.getByRole('button', { name: 'Hidden' })).toHaveCount(0);
  await page.getByRole('button', { name: 'Print it' }).click();
  await expect(faults(page)).toContainText('One thing to look at again');
  await expect(faults(page)).toContainText('Enter a text.');
  await expect(field(page)).toBeFocused();
  await expect(field(page)).toHaveAttribute('aria-invalid', 'true');
  await expectNoViolations(page);
  await field(page).fill('Bread');
  await expect(faults(page)).toContainText('That is a short sign.');
  await page.keyboard.press('Control+Enter');
  await expect(faults(page)).toContainText('Is this what you mean?');
  await expect(faults(page)).toBeFocused();
  await page.getByRole('button', { name: 'Send it all the same' }).click();
  await expect(next(page)).toBeVisible();
});

test('U8 of a form: each fault names its row and field, and leads there; a mended one goes away', async ({
  page,
  person,
}) => {
  const run = await startRun(person, asking('form_rules', formQuestion(), afterwards));
  await open(page, run);
  const servings = page.locator('[data-row="2"]').getByLabel('Servings');
  await servings.fill('99');
  await page.locator('[data-row="0"]').getByLabel('Servings').fill('0');
  await goOn(page).click();
  await expect(faults(page)).toContainText('2 things to look at again');
  await expect(page.locator('[data-row="0"]').getByLabel('Servings')).toBeFocused();
  await faults(page)
    .getByRole('button', { name: /Row 3 · Servings: At most 40/ })
    .click();
  await expect(servings).toBeFocused();
  await servings.fill('9');
  await expect(faults(page)).toContainText('One thing to look at again');
});

test.describe('in Arabic', () => {
  test.use({ language: 'ar' });
  test('U8 U25 codes are said in the language of the page, from right to left', async ({ page, person }) => {
    const run = await startRun(person, asking('arabic', selectQuestion({ min_selections: 2 })));
    await open(page, run);
    await expect(page.getByRole('checkbox', { name: 'Leek soup' })).toBeFocused();
    await page.keyboard.press('Control+Enter');
    await expect(faults(page)).toContainText('اختر 2 على الأقل');
    await expect(page.locator('html')).toHaveAttribute('dir', 'rtl');
    await expectNoViolations(page);
  });
});

test('U25 Enter that ends a composition sends nothing, and no shortcut acts while one is under way', async ({
  page,
  person,
}) => {
  const run = await startRun(person, asking('compose', ruled, afterwards));
  await open(page, run);
  await field(page).focus();
  const client = await page.context().newCDPSession(page);
  await client.send('Input.imeSetComposition', { text: '真夜中のパン', selectionStart: 6, selectionEnd: 6 });
  await page.keyboard.press('Enter');
  await page.keyboard.press('Control+Enter');
  await client.send('Input.insertText', { text: '真夜中のパン屋はここです' });
  await expect(field(page)).toHaveValue(/真夜中のパン屋はここです/);
  await expect(next(page)).toBeHidden();
  await page.keyboard.press('Enter');
  await expect(next(page)).toBeVisible();
});

test('U25 2.5 an author’s key acts on a Cyrillic layout, also for an option without a button', async ({
  page,
  person,
}) => {
  const run = await startRun(person, asking('cyrillic', ruled, afterwards));
  await open(page, run);
  await field(page).fill('Хлеб в полночь');
  await page.locator('[data-heading]').focus();
  await page.evaluate(() =>
    document.activeElement?.dispatchEvent(
      new KeyboardEvent('keydown', { key: 'р', code: 'KeyH', bubbles: true, cancelable: true }),
    ),
  );
  await expect(next(page)).toBeVisible();
});

test('2.3 a confirmation, a file that is handed out, and going on without it', async ({ page, person }) => {
  const run = await startRun(
    person,
    asking(
      'rest',
      confirmQuestion(),
      downloadQuestion(),
      downloadQuestion({ filename: 'menu.txt' }, { name: 'second' }),
      afterwards,
    ),
  );
  await open(page, run);
  await expect(page.getByText('The card goes to the printer now.')).toBeVisible();
  await goOn(page).click();
  const [saved] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Download and continue' }).click(),
  ]);
  expect(saved.suggestedFilename()).toBe('card.txt');
  await expect(page.getByRole('heading', { name: 'Save menu.txt' })).toBeVisible();
  await page.getByRole('button', { name: 'Continue without' }).click();
  await expect(next(page)).toBeVisible();
});

test.describe('on a phone', () => {
  test.use({ ...phone, colorScheme: 'dark' });
  test('U5 a large file goes before the answer, with its progress; a wrong kind is refused by its bytes', async ({
    page,
    person,
  }) => {
    const run = await startRun(person, asking('upload', fileQuestion(), afterwards));
    await open(page, run);
    const input = page.locator('input[type="file"]');
    await input.setInputFiles({ name: 'x.png', mimeType: 'image/png', buffer: Buffer.from('%PDF-1.7 no picture') });
    await expect(page.getByText('This kind of file (application/pdf) is not accepted.')).toBeVisible();
    await input.setInputFiles({
      name: 'long.txt',
      mimeType: 'text/plain',
      buffer: Buffer.alloc(900 * 1024, 'a long letter. '),
    });
    await expect(page.getByText('long.txt')).toBeVisible();
    await expectNoViolations(page);
    await goOn(page).tap();
    await expect(next(page)).toBeVisible();
  });
});

test('1.3 only one known shape is drawn: a question of an unknown type gets a form from what it says', async ({
  page,
  person,
}) => {
  const run = await startRun(person, asking('unknown', textQuestion(), afterwards));
  await page.route(/\/(?:status|interaction-history|interactions\/[^/]+)(?:\?|$)/, async (route) => {
    const reply = await route.fetch();
    const text = (await reply.text()).replaceAll('"interaction_type":"text_input"', '"interaction_type":"ballot"');
    await route.fulfill({ response: reply, body: text });
  });
  await open(page, run);
  await expect(page.getByText('A question of a kind that this page does not know: ballot')).toBeVisible();
  await page.locator('[data-field="value"]').getByRole('textbox').fill('Aye');
  await goOn(page).click();
  await expect(page.getByRole('button', { name: 'What shall the sign say?' })).toContainText('Aye');
});
