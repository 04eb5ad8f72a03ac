import { callProduction, dataOf, productionApi } from '@wfm/shared/core';
import type { InteractionAnswer } from '@wfm/workflow-engine/models';

/** What the run page asks the server for. Types come from the API's description. */

const path = (run: string) => ({ path: { run } });

export const readStatus = (run: string) => dataOf(productionApi().GET('/workflow/{run}/status', { params: path(run) }));
export const readOverview = (run: string) =>
  dataOf(productionApi().GET('/workflow/{run}/overview', { params: path(run) }));
export const readQuestion = (run: string, interaction: string) =>
  dataOf(productionApi().GET('/workflow/{run}/interactions/{interaction}', { params: { path: { run, interaction } } }));
/** Earlier tries at a question, oldest first. */
export const readAttempts = (run: string, interaction: string) =>
  dataOf(
    productionApi().GET('/workflow/{run}/interactions/{interaction}/attempts', {
      params: { path: { run, interaction } },
    }),
  );
/** Questions of the current line, newest first. */
export const readHistory = (run: string, query: { limit: number; cursor?: string }) =>
  dataOf(
    productionApi().GET('/workflow/{run}/interaction-history', {
      params: { ...path(run), query: { ...query, order: 'desc' } },
    }),
  );
export const readEvents = (run: string, query: { after: number; limit?: number }) =>
  dataOf(productionApi().GET('/workflow/{run}/events', { params: { ...path(run), query } }));
export const openStream = (run: string, headers: Record<string, string>, signal: AbortSignal) =>
  callProduction(`/workflow/${run}/stream`, { headers, signal });

/** Where the answer comes from the stream, the request need not wait for it. */
const atOnce = { prefer: 'wait=0' };

/** Answers the open question, once: the same key again gets the same outcome. */
export const sendAnswer = (
  run: string,
  interaction: string,
  answer: InteractionAnswer,
  key: string,
  signal?: AbortSignal,
) =>
  dataOf(
    productionApi().POST('/workflow/respond', {
      headers: atOnce,
      body: {
        workflow_run_id: run,
        interaction_id: interaction,
        response: answer as never,
        idempotency_key: key,
      },
      ...(signal ? { signal } : {}),
    }),
  );

/** Starts a sub-action of the open question; its progress comes by the run's stream. */
export async function startSubAction(
  run: string,
  wanted: { interaction_id: string; sub_action_id: string; params: Record<string, unknown>; feedback?: string },
  key: string,
): Promise<{ execution_id: string; expected?: number }> {
  const reply = await callProduction(`/workflow/${run}/sub-action`, {
    method: 'POST',
    headers: { prefer: 'respond-async' },
    body: { ...wanted, idempotency_key: key },
  });
  return (await reply.json()) as { execution_id: string; expected?: number };
}

export const cancelSubAction = (run: string, execution: string) =>
  callProduction(`/workflow/${run}/sub-action/${execution}/cancel`, { method: 'POST', body: {} });

/** What generating would give and cost. */
export const estimateMedia = async (run: string, wanted: unknown): Promise<unknown> =>
  (await callProduction(`/workflow/${run}/media/preview`, { method: 'POST', body: wanted })).json();

export const cancelRun = (run: string) =>
  dataOf(productionApi().POST('/workflow/{run}/cancel', { params: path(run), headers: atOnce, body: {} as never }));
export const resumeRun = (run: string) =>
  dataOf(productionApi().POST('/workflow/{run}/resume', { params: path(run), headers: atOnce, body: {} as never }));
export const renameRun = (run: string, name: string) =>
  dataOf(productionApi().PATCH('/workflow/{run}', { params: path(run), body: { project_name: name } }));
export const deleteRun = (run: string) => productionApi().DELETE('/workflow/{run}', { params: path(run) });

/** Which module of which run is gone back to, under which key. */
export interface Departure {
  step_id: string;
  module_name: string;
  idempotency_key: string;
  feedback?: string;
  inputs_override?: Record<string, unknown>;
}
export const retryModule = (run: string, departure: Departure) =>
  dataOf(
    productionApi().POST('/workflow/retry', {
      headers: atOnce,
      body: { workflow_run_id: run, ...departure } as never,
    }),
  );
export const jumpTo = (run: string, departure: Departure) =>
  dataOf(
    productionApi().POST('/workflow/jump', { headers: atOnce, body: { workflow_run_id: run, ...departure } as never }),
  );
export const reopenQuestion = (run: string, interaction: string, key: string) =>
  dataOf(
    productionApi().POST('/workflow/jump', {
      headers: atOnce,
      body: { workflow_run_id: run, reopen: interaction, idempotency_key: key } as never,
    }),
  );

export const readBranches = (run: string) =>
  dataOf(productionApi().GET('/workflow/{run}/branches', { params: path(run) }));
export const nameBranch = (run: string, branch: string, name: string | null) =>
  dataOf(
    productionApi().PATCH('/workflow/{run}/branches/{branch}', { params: { path: { run, branch } }, body: { name } }),
  );
export const switchBranch = (run: string, branch: string) =>
  dataOf(
    productionApi().POST('/workflow/{run}/branches/{branch}/switch', {
      params: { path: { run, branch } },
      headers: atOnce,
      body: {} as never,
    }),
  );

export type Overview = Awaited<ReturnType<typeof readOverview>>;
export type RunRow = Overview['run'];
export type ModuleView = Overview['modules'][number];
export type HistoryRecord = Awaited<ReturnType<typeof readQuestion>>;
export type Branch = Awaited<ReturnType<typeof readBranches>>['items'][number];
