import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { canonicalJson } from '../../definition/canonical-json.ts';
import type { RunEvent } from '../../events/run-event.ts';
import type { WorkflowResponse } from '../../models/execution.ts';
import type { InteractionAnswer, InteractionRequest } from '../../models/interaction.ts';
import type { JsonObject } from '../../models/json.ts';
import type { EngineRig } from '../../testing/engine-rig.ts';
import { applyEdit, type Edit, generatedEdit } from '../../testing/generated-edit.ts';
import { answerFor, generatedWorkflow, workflowOfSize } from '../../testing/generated-workflow.ts';
import { runs } from '../../testing/runs.ts';
import { memoryRig, reconcile } from './testing/memory-rig.ts';

/** Edits of finished runs against an oracle that runs everything again and compares inputs by value. */

/** What the person means at each question: for a choice the values, wherever they stand, else the answer itself. */
type Meant = { values: unknown[] } | { answer: InteractionAnswer };

function meant(request: InteractionRequest, answer: InteractionAnswer): Meant {
  if (request.interaction_type !== 'select_from_structured') return { answer };
  const data = request.data as unknown[];
  return { values: (answer.selected_indices ?? []).map((index) => data[index as number]) };
}

function answerOf(request: InteractionRequest, known: Meant | undefined, value: number): InteractionAnswer {
  const fallback = answerFor(request, { kind: 'answer', value });
  if (!known) return fallback;
  if ('answer' in known) return known.answer;
  const left = (request.data as unknown[]).map((item) => JSON.stringify(item));
  const indices = known.values.map((item) => {
    const index = left.indexOf(JSON.stringify(item));
    if (index >= 0) left[index] = 'taken';
    return index;
  });
  return indices.includes(-1) ? fallback : { selected_indices: indices };
}

/** Answers questions until the run needs nobody: those that are known by module, others by their first possible answer. */
async function answerAll(
  rig: EngineRig,
  first: WorkflowResponse,
  answers: Map<string, Meant>,
  value: number,
): Promise<WorkflowResponse> {
  let response = first;
  for (let asked = 0; response.interaction_request; asked += 1) {
    if (asked > 300) throw new Error('the run never ends');
    const request = response.interaction_request;
    const { module_name: name } = request.step_context;
    const answer = answerOf(request, answers.get(name), value);
    answers.set(name, meant(request, answer));
    response = await rig.respond(response, answer);
  }
  expect({ status: response.status, error: response.error }).toEqual({ status: 'completed', error: undefined });
  return response;
}

const pathOf = (event: RunEvent): string => `${event.step_id}/${event.module_name}`;
const madeUp = /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|\d{4}-\d{2}-\d{2}T[\d:.]+Z/g;
/** Indices say where a chosen value stands, and of two equal values either may be meant. */
const valuesOf = (state: JsonObject): unknown =>
  JSON.parse(
    JSON.stringify(state, (key, value: unknown) => (key === 'selected_indices' ? undefined : value)).replace(
      madeUp,
      'made up',
    ),
  );

/** All that was done on the lines of a run, but for questions: a module and the inputs that it was given, by event. */
class Work {
  readonly #byEvent = new Map<string, string>();
  readonly #branches = new Set<string>();
  executed: string[] = [];

  /** Reads lines that are new since the last time. `executed`: what really ran on these. */
  add(lines: readonly RunEvent[][]): void {
    this.executed = [];
    const before = new Set(this.#branches);
    for (const line of lines) {
      const given = new Map<string, string>();
      for (const event of line) {
        this.#branches.add(event.branch_id);
        if (event.type === 'module_started' && event.data.kind !== 'interactive')
          given.set(pathOf(event), `${event.data.module_id} ${canonicalJson(event.data.inputs)}`);
        if (event.type !== 'module_completed' || before.has(event.branch_id)) continue;
        const { kind, from } = event.data.origin;
        const work =
          kind === 'reused' && from ? this.#byEvent.get(`${from.branch_id}:${from.seq}`) : given.get(pathOf(event));
        if (work === undefined) continue;
        this.#byEvent.set(`${event.branch_id}:${event.seq}`, work);
        if (kind === 'executed') this.executed.push(work);
      }
    }
  }

  get all(): string[] {
    return [...this.#byEvent.values()];
  }
}

async function linesOf(rig: EngineRig, runId: string): Promise<RunEvent[][]> {
  const { runs: store } = rig.database;
  const branches = await store.branches({ runId });
  return Promise.all(branches.map(({ branch_id: branchId }) => store.readLine({ runId, branchId, afterSeq: -1 })));
}

/** What is in one list and not in the other, each as often as it is there more often. */
function beyond(list: readonly string[], known: readonly string[]): string[] {
  const left = [...known];
  return list.filter((item) => {
    const at = left.indexOf(item);
    if (at >= 0) left.splice(at, 1);
    return at < 0;
  });
}

const tally = { edits: 0, changed: 0, executed: 0, reused: 0, modules: [] as number[], kinds: new Set<string>() };

/** Makes edits one after another, each against a fresh run of the workflow as it then is. */
async function matchesOracle(workflow: JsonObject, edits: readonly Edit[], value: number): Promise<void> {
  const rig = memoryRig();
  const answers = new Map<string, Meant>();
  const work = new Work();
  const first = await answerAll(rig, await rig.start(workflow), answers, value);
  const runId = first.workflow_run_id ?? '';
  work.add(await linesOf(rig, runId));
  tally.modules.push((workflow.steps as { modules: unknown[] }[]).flatMap(({ modules }) => modules).length);
  let edited = workflow;
  for (const edit of edits) {
    const before = { known: work.all, calls: rig.llm.calls.length, lines: (await linesOf(rig, runId)).length };
    const wasEdited = edited;
    // Every second edit that changes nothing is an undo of all.
    const isUndo = edit.kind === 'none' && edit.nth % 2 === 1;
    edited = isUndo ? workflow : applyEdit(edited, edit);
    const after = await answerAll(rig, await reconcile(rig, runId, edited), answers, value);
    const lines = await linesOf(rig, runId);
    work.add(lines);
    const oracle = memoryRig();
    const fresh = await answerAll(oracle, await oracle.start(edited), answers, value);
    const freshWork = new Work();
    freshWork.add(await linesOf(oracle, fresh.workflow_run_id ?? ''));

    const { state } = await rig.processor.load({ runId });
    const { state: freshState } = await oracle.processor.load({ runId: fresh.workflow_run_id ?? '' });
    const touched = new Set([...freshState.modules.values()].map(({ name }) => name));
    const relevant = (flat: JsonObject): unknown =>
      valuesOf(Object.fromEntries(Object.entries(flat).filter(([key]) => touched.has(key) || key.startsWith('k_'))));
    expect(relevant({ ...state.flat })).toEqual(relevant({ ...freshState.flat }));

    // Which inputs were computed with, and were not known before. Nothing stale, nothing needless.
    const expected = beyond(freshWork.all, before.known);
    expect(work.executed.toSorted()).toEqual(expected.toSorted());
    const calls = rig.llm.calls.length - before.calls;
    expect(calls).toBe(expected.filter((item) => item.startsWith('api.llm')).length);
    if (['comment', 'cosmetic', 'none'].includes(edit.kind) && !isUndo) expect([expected, calls]).toEqual([[], 0]);
    if (['comment', 'none'].includes(edit.kind) && !isUndo) expect(lines).toHaveLength(before.lines);
    expect(after.status).toBe('completed');
    for (const line of lines) expect(line.map((event) => event.seq)).toEqual(line.map((_event, index) => index));

    tally.edits += 1;
    tally.kinds.add(edit.kind);
    if (canonicalJson(wasEdited) !== canonicalJson(edited)) tally.changed += 1;
    tally.executed += expected.length;
    tally.reused += freshWork.all.length - expected.length;
  }
}

describe('10.7 reconcile against an oracle that runs everything again', () => {
  it('executes exactly what has no record with the same inputs, and ends in the same state', async () => {
    await fc.assert(
      fc.asyncProperty(
        generatedWorkflow(3),
        fc.array(generatedEdit, { minLength: 1, maxLength: 4 }),
        fc.nat({ max: 3 }),
        async ({ workflow }, edits, value) => matchesOracle(workflow, edits, value),
      ),
      { numRuns: runs(60, 1000) },
    );
  });

  it('and so on workflows of 20 to 200 modules, edit after edit', async () => {
    const before = { ...tally, modules: tally.modules.length };
    await fc.assert(
      fc.asyncProperty(
        workflowOfSize({ min: 20, max: 200 }),
        fc.array(generatedEdit, { minLength: 3, maxLength: 5 }),
        async (workflow, edits) => matchesOracle(workflow, edits, 1),
      ),
      { numRuns: runs(10, 300), endOnFailure: true },
    );
    const sizes = tally.modules.slice(before.modules);
    expect(Math.min(...sizes)).toBeGreaterThanOrEqual(20);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(200);
    expect(Math.max(...sizes)).toBeGreaterThan(runs(60, 190));
    expect(tally.edits - before.edits).toBeGreaterThanOrEqual(runs(30, 1000));
    expect(tally.changed - before.changed).toBeGreaterThan(runs(10, 500));
  }, 1_800_000);

  afterAll(() => {
    const { kinds, modules, ...counts } = tally;
    console.info(`oracle: ${JSON.stringify({ ...counts, kinds: kinds.size, largest: Math.max(...modules) })}`);
  });
});
