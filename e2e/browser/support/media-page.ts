import type { Locator, Page } from '@playwright/test';
import type { WorkflowResponse } from '@wfm/workflow-engine/models';
import type { Person } from './people.ts';

/** What tests of media find on a run's page. */

export const open = (page: Page, run: WorkflowResponse) => page.goto(`/app/r/${run.workflow_run_id}`);
/** Tiles of what is being made. */
export const tiles = (page: Page) => page.getByRole('list', { name: 'Being made' }).getByRole('listitem');
export const cells = (page: Page) => page.getByRole('gridcell');
export const generate = (page: Page) => page.getByRole('button', { name: 'Generate' });
/** A picture by its place among all, whether or not those before it are mounted. */
export const nth = (page: Page, index: number): Locator => page.locator(`[data-media-index="${index}"]`);
/** Prompts of a question that the local renderer answers. */
export const local = { local: { prompt: 'a quiet pier at dusk' } };

interface Overview {
  executions: { status: string; params: { params: Record<string, unknown> }; error: { code: string } | null }[];
}
export const overviewOf = (person: Person, run: WorkflowResponse) =>
  person.api<Overview>('GET', `/workflow/${run.workflow_run_id}/overview`);
