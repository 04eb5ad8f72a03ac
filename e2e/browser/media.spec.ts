import type { Locator, Page } from '@playwright/test';
import type { WorkflowResponse } from '@wfm/workflow-engine/models';
import { editQuestion, keepPictures, mediaQuestion } from './support/media.ts';
import { expect, expectNoViolations, type Person, playRun, startRun, test } from './support/test.ts';

/** Media made on the real worker with the local renderer: tiles, gallery, lightbox, comparison, crop, sounds (U9 to U12). */

interface Overview {
  executions: { status: string; params: { params: Record<string, unknown> }; error: { code: string } | null }[];
}
const overviewOf = (person: Person, run: WorkflowResponse) =>
  person.api<Overview>('GET', `/workflow/${run.workflow_run_id}/overview`);
const open = (page: Page, run: WorkflowResponse) => page.goto(`/app/r/${run.workflow_run_id}`);
const tiles = (page: Page) => page.getByRole('list', { name: 'Being made' }).getByRole('listitem');
const cells = (page: Page) => page.getByRole('gridcell');
const generate = (page: Page) => page.getByRole('button', { name: 'Generate' });
const nth = (page: Page, index: number): Locator => page.locator(`[data-media-index="${index}"]`);
const local = { local: { prompt: 'a quiet pier at dusk' } };

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

test.describe('U10 the gallery', () => {
  test('U10 arrows, Home and End move, Space chooses, Enter shows large, Escape gives the focus back, D saves', async ({
    page,
    person,
    servers,
  }) => {
    const run = await startRun(person, mediaQuestion('u10_keys', local), 'Keys');
    await keepPictures(servers, person, run, 8);
    await open(page, run);
    await expect(cells(page)).toHaveCount(8);
    const columns = Number(await page.getByRole('grid').getAttribute('aria-colcount'));
    await nth(page, 0).focus();
    await page.keyboard.press('ArrowRight');
    await expect(nth(page, 1)).toBeFocused();
    await page.keyboard.press('ArrowDown');
    await expect(nth(page, 1 + columns)).toBeFocused();
    await page.keyboard.press('End');
    await expect(nth(page, 7)).toBeFocused();
    await page.keyboard.press('Home');
    await expect(nth(page, 0)).toBeFocused();
    await page.keyboard.press('Space');
    await expect(nth(page, 0)).toHaveAttribute('aria-selected', 'true');
    await page.keyboard.press('3');
    await expect(nth(page, 2)).toHaveAttribute('aria-selected', 'true');
    await expect(nth(page, 0)).toHaveAttribute('aria-selected', 'false');
    const saved = page.waitForEvent('download');
    await page.keyboard.press('d');
    expect((await saved).suggestedFilename()).toMatch(/^image-[\w-]+\.png$/);
    await page.keyboard.press('Enter');
    const lightbox = page.getByRole('dialog');
    await expect(lightbox).toContainText('3 of 8');
    await expect(lightbox.getByRole('img')).toBeVisible();
    await page.keyboard.press('ArrowRight');
    await expect(lightbox).toContainText('4 of 8');
    await page.keyboard.press('i');
    // Newest first: pictures 1 to 4 are of the second go, with the seeds 4 to 7.
    await expect(lightbox.getByRole('definition').filter({ hasText: /^7$/ })).toBeVisible();
    await expect(lightbox.getByRole('complementary')).toContainText('pier number 2');
    await page.keyboard.press('+');
    await expect(lightbox.getByRole('group', { name: 'Picture at 150 %' })).toBeVisible();
    await expectNoViolations(page, 'dialog');
    await page.keyboard.press('0');
    await page.keyboard.press('Space');
    await expect(lightbox.getByRole('button', { name: 'Chosen' })).toBeVisible();
    await page.keyboard.press('Escape');
    await expect(lightbox).toHaveCount(0);
    await expect(nth(page, 3)).toBeFocused();
    await expect(nth(page, 3)).toHaveAttribute('aria-selected', 'true');
  });

  test('U10 two are compared side by side, with what differs in how they were made', async ({
    page,
    person,
    servers,
  }) => {
    const run = await startRun(person, mediaQuestion('u10_compare', local), 'Compare');
    await keepPictures(servers, person, run, 8);
    await open(page, run);
    await page.getByRole('button', { name: 'Compare two' }).click();
    await nth(page, 0).click();
    await expect(page.getByText('Now the second one.')).toBeVisible();
    await nth(page, 5).click();
    const dialog = page.getByRole('dialog', { name: 'Side by side' });
    await expect(dialog.getByRole('img')).toHaveCount(2);
    await expect(dialog).toContainText('pier number 2');
    await expect(dialog).toContainText('pier number 1');
    await expectNoViolations(page, 'dialog');
    await dialog.getByRole('button', { name: 'Choose this' }).nth(1).click();
    await page.keyboard.press('Escape');
    await expect(nth(page, 5)).toBeFocused();
    await expect(nth(page, 5)).toHaveAttribute('aria-selected', 'true');
    // By keys alone: C marks one, C on another shows both.
    await page.keyboard.press('c');
    await page.keyboard.press('Home');
    await page.keyboard.press('c');
    await expect(dialog.getByRole('img')).toHaveCount(2);
  });

  test('U10 "use these settings" fills the form with them, the seed too, and the same comes out again', async ({
    page,
    person,
  }) => {
    const run = await startRun(person, mediaQuestion('u10_use', local), 'Use');
    await open(page, run);
    await page.getByLabel('Style').selectOption('poster');
    await page.getByLabel('Prompt', { exact: true }).fill('a lighthouse in the fog');
    await generate(page).click();
    await expect(cells(page)).toHaveCount(1);
    await page.getByLabel('Prompt', { exact: true }).fill('something else');
    await nth(page, 0).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Use these settings' }).click();
    await expect(page.getByLabel('Prompt', { exact: true })).toHaveValue('a lighthouse in the fog');
    const seed = await page.getByLabel('Seed').inputValue();
    expect(seed).toMatch(/^\d+$/);
    await generate(page).click();
    await expect(cells(page)).toHaveCount(2);
    const { executions } = await overviewOf(person, run);
    expect(executions[1]?.params.params).toMatchObject({ prompt: 'a lighthouse in the fog', seed: Number(seed) });
    const shas = new Set<string>();
    for (const cell of [nth(page, 0), nth(page, 1)]) {
      const src = await cell.getByRole('presentation').or(cell.locator('img')).first().getAttribute('src');
      const reply = await page.request.get((src ?? '').replace(/\?.*/, ''));
      shas.add(reply.headers()['etag'] ?? '');
    }
    expect(shas.size).toBe(1);
  });

  test('U10 of 500 pictures at most three screens are mounted; one finds, goes to the end and back', async ({
    page,
    person,
    servers,
  }) => {
    const run = await startRun(person, mediaQuestion('u10_many', local), 'Many');
    await keepPictures(servers, person, run, 500);
    await open(page, run);
    const grid = page.getByRole('grid');
    await expect(grid).toBeVisible();
    const columns = Number(await grid.getAttribute('aria-colcount'));
    expect(await grid.getAttribute('aria-rowcount')).toBe(String(Math.ceil(500 / columns)));
    const { screen, row } = await grid.evaluate((element) => ({
      screen: element.clientHeight,
      row: element.querySelector('[role="row"]')?.getBoundingClientRect().height ?? 0,
    }));
    const most = 3 * columns * Math.ceil(screen / row);
    const mounted = async (): Promise<void> => expect(await cells(page).count()).toBeLessThanOrEqual(most);
    await mounted();
    await nth(page, 0).focus();
    await page.keyboard.press('End');
    await expect(nth(page, 499)).toBeFocused();
    await mounted();
    await page.keyboard.press('ArrowUp');
    await expect(nth(page, 499 - columns)).toBeFocused();
    // What has the focus stays mounted while something else is scrolled to.
    await grid.evaluate((element) => element.scrollTo({ top: 0 }));
    await expect(nth(page, 0)).toBeVisible();
    await expect(nth(page, 499 - columns)).toBeFocused();
    await mounted();
    await page.getByRole('searchbox', { name: 'Search' }).fill('pier number 77');
    await expect(cells(page)).toHaveCount(4);
    await expect(page.getByText('4 found')).toBeVisible();
    await expectNoViolations(page);
  });
});

test.describe('U11 the crop', () => {
  test('U11 dragging, arrow keys and numbers agree to the pixel; it is announced, kept, and what is sent', async ({
    page,
    person,
  }) => {
    const run = await startRun(person, editQuestion('u11_crop'), 'Crop');
    await open(page, run);
    const area = page.getByRole('group', { name: /^Part of the picture/ });
    await expect(area).toBeVisible();
    const field = (name: string) => page.getByRole('spinbutton', { name, exact: true }).last();
    const values = async (): Promise<string[]> =>
      Promise.all(['Left', 'Top', 'Width', 'Height'].map((name) => field(name).inputValue()));
    expect(await values()).toEqual(['0', '0', '1200', '800']);
    await field('Width').fill('640');
    await field('Height').fill('400');
    await field('Left').fill('100');
    await field('Top').fill('50');
    await expect(page.getByText('640 × 400 pixels, from 100, 50')).toBeVisible();
    // The drawn frame is where the numbers say, to the pixel of the picture.
    const picture = page.getByRole('img', { name: 'The picture to begin with' });
    const drawn = async (): Promise<number[]> => {
      const [frame, whole] = await Promise.all([area.boundingBox(), picture.boundingBox()]);
      if (!frame || !whole) return [];
      const scale = 1200 / whole.width;
      return [frame.x - whole.x, frame.y - whole.y, frame.width, frame.height].map((length) =>
        Math.round(length * scale),
      );
    };
    expect(await drawn()).toEqual([100, 50, 640, 400]);
    await area.focus();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Shift+ArrowDown');
    expect(await values()).toEqual(['101', '60', '640', '400']);
    expect(await drawn()).toEqual([101, 60, 640, 400]);
    await page.getByRole('button', { name: 'Bottom right corner' }).focus();
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('ArrowUp');
    expect(await values()).toEqual(['101', '60', '639', '399']);
    const box = await area.boundingBox();
    if (!box) throw new Error('the crop is not drawn');
    await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width / 2 + 30, box.y + box.height / 2 + 12, { steps: 4 });
    await page.mouse.up();
    const moved = (await values()).map(Number);
    expect(moved.slice(2)).toEqual([639, 399]);
    expect(moved[0]).toBeGreaterThan(101);
    expect(await drawn()).toEqual(moved);
    await expectNoViolations(page);
    await page.reload();
    await expect(field('Width')).toHaveValue('639');
    expect((await values()).map(Number)).toEqual(moved);
    await generate(page).click();
    await expect(cells(page)).toHaveCount(1);
    const [x, y, width, height] = moved;
    const { executions } = await overviewOf(person, run);
    expect(executions[0]?.params.params).toMatchObject({ crop_region: { x, y, width, height } });
    await nth(page, 0).focus();
    await page.keyboard.press('Enter');
    await expect(page.getByRole('dialog')).toBeVisible();
    await page.keyboard.press('i');
    await expect(page.getByRole('dialog')).toContainText('639 × 399');
  });
});

test.describe('U12 sounds', () => {
  const sounds = () => {
    const play = (name: string) => ({
      module_id: 'media.render',
      name,
      inputs: {
        provider: 'local',
        action_type: 'txt2audio',
        params: { model: 'local-music', prompt: `calm music, ${name}`, seconds: 8 },
      },
      outputs_to_state: { contents: name },
    });
    return {
      format: 2,
      workflow_id: 'u12_sounds',
      name: 'Sounds',
      steps: [
        {
          step_id: 's1',
          name: 'Listen',
          modules: [
            play('first'),
            play('second'),
            {
              module_id: 'user.select',
              name: 'pick',
              inputs: {
                prompt: 'Which sound?',
                data: '{{ state.first + state.second }}',
                schema: {
                  type: 'array',
                  ui: { select: { max: 1 } },
                  items: { type: 'object', ui: { as: 'audio', label: 'A sound' } },
                },
              },
              outputs_to_state: { selected_data: 'sound' },
            },
          ],
        },
      ],
    };
  };

  test('U12 the shape of a sound is the server’s; one plays at a time, by Space and arrows', async ({
    page,
    person,
  }) => {
    const run = await startRun(person, sounds(), 'Sounds');
    const shapes: string[] = [];
    page.on('request', (request) => {
      if (request.url().includes('/peaks')) shapes.push(request.url());
    });
    await open(page, run);
    const sliders = page.getByRole('slider', { name: 'Position' });
    await expect(sliders).toHaveCount(2);
    expect(shapes).toHaveLength(2);
    await expect(sliders.first()).toHaveAttribute('aria-valuemax', '8');
    await expectNoViolations(page);
    const playing = () => page.evaluate(() => [...document.querySelectorAll('audio')].map((player) => !player.paused));
    await sliders.first().focus();
    await page.keyboard.press('Space');
    await expect.poll(playing).toEqual([true, false]);
    await sliders.nth(1).focus();
    await page.keyboard.press('Space');
    await expect.poll(playing).toEqual([false, true]);
    await page.keyboard.press('Space');
    await expect.poll(playing).toEqual([false, false]);
    await page.keyboard.press('Home');
    await expect(sliders.nth(1)).toHaveAttribute('aria-valuenow', '0');
    await page.keyboard.press('ArrowRight');
    await expect(sliders.nth(1)).toHaveAttribute('aria-valuenow', '5');
    await page.keyboard.press('End');
    await expect(sliders.nth(1)).toHaveAttribute('aria-valuetext', '0:08 of 0:08');
    // Keys of a player are its own: nothing was chosen by them.
    await expect(page.getByRole('radio', { checked: true })).toHaveCount(0);
  });

  test('U12 without its shape a sound is played by the browser’s own player', async ({ page, person, faults }) => {
    faults.expect(/peaks/);
    await page.route('**/peaks?*', (route) => route.fulfill({ status: 500, body: 'no' }));
    const run = await startRun(person, sounds(), 'Sounds');
    await open(page, run);
    await expect(page.locator('audio[controls]')).toHaveCount(2);
  });
});

test('U10 pictures on cards are chosen by pressing them, shown large by Enter, and chosen there', async ({
  page,
  person,
}) => {
  const run = await playRun(person, 'picture-postcard', 'picture/pick_picture');
  await open(page, run);
  const choices = page.getByRole('radio');
  await expect(choices).toHaveCount(3);
  await page.locator('[data-choice] img').nth(1).click();
  await expect(choices.nth(1)).toBeChecked();
  await choices.nth(1).focus();
  await page.keyboard.press('Enter');
  const lightbox = page.getByRole('dialog');
  await expect(lightbox).toContainText('2 of 3');
  await page.keyboard.press('ArrowRight');
  await lightbox.getByRole('button', { name: 'Choose this' }).click();
  await page.keyboard.press('Escape');
  await expect(choices.nth(2)).toBeChecked();
});
