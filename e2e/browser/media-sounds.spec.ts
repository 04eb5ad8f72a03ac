import { open } from './support/media-page.ts';
import { expect, expectNoViolations, startRun, test } from './support/test.ts';

/** Sounds that are heard before one is chosen (U12). */

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
