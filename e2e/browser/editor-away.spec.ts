import { askAndWrite } from './support/definitions.ts';
import {
  answerInPreview,
  chooseMode,
  outcomeOf,
  ownWorkflow,
  previewPanel,
  previewSettles,
} from './support/previewed.ts';
import { expect, test } from './support/test.ts';

// These end programs that other tests of a file need.
test.describe.configure({ mode: 'serial' });

test('E12 the preview server stopped: the editor says so, edits go on and are saved, the preview comes back by itself', async ({
  page,
  person,
  servers,
  faults,
}) => {
  faults.expect(/ERR_CONNECTION_REFUSED|ERR_INCOMPLETE_CHUNKED_ENCODING|ERR_EMPTY_RESPONSE|ERR_CONNECTION_RESET/);
  await page.goto(`/editor/w/${await ownWorkflow(person, askAndWrite('without-previews'))}`);
  const preview = previewPanel(page);
  await expect(preview.getByRole('heading', { name: 'What is it about?' })).toBeVisible();
  await servers.stopPreviews();
  await chooseMode(page, 's1/draft', /Mock/);
  await expect(preview.getByText('The preview server does not answer')).toBeVisible();
  await expect(page.getByText('Saved')).toBeVisible();
  // What was seen last stays in sight.
  await expect(preview.getByRole('heading', { name: 'What is it about?' })).toBeVisible();
  await servers.startPreviews();
  await previewSettles(page);
  await expect(preview.getByText('The preview server does not answer')).toBeHidden();
});

test('E1 E12 production stopped: preview and editing go on, saving is queued', async ({
  page,
  person,
  servers,
  faults,
}) => {
  faults.expect(/ERR_CONNECTION_REFUSED|ERR_INCOMPLETE_CHUNKED_ENCODING|ERR_EMPTY_RESPONSE|ERR_CONNECTION_RESET/);
  await page.goto(`/editor/w/${await ownWorkflow(person, askAndWrite('without-production'))}`);
  const preview = previewPanel(page);
  await expect(preview.getByRole('heading', { name: 'What is it about?' })).toBeVisible();
  await previewSettles(page);
  await servers.stopServer();
  await chooseMode(page, 's1/draft', /Mock/);
  await expect(page.getByText('Offline, kept in this browser')).toBeVisible();
  await answerInPreview(page, 'Lighthouses');
  await expect(preview.getByRole('heading', { name: 'What do you think of it?' })).toBeVisible();
  await expect(outcomeOf(page, 's1/draft')).toHaveAttribute('data-outcome', 'mocked');
  await servers.startServer();
  await expect(page.getByText('Saved')).toBeVisible({ timeout: 30_000 });
});

test('E12 a banner says that the two servers run different engines', async ({ page, person, servers }) => {
  await page.route(`${servers.virtualUrl}/health`, (route) =>
    route.fulfill({
      json: { status: 'healthy', service: 'virtual', engine: '9.9.9' },
      headers: { 'access-control-allow-origin': servers.url, 'access-control-allow-credentials': 'true' },
    }),
  );
  await page.goto(`/editor/w/${await ownWorkflow(person, askAndWrite('two-engines'))}`);
  await expect(page.getByRole('alert').getByText('The two servers are of different versions')).toBeVisible();
  await expect(page.getByText(/the preview 9\.9\.9/)).toBeVisible();
});
