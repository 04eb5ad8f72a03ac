import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { versionIdOf } from '../../definition/canonical-json.ts';
import type { EventOf, RunEvent } from '../../events/run-event.ts';
import type { WorkflowResponse } from '../../models/execution.ts';
import type { InteractionAnswer, InteractionRequest } from '../../models/interaction.ts';
import type { JsonObject } from '../../models/json.ts';
import { createMemoryDatabase } from '../../ports/memory/index.ts';
import { createRig, type EngineRig } from '../../testing/engine-rig.ts';
import { generatedQuestions } from '../../testing/generated-questions.ts';
import { editQuestion, generatedQuestionEdit } from '../../testing/question-edits.ts';
import { liveClock } from '../../testing/live-clock.ts';
import { runs } from '../../testing/runs.ts';
import { requestOf } from '../large-values.ts';

/** A question of a line with the answer that it has, as a person would remember both. */
interface Asked {
  path: string;
  moduleId: string;
  inputs: JsonObject | undefined;
  request: InteractionRequest;
  response: JsonObject;
  reason: string | null;
  seq: number;
}

function questionsOf(events: RunEvent[]): Map<string, Asked> {
  const asked = new Map<string, Asked>();
  const inputs = new Map<string, JsonObject | undefined>();
  const open = new Map<string, EventOf<'interaction_requested'>>();
  for (const event of events) {
    const path = `${event.step_id}/${event.module_name}`;
    if (event.type === 'module_started') inputs.set(path, event.data.inputs);
    if (event.type === 'interaction_requested') open.set(path, event);
    const question = open.get(path);
    if (event.type !== 'interaction_response' || !question) continue;
    asked.set(path, {
      path,
      moduleId: question.data.module_id,
      inputs: inputs.get(path),
      request: requestOf(question),
      response: event.data.response,
      reason: event.data.origin.kind === 'answer_reapplied' ? event.data.origin.reason : null,
      seq: event.seq,
    });
  }
  return asked;
}

type Select = Extract<InteractionRequest, { interaction_type: 'select_from_structured' }>;
type Form = Extract<InteractionRequest, { interaction_type: 'form_input' }>;

/** Where each choosable item stands, and what it is: the first level of a list or a map, the second of groups. */
function itemsOf({ data }: Select): { path: unknown[]; within: string; value: unknown }[] {
  if (Array.isArray(data)) return data.map((value: unknown, index) => ({ path: [index], within: '', value }));
  return Object.entries(data as JsonObject).flatMap(([key, value]) =>
    Array.isArray(value)
      ? value.map((item: unknown, index) => ({ path: [key, index], within: key, value: item }))
      : [{ path: [key], within: `=${key}`, value }],
  );
}

function chosenOf(request: Select, response: JsonObject): { within: string; value: unknown }[] {
  const indices = response.selected_indices as unknown[];
  const paths = request.multi_select ? indices.map((entry) => (Array.isArray(entry) ? entry : [entry])) : [indices];
  return itemsOf(request).filter(({ path }) => paths.some((chosen) => isDeepStrictEqual(chosen, path)));
}

/** What the answer says without saying where it stands. */
function meaningOf(request: InteractionRequest, response: JsonObject): unknown {
  if (request.interaction_type !== 'select_from_structured') return response;
  const key = keyOf(request);
  return chosenOf(request, response)
    .map(({ value }) => (key === null ? value : (value as JsonObject)[key]))
    .map((value) => JSON.stringify(value))
    .toSorted();
}

function keyOf({ schema }: Select): string | null {
  return (schema as { ui?: { select?: { key?: string } } }).ui?.select?.key ?? null;
}

/** The oracle: would a careful person who sees both questions say that the old answer still answers the new one? */
function stillAnswers(old: Asked, now: InteractionRequest): boolean {
  if (old.request.interaction_type !== now.interaction_type) return false;
  switch (now.interaction_type) {
    case 'select_from_structured':
      return stillChosen(old.request as Select, old.response, now);
    case 'form_input':
      return stillFilledIn(old.request as Form, old.response, now);
    case 'text_input': {
      const { value } = old.response as { value: string };
      const pattern = now.validation?.pattern;
      return pattern === undefined || new RegExp(`^(?:${pattern})`).test(value);
    }
    default:
      return isDeepStrictEqual([said(old.request), old.request.data], [said(now), now.data]);
  }
}

const said = (request: InteractionRequest): unknown => ('message' in request ? request.message : null);

function stillChosen(before: Select, response: JsonObject, now: Select): boolean {
  if (before.multi_select !== now.multi_select) return false;
  const key = keyOf(now);
  const chosen = chosenOf(before, response);
  const known = itemsOf(now);
  const found = chosen.every(({ within, value }) =>
    known.some(
      (item) =>
        item.within === within &&
        (key === null
          ? isDeepStrictEqual(item.value, value)
          : isDeepStrictEqual((item.value as JsonObject)[key], (value as JsonObject)[key])),
    ),
  );
  const rule = now.rules.validations.find((one) => one.rule === 'min_selections');
  const most = now.max_selections < 0 ? Number.POSITIVE_INFINITY : now.max_selections;
  return found && chosen.length >= Math.max(now.min_selections, rule?.min ?? 0) && chosen.length <= most;
}

function stillFilledIn(before: Form, response: JsonObject, now: Form): boolean {
  const rows = response.form_data as JsonObject[];
  const { properties, required } = now.form_schema as { properties: Record<string, JsonObject>; required: string[] };
  return (now.data as unknown[]).every((item) => {
    const index = (before.data as unknown[]).findIndex((other) => isDeepStrictEqual(other, item));
    const row = rows[index];
    if (!row) return false;
    return Object.entries(properties).every(([name, schema]) => {
      const value = row[name] ?? schema.default;
      if (value === undefined) return !required.includes(name);
      if (typeof value === 'number') return value <= Number(schema.maximum ?? value);
      return !Array.isArray(schema.enum) || schema.enum.includes(value);
    });
  });
}

/** What the person answers when asked; which of the possible answers depends on the number. */
function answerTo(request: InteractionRequest, number: number): InteractionAnswer {
  switch (request.interaction_type) {
    case 'select_from_structured': {
      const items = itemsOf(request).map(({ path }) => path);
      const rule = request.rules.validations.find((one) => one.rule === 'min_selections');
      const count = request.multi_select ? Math.max(request.min_selections, rule?.min ?? 1, 1 + (number % 2)) : 1;
      const most = request.max_selections < 0 ? items.length : request.max_selections;
      return {
        selected_indices: Array.from(
          { length: Math.min(count, most, items.length) },
          (_, index) => items[(number + index) % items.length],
        ),
      };
    }
    case 'form_input':
      return { form_data: (request.data as unknown[]).map((_item, index) => rowFor(request, number + index)) };
    case 'text_input':
      return { value: request.validation?.pattern === '[0-9]' ? `${number}` : `text ${'abc'[number % 3]}` };
    case 'review_grouped':
      return { value: 'accepted' };
    default:
      return {};
  }
}

function rowFor({ form_schema }: Form, number: number): JsonObject {
  const { properties } = form_schema as { properties: Record<string, JsonObject> };
  return Object.fromEntries(
    Object.entries(properties).map(([name, { type, maximum, enum: values }]) => {
      if (type === 'integer') return [name, Math.max(1, Math.min(Number(maximum ?? 12), 1 + ((number * 3) % 9)))];
      return [name, Array.isArray(values) ? (values[number % values.length] as string) : `v${number}`];
    }),
  );
}

/** A person gives up on what cannot be answered: no rule of ours may ask for more than there is. */
const impossible = (request: InteractionRequest): boolean => {
  const rule = request.rules.validations.find((one) => one.rule === 'min_selections');
  if (request.interaction_type === 'form_input') {
    const { properties } = request.form_schema as { properties: Record<string, JsonObject> };
    return Number(properties.servings?.maximum) < 1;
  }
  if (request.interaction_type !== 'select_from_structured' || !rule) return false;
  const most = request.multi_select ? request.max_selections : 1;
  return (rule.min ?? 1) > Math.min(itemsOf(request).length, most < 0 ? Number.POSITIVE_INFINITY : most);
};

interface Session {
  last: WorkflowResponse;
  /** The questions that the person saw, by path, in order. */
  seen: Map<string, InteractionRequest>;
}

async function answerAll(rig: EngineRig, first: WorkflowResponse, number: number): Promise<Session> {
  const seen = new Map<string, InteractionRequest>();
  let last = first;
  while (last.interaction_request && !impossible(last.interaction_request)) {
    const request = last.interaction_request;
    const path = `${request.step_context.step_id}/${request.step_context.module_name}`;
    expect(seen.has(path)).toBe(false);
    seen.set(path, request);
    last = await rig.respond(last, answerTo(request, number + seen.size));
    expect({ errors: last.validation_errors, error: last.error }).toEqual({ errors: [], error: undefined });
  }
  return { last, seen };
}

function pathsOf(workflow: JsonObject): Set<string> {
  const { steps } = workflow as { steps: { step_id: string; modules: { name: string }[] }[] };
  return new Set(steps.flatMap((step) => step.modules.map(({ name }) => `${step.step_id}/${name}`)));
}

/** How many modules of a workflow ask somebody; every one of them is asked once on a line. */
function questionsIn(workflow: JsonObject): number {
  const { steps } = workflow as { steps: { modules: { module_id: string }[] }[] };
  return steps.flatMap(({ modules }) => modules).filter(({ module_id: id }) => id.startsWith('user.')).length;
}

describe('10.7.4 answers under an edited workflow', () => {
  it('stand exactly where a careful person would say so; else the question is asked again with the old answer', async () => {
    const tally = new Map<string, { kept: number; asked: number }>();
    await fc.assert(
      fc.asyncProperty(
        generatedQuestions,
        generatedQuestionEdit,
        fc.nat({ max: 7 }),
        async (workflow, edit, number) => {
          const clock = liveClock();
          const rig = createRig({ database: createMemoryDatabase({ clock }), clock });
          const { last: done } = await answerAll(rig, await rig.start(workflow), number);
          expect(done.status).toBe('completed');
          const runId = done.workflow_run_id ?? '';
          const before = questionsOf(await rig.events(runId));

          const edited = editQuestion(workflow, edit);
          const versionId = versionIdOf(edited);
          await rig.database.definitions.keepDefinition({ versionId, definition: edited });
          const caller = { userId: rig.userId, sessionId: 's', waitMs: 20_000, runId };
          const moved = await rig.processor.reconcile({ ...caller, versionId });
          const { last, seen } = await answerAll(rig, moved, number + 3);
          const after = questionsOf(await rig.events(runId));
          const there = pathsOf(edited);
          const free = [...before.values()].filter(({ path }) => !there.has(path));

          const counts = tally.get(edit.kind) ?? { kept: 0, asked: 0 };
          tally.set(edit.kind, counts);
          for (const [path, now] of after) {
            // A module that stands elsewhere with the very same inputs is the same module.
            const elsewhere = free.find((old) => old.moduleId === now.moduleId && same(old.inputs, now.inputs));
            const old = before.get(path) ?? elsewhere;
            const kept = old !== undefined && stillAnswers(old, now.request);
            counts[kept ? 'kept' : 'asked'] += 1;
            expect([path, edit.kind, seen.has(path) ? 'asked' : 'kept']).toEqual([
              path,
              edit.kind,
              kept ? 'kept' : 'asked',
            ]);
            if (kept) expect(meaningOf(now.request, now.response)).toEqual(meaningUnder(now.request, old));
            else expect(seen.get(path)?.previous_answer).toEqual(before.get(path)?.response);
          }
          expect(last.interaction_request ? 'nobody can answer' : last.status).toBe(
            after.size === questionsIn(edited) ? 'completed' : 'nobody can answer',
          );
        },
      ),
      { numRuns: runs(200, 3000) },
    );
    expect([...tally.values()].reduce((sum, { asked }) => sum + asked, 0)).toBeGreaterThan(20);
    expect([...tally.values()].reduce((sum, { kept }) => sum + kept, 0)).toBeGreaterThan(200);
    if (process.env['WFM_NIGHTLY'] === '1') {
      const decisive = ['option_removed', 'option_reworded', 'more_needed', 'field_narrowed', 'pattern', 'item_added'];
      for (const kind of decisive) expect([kind, Math.min(1, tally.get(kind)?.asked ?? 0)]).toEqual([kind, 1]);
    }
  });
});

const same = (a: unknown, b: unknown): boolean => isDeepStrictEqual(a, b);

/** The old answer in the words of the new question: a choice by its key, rows by their items, new fields as they start. */
function meaningUnder(now: InteractionRequest, old: Asked): unknown {
  if (now.interaction_type === 'select_from_structured') {
    const key = keyOf(now);
    return chosenOf(old.request as Select, old.response)
      .map(({ value }) => JSON.stringify(key === null ? value : (value as JsonObject)[key]))
      .toSorted();
  }
  if (now.interaction_type !== 'form_input') return old.response;
  const items = old.request.data as unknown[];
  const rows = old.response.form_data as JsonObject[];
  return {
    form_data: (now.data as unknown[]).map((item, index) => ({
      ...now.form_defaults[index],
      ...rows[items.findIndex((other) => same(other, item))],
    })),
  };
}
