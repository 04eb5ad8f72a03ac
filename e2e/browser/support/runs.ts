import type { InteractionAnswer, WorkflowResponse } from '@wfm/workflow-engine/models';
import { loadExample } from '../../support/examples.ts';
import type { Person } from './people.ts';

const PATIENCE_MS = 60_000;

/** Starts a shipped example, or a definition of the test's own, and waits until somebody is asked or it has ended. */
export async function startRun(person: Person, workflow: string | object, name = 'a run'): Promise<WorkflowResponse> {
  const started = await person.api<WorkflowResponse>('POST', '/workflow/start', {
    project_name: name,
    force_new: true,
    ...(typeof workflow === 'string'
      ? { workflow_version_id: await versionOf(person, workflow) }
      : { workflow_content: workflow, confirm: true }),
  });
  return settled(person, started);
}

/** The newest version of a shipped example, by its folder's name. */
async function versionOf(person: Person, example: string): Promise<string> {
  const { workflow_id: wanted } = (await loadExample(example)).loaded.resolved as { workflow_id: string };
  const { items } = await person.api<{ items: { workflow_id: string; newest_version_id: string }[] }>(
    'GET',
    '/workflow-templates?limit=200',
  );
  const found = items.find(({ workflow_id: id }) => id === wanted);
  if (!found) throw new Error(`the server offers no ${example}`);
  return found.newest_version_id;
}

/** Answers the open question by API, and waits until the run rests again. */
export async function answerRun(
  person: Person,
  asked: WorkflowResponse,
  answer: InteractionAnswer,
): Promise<WorkflowResponse> {
  const next = await person.api<WorkflowResponse>('POST', '/workflow/respond', {
    workflow_run_id: asked.workflow_run_id,
    interaction_id: asked.interaction_request?.interaction_id,
    response: answer,
  });
  return settled(person, next);
}

/** Plays the example's recorded answers up to the question at `step/module`, which is left open; without one, all. */
export async function playRun(person: Person, example: string, until?: string): Promise<WorkflowResponse> {
  const { recorded } = await loadExample(example);
  let now = await startRun(person, example, example);
  for (const { at, answer } of recorded.answers) {
    if (at === until) return now;
    now = await answerRun(person, now, answer);
  }
  return now;
}

/** Waits until the run needs a person or has ended: a worker may be working. */
async function settled(person: Person, response: WorkflowResponse): Promise<WorkflowResponse> {
  let now = response;
  const deadline = performance.now() + PATIENCE_MS;
  while (now.status === 'processing' || now.status === 'awaiting_task') {
    if (performance.now() > deadline) throw new Error(`the run does not come to rest: ${JSON.stringify(now)}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
    now = await person.api('GET', `/workflow/${now.workflow_run_id}/status`);
  }
  return now;
}
