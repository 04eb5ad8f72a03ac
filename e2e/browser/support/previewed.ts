import { expect, type Page, type Request } from '@playwright/test';
import { loadExample } from '../../support/examples.ts';
import type { Person } from './people.ts';

interface Template {
  template_id: string;
  workflow_id: string;
  newest_version_id: string;
}

/** A workflow of the person's own: a definition, or a copy of a shipped example with its files. */
export async function ownWorkflow(person: Person, workflow: string | object): Promise<string> {
  if (typeof workflow !== 'string') {
    const made = await person.api<{ template: Template }>('POST', '/workflow-templates', {
      workflow_content: workflow,
    });
    return made.template.template_id;
  }
  const { workflow_id: wanted } = (await loadExample(workflow)).loaded.resolved as { workflow_id: string };
  const { items } = await person.api<{ items: Template[] }>('GET', '/workflow-templates?limit=200');
  const found = items.find(({ workflow_id: id }) => id === wanted);
  if (!found) throw new Error(`the server offers no ${workflow}`);
  const path = `/workflow-templates/${found.template_id}/versions/${found.newest_version_id}/clone`;
  const cloned = await person.api<{ template: Template }>('POST', path, {});
  return cloned.template.template_id;
}

/** Requests that execute, as they are sent to the preview server from now on. */
export function previewRequests(page: Page): Request[] {
  const seen: Request[] = [];
  page.on('request', (request) => {
    if (request.method() === 'POST' && /\/workflow\/(?:start|respond|retry|jump)$/.test(request.url()))
      seen.push(request);
  });
  return seen;
}

/** The preview's panel. */
export const previewPanel = (page: Page) => page.getByRole('region', { name: 'Preview', exact: true });

/** Waits until the preview is that of what is written. */
export async function previewSettles(page: Page): Promise<void> {
  await expect(previewPanel(page).locator('[data-phase="settled"]')).toBeVisible({ timeout: 30_000 });
}

/** Opens a tab of the editor's desk. */
export async function openTab(page: Page, name: 'Preview' | 'Problems' | 'Log' | 'State'): Promise<void> {
  await page.getByRole('tab', { name: new RegExp(`^${name}`) }).click();
}

/** One row of what became of the modules: `step/module`. */
export const outcomeOf = (page: Page, key: string) => previewPanel(page).locator(`[data-module="${key}"]`);

/** Scrolls the list of modules to one of them; only those in view are mounted. */
async function findOutcome(page: Page, key: string) {
  const row = outcomeOf(page, key);
  const list = previewPanel(page).getByRole('list', { name: 'What happened to each module' });
  await expect(async () => {
    if ((await row.count()) === 0) await list.evaluate((box) => box.scrollBy(0, 150));
    expect(await row.count()).toBe(1);
  }).toPass({ intervals: [50] });
  return row;
}

/** Selects a module in the list of what became of them. */
export async function selectModule(page: Page, key: string): Promise<void> {
  const row = await findOutcome(page, key);
  await row.getByRole('button').first().press('Enter');
  await expect(row.locator('[aria-current="true"]')).toBeVisible();
}

/** Chooses how one module is answered: `Mock…`, `Real…`, `Pinned…`, `As the workflow`. */
export async function chooseMode(page: Page, key: string, mode: RegExp): Promise<void> {
  await outcomeOf(page, key)
    .getByRole('button', { name: /^Mode of/ })
    .click();
  await page.getByRole('menuitem', { name: mode }).click();
}

/** Answers the open question in the preview with a text. */
export async function answerInPreview(page: Page, text: string): Promise<void> {
  const field = previewPanel(page).locator('[data-interaction]').getByRole('textbox');
  await field.fill(text);
  await field.press('Control+Enter');
}
