import { createHash } from 'node:crypto';
import { sessionCookie } from '@wfm/http';
import { canonicalLog, type RunEvent } from '@wfm/workflow-engine/events';
import type { InteractionAnswer, InteractionRequest, Plan, WorkflowResponse } from '@wfm/workflow-engine/models';
import {
  answerFor,
  applyEdit,
  editQuestion,
  generatedEdit,
  generatedQuestionEdit,
  generatedQuestions,
  generatedWorkflow,
  runs,
} from '@wfm/workflow-engine/testing';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createServerRig, origin, type ServerRig } from '../../testing/server-rig.ts';

/** The server at a port of its own, over a SQLite file: what it does is read from the file, what it is told goes over HTTP. */
let rig: ServerRig;
let url: string;

beforeAll(async () => {
  rig = await createServerRig();
  url = await rig.app.listen({ host: '127.0.0.1', port: 0 });
});
afterAll(() => rig.close());

async function post<T = WorkflowResponse>(path: string, body: object): Promise<{ status: number; body: T }> {
  const reply = await fetch(`${url}${path}`, {
    method: 'POST',
    headers: { cookie: `${sessionCookie}=${rig.alice.tokens.access}`, origin, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  return { status: reply.status, body: (await reply.json()) as T };
}

async function done(path: string, body: object): Promise<WorkflowResponse> {
  const { status, body: answer } = await post(path, body);
  if (status !== 200) throw new Error(`${path} answered ${status}: ${JSON.stringify(answer)}`);
  return answer;
}

const lineOf = (runId: string, branchId: string): Promise<RunEvent[]> =>
  rig.database.runs.readLine({ runId, branchId, afterSeq: -1 });
const hashOf = (events: RunEvent[]): string =>
  createHash('sha256').update(canonicalLog(events).join('\n')).digest('hex');

/** Any answer that the question takes. */
function anyAnswer(request: InteractionRequest, value: number): InteractionAnswer {
  if (request.interaction_type === 'text_input' && request.validation)
    return { value: request.validation.pattern === '[0-9]' ? '7' : 'some text' };
  if (request.interaction_type === 'review_grouped') return { value: 'accepted' };
  if (request.interaction_type === 'form_input') return { form_data: request.form_defaults.map(() => ({})) };
  if (request.interaction_type !== 'select_from_structured') return answerFor(request, { kind: 'answer', value });
  const { data, multi_select: several, min_selections: least } = request;
  const paths = Array.isArray(data)
    ? data.map((_item, index) => [index])
    : Object.entries(data as object).flatMap(([key, items]: [string, unknown]) =>
        Array.isArray(items) ? items.map((_item, index) => [key, index]) : [[key]],
      );
  const first = value % paths.length;
  const chosen = [...paths.slice(first), ...paths.slice(0, first)].slice(0, several ? Math.max(1, least) : 1);
  return { selected_indices: chosen };
}

/** Answers up to `most` questions; a question whose rules nobody can satisfy stays open. */
async function answerAll(from: WorkflowResponse, value: number, most = 100): Promise<WorkflowResponse> {
  let response = from;
  for (let answered = 0; response.interaction_request && answered < most; answered += 1) {
    const request = response.interaction_request;
    const next = await done('/workflow/respond', {
      workflow_run_id: response.workflow_run_id,
      interaction_id: request.interaction_id,
      response: anyAnswer(request, value),
    });
    if (next.status === 'validation_failed') return response;
    response = next;
  }
  return response;
}

/** What the log says became of each module, in a plan's words. */
function fatesOf(events: RunEvent[], inherited: number): Map<string, string> {
  const fates = new Map<string, string>();
  const questions = new Set<string>();
  for (const event of events) {
    const path = `${event.step_id}/${event.module_name}`;
    if (event.type === 'interaction_requested') {
      questions.add(path);
      fates.set(path, `asked_again ${(event.seq > inherited && event.data.reason) || 'no_record'}`);
    }
    if (event.type === 'module_error') fates.set(path, 'executed');
    if (event.type !== 'module_completed') continue;
    const { kind, reason } = event.data.origin;
    if (event.seq > inherited) fates.set(path, `${kind} ${reason}`);
    else fates.set(path, questions.has(path) ? 'answer_reapplied question_unchanged' : 'reused inputs_unchanged');
  }
  return fates;
}

const scenario = fc.oneof(
  fc
    .record({ workflow: generatedWorkflow(2).map(({ workflow }) => workflow), edit: generatedEdit })
    .map(({ workflow, edit }) => ({ before: workflow, after: applyEdit(workflow, edit) })),
  fc.record({ workflow: generatedQuestions, edit: generatedQuestionEdit }).map(({ workflow, edit }) => ({
    before: workflow,
    after: editQuestion(workflow, edit),
  })),
);

describe('10.7 runs that move to another version in production', () => {
  test('do what their plan said, leave their line as it was, and finish there on its own version', async () => {
    const seen = { plans: 0, moved: 0, foretold: 0, finished: 0 };
    await fc.assert(
      fc.asyncProperty(scenario, fc.nat({ max: 3 }), fc.nat({ max: 8 }), async ({ before, after }, value, most) => {
        const started = await done('/workflow/start', {
          project_name: `upgrade ${seen.plans}`,
          workflow_content: before,
          confirm: true,
          force_new: true,
        });
        const at = await answerAll(started, value, most);
        const runId = at.workflow_run_id ?? '';
        const branch = at.branch_id ?? '';
        const line = await lineOf(runId, branch);
        const versionId = line.at(-1)?.version_id;
        const { status, body: shown } = await post(`/workflow/${runId}/resume`, { workflow_content: after });
        const { plan, new_version_id: newVersionId } = (shown.result ?? {}) as { plan?: Plan; new_version_id?: string };
        // The very same version: there is nothing to plan.
        if (!plan) {
          expect([200, 409]).toContain(status);
          return;
        }
        seen.plans += 1;
        expect(await lineOf(runId, branch)).toEqual(line);

        const upgraded = await done(`/workflow/${runId}/resume/confirm`, {
          workflow_content: after,
          plan_id: plan.plan_id,
        });
        const newBranch = upgraded.branch_id ?? '';
        const newLine = await lineOf(runId, newBranch);
        const fork = newLine.findLast((event) => event.type === 'branch_created');
        const inherited = newBranch === branch ? Number.POSITIVE_INFINITY : (fork?.seq ?? 0);
        const fates = fatesOf(newLine, inherited);
        for (const { step_id: stepId, module_name: name, action, reason } of plan.modules) {
          if (reason === 'depends_on_unknown') continue;
          seen.foretold += 1;
          const fate = fates.get(`${stepId}/${name}`) ?? `not_reached ${reason}`;
          expect([name, fate]).toEqual([name, `${action} ${reason}`]);
        }
        expect(newLine.at(-1)?.version_id).toBe(newVersionId);
        const old = await lineOf(runId, branch);
        if (newBranch === branch) {
          expect(old.slice(0, line.length)).toEqual(line);
          return;
        }
        seen.moved += 1;
        expect(hashOf(old)).toBe(hashOf(line));
        await answerAll(upgraded, value);
        expect(hashOf(await lineOf(runId, branch))).toBe(hashOf(line));

        const back = await done(`/workflow/${runId}/branches/${branch}/switch`, {});
        const finished = await answerAll(back, value);
        expect(finished).toMatchObject({ status: 'completed', branch_id: branch });
        const whole = await lineOf(runId, branch);
        expect(whole.slice(0, line.length)).toEqual(line);
        expect(new Set(whole.map((event) => event.version_id))).toEqual(new Set([versionId]));
        seen.finished += 1;
      }),
      { numRuns: runs(60, 900) },
    );
    expect(rig.faults).toEqual([]);
    // About half of the edits leave something to plan: nightly that is three hundred plans and more.
    expect(seen.plans).toBeGreaterThan(runs(15, 300));
    expect(Math.min(seen.moved, seen.foretold, seen.finished)).toBeGreaterThan(10);
  });
});
