import { editQuestion } from './support/media.ts';
import { cells, generate, nth, open, overviewOf } from './support/media-page.ts';
import { expect, expectNoViolations, startRun, test } from './support/test.ts';

/** A part of a picture, by pointer, keys and numbers (U11). */

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
