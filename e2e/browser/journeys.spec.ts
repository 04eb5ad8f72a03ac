import type { Page } from '@playwright/test';
import type { InteractionRequest, WorkflowResponse } from '@wfm/workflow-engine/models';
import { loadExample } from '../support/examples.ts';
import { finger, type Hands, keyboard, withoutPointer } from './support/hands.ts';
import { expect, type Person, phone, test } from './support/test.ts';

/** The content example from home to finished, by keys alone and by touch (U23, U24; ux.md G8, G15). */

const runIdOf = (page: Page): string => new URL(page.url()).pathname.split('/').at(-1) ?? '';
const status = (person: Person, page: Page) => person.api<WorkflowResponse>('GET', `/workflow/${runIdOf(page)}/status`);

/** Waits until the question is asked, and shown. */
async function asked(page: Page, person: Person, at: string, not?: string): Promise<InteractionRequest> {
  let request: InteractionRequest | undefined;
  await expect
    .poll(
      async () => {
        request = (await status(person, page)).interaction_request;
        return request && request.interaction_id !== not
          ? `${request.step_context.step_id}/${request.step_context.module_name}`
          : null;
      },
      { timeout: 60_000 },
    )
    .toBe(at);
  await page.locator(`[data-interaction="${request?.interaction_id}"]`).waitFor();
  return request as InteractionRequest;
}

async function play(page: Page, person: Person, hands: Hands): Promise<void> {
  const { recorded } = await loadExample('pocket-museum');
  const photo = recorded.answers.find(({ at }) => at === 'brief/add_photo')?.answer.value as string;
  const card = page.locator('[data-interaction]');
  await page.goto('/app/');
  await hands.press(page.getByRole('button', { name: 'Start the example' }));
  await hands.press(page.getByRole('dialog').getByRole('button', { name: 'Start', exact: true }));
  await page.waitForURL(/\/app\/r\//);

  await asked(page, person, 'desk/ask_theme');
  await hands.write(card.getByRole('textbox').first(), 'nearly lost things');
  await hands.send();
  await asked(page, person, 'brief/fill_brief');
  await hands.setDate(card.locator('[data-field="opening"] input'));
  // An address that never answers, so that the run is the same with a network and without.
  await hands.write(card.locator('[data-field="almanac"] input'), 'https://almanac.invalid/on-this-day');
  await hands.send();
  await asked(page, person, 'brief/add_photo');
  const file = Buffer.from(photo.split(',')[1] ?? '', 'base64');
  await hands.give({ name: 'window.png', mimeType: 'image/png', buffer: file });
  await expect(card).toContainText('window.png');
  await hands.send();
  await asked(page, person, 'objects/pick_objects');
  for (const path of [
    ['tickets', 0],
    ['keys', 0],
    ['mending', 1],
  ])
    await hands.choose(path);
  await hands.send();
  const first = await asked(page, person, 'idea/choose_angle');
  await hands.press(card.getByRole('button', { name: 'Other ideas, please' }));
  await hands.write(card.locator('textarea').last(), 'Less about memory.');
  await hands.press(card.getByRole('button', { name: 'Other ideas, please' }));
  await asked(page, person, 'idea/choose_angle', first.interaction_id);
  await hands.choose([1]);
  await hands.send();
  await asked(page, person, 'channels/pick_channels');
  for (const channel of ['wall', 'audio', 'posts']) await hands.choose([channel]);
  await hands.send();
  await asked(page, person, 'channels/review_texts');
  await hands.send();
  await asked(page, person, 'labels/plan_labels');
  await hands.write(card.getByRole('textbox').first(), '1a=40, 2b=30, 3c=45');
  await hands.send();
  await asked(page, person, 'labels/read_aloud');
  await hands.send();
  await asked(page, person, 'memory/pick_words');
  for (const index of [0, 2, 3]) await hands.choose([index]);
  await hands.send();
  // A poster and music may be left out.
  for (const at of ['poster/draw_poster', 'poster/score_evening']) {
    await asked(page, person, at);
    await hands.send();
  }
  await asked(page, person, 'kit/hand_out_sheet');
  const saved = page.waitForEvent('download');
  await hands.send();
  await saved;
  await expect.poll(async () => (await status(person, page)).status, { timeout: 60_000 }).toBe('completed');
  await expect(page.getByRole('heading', { name: 'Finished' }).or(page.getByText('Finished')).first()).toBeVisible();
}

test('U24 the content example from home to finished with keys alone, the focus always seen', async ({
  page,
  person,
}) => {
  test.setTimeout(300_000);
  await withoutPointer(page);
  await play(page, person, keyboard(page));
});

test.describe('on a phone', () => {
  test.use(phone);
  test('U23 the content example from home to finished by touch at 390 × 844', async ({ page, person }) => {
    test.setTimeout(300_000);
    await play(page, person, finger(page));
  });
});
