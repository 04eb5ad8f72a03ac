import type { InteractionAnswer, RecordedAnswers, WorkflowResponse } from '@wfm/workflow-engine/models';

/** Sends an answer, to whatever host the run is on, and gives what the host says then. */
export type Respond = (interactionId: string, answer: InteractionAnswer) => Promise<WorkflowResponse>;

/**
 * Plays recorded answers into a run, whoever executes it: the processor itself, a server over HTTP, a preview.
 * In: the answer of the start, how to respond, what was recorded. Out: what the host said to the last answer.
 * Throws an `Error` that names the answer when another module asks, when an answer is refused, or when the run needs
 * nobody before the answers end.
 */
export async function playRecorded(
  first: WorkflowResponse,
  respond: Respond,
  recorded: RecordedAnswers,
): Promise<WorkflowResponse> {
  let response = first;
  for (const [index, { at, answer }] of recorded.answers.entries()) {
    const name = `answer ${index + 1} of ${recorded.answers.length} (${at})`;
    const request = response.interaction_request;
    if (response.status !== 'awaiting_input' || !request) throw new Error(`${name}: ${stoppedBecause(response)}`);
    const asking = `${request.step_context.step_id}/${request.step_context.module_name}`;
    if (asking !== at) throw new Error(`${name}: it is ${asking} that asks "${request.title}".`);
    response = await respond(request.interaction_id, answer);
    if (response.status === 'validation_failed') throw new Error(`${name} was refused. ${failuresOf(response)}`);
  }
  return response;
}

function stoppedBecause({ status, message, error }: WorkflowResponse): string {
  const fault = error ? ` ${error.place ?? ''}: ${error.message} [${error.code}]` : '';
  return `nobody asks. The run is ${status}: ${message}${fault}`;
}

function failuresOf(response: WorkflowResponse): string {
  const failures = [...response.validation_errors, ...response.validation_warnings];
  return failures.map((failure) => `${failure.severity} ${failure.id}: ${failure.message}`).join(' ');
}
