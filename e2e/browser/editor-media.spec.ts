import { mediaQuestion } from './support/media.ts';
import { outcomeOf, ownWorkflow, previewPanel, previewSettles } from './support/previewed.ts';
import { expect, test } from './support/test.ts';

test('E12 U9 media are mocked in the preview: ordered, shown from the preview server, chosen, answered', async ({
  page,
  person,
  servers,
}) => {
  const made: string[] = [];
  page.on('request', (request) => void (request.url().includes('/mock-media/') && made.push(request.url())));
  await page.goto(
    `/editor/w/${await ownWorkflow(person, mediaQuestion('mock_media', { local: { prompt: 'a pier' } }))}`,
  );
  const preview = previewPanel(page);
  await preview.getByLabel('How many').fill('2');
  await preview.getByRole('button', { name: 'Generate' }).click();
  await expect(preview.getByRole('gridcell')).toHaveCount(2, { timeout: 20_000 });
  await previewSettles(page);
  await expect.poll(() => made.length).toBeGreaterThan(0);
  expect(made.every((url) => url.startsWith(servers.virtualUrl))).toBe(true);
  await preview.getByRole('button', { name: 'Generate' }).click();
  await expect(preview.getByRole('gridcell')).toHaveCount(4, { timeout: 20_000 });
  await preview.locator('[data-media-index="0"]').press('Space');
  await expect(preview.getByText('Chosen:')).toBeVisible();
  await preview.getByRole('button', { name: /^Continue/ }).click();
  await expect(preview.getByText('The workflow ends here')).toBeVisible();
  await expect(preview.locator('[data-stage] img').first()).toBeVisible();
  await expect(outcomeOf(page, 's1/pictures')).toContainText('Ran');
});
