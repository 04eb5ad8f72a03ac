import type { EventOf, RunEvent } from '../events/run-event.ts';
import type { InteractionRequest } from '../models/interaction.ts';
import type { JsonObject } from '../models/json.ts';
import type { RunFileRow } from '../ports/file-store.ts';
import type { Page } from '../ports/page.ts';
import type { LoadedRun } from './commands.ts';
import { readLargeValues, requestOf } from './large-values.ts';
import type { WorkflowProcessor } from './processor.ts';

/** Views of a run for people and pages; none of them is part of executing it. */

interface TreeNode extends JsonObject {
  _metadata: { node_type: 'steps_container' | 'step' | 'module' | 'event_data' };
}

const node = (type: TreeNode['_metadata']['node_type']): TreeNode => ({ _metadata: { node_type: type } });
const PAGE = 1000;

/** `/state` (format.md 7): the line's events as a tree by step and module, flat state, and the tree of files. */
export async function stateTree(
  processor: WorkflowProcessor,
  run: LoadedRun,
  fileUrl: (file: RunFileRow) => string | null,
): Promise<{ steps: JsonObject; state_mapped: JsonObject; files: JsonObject }> {
  const steps = node('steps_container');
  for await (const event of lineOf(processor, run)) addEvent(steps, event);
  const files = await processor.options.database.files.list({ runId: run.row.workflow_run_id });
  return { steps, state_mapped: { ...run.state.flat }, files: fileTree(files, fileUrl) };
}

/** The line's events in order, large values read back, a page at a time. */
export async function* lineOf(processor: WorkflowProcessor, run: LoadedRun, afterSeq = -1): AsyncGenerator<RunEvent> {
  const { runs } = processor.options.database;
  let after = afterSeq;
  for (;;) {
    const events = await runs.readLine({
      runId: run.row.workflow_run_id,
      branchId: run.state.branchId,
      afterSeq: after,
      limit: PAGE,
    });
    for (const event of events)
      yield event.type === 'branch_created' ? event : (await processor.loader.hydrate(event)).event;
    const last = events.at(-1);
    if (!last || events.length < PAGE) return;
    after = last.seq;
  }
}

function addEvent(steps: TreeNode, event: RunEvent): void {
  if (event.step_id === undefined || event.module_name === undefined) return;
  const step = child(steps, event.step_id, 'step');
  const module = child(step, event.module_name, 'module');
  let key: string = event.type;
  for (let count = 1; Object.hasOwn(module, key); count += 1) key = `${event.type}.${count}`;
  module[key] = { ...event.data, seq: event.seq, time: event.time, _metadata: { node_type: 'event_data' } };
}

function child(parent: TreeNode, key: string, type: 'step' | 'module'): TreeNode {
  if (Object.hasOwn(parent, key)) return parent[key] as TreeNode;
  const made = node(type);
  parent[key] = made;
  return made;
}

export interface FileNode {
  _meta: {
    display_name: string;
    icon: string;
    leaf?: boolean;
    content_type?: string;
    content_url?: string;
    download_url?: string;
  };
  children?: Record<string, FileNode>;
}

/** Category → step → group, where a step has several → file (format.md 7). */
export function fileTree(files: readonly RunFileRow[], fileUrl: (file: RunFileRow) => string | null): JsonObject {
  const root = newFolder();
  for (const file of files) {
    const step = folder(folder(root, file.category), file.step_id);
    const place = file.group === null ? step : folder(step, file.group);
    const url = fileUrl(file);
    const leaf: FileNode = {
      _meta: { display_name: file.filename, icon: file.content_type, leaf: true, content_type: file.content_type },
    };
    if (url !== null) Object.assign(leaf._meta, { content_url: url, download_url: `${url}?download=1` });
    place[file.file_id] = leaf;
  }
  return root;
}

/** Groups are named by authors: without a prototype every name is only a name. */
export const newFolder = (): Record<string, FileNode> => Object.create(null) as Record<string, FileNode>;

export function folder(parent: Record<string, FileNode>, name: string): Record<string, FileNode> {
  const made = Object.hasOwn(parent, name) ? parent[name] : undefined;
  if (made?.children) return made.children;
  const children = newFolder();
  parent[name] = { _meta: { display_name: name, icon: 'folder' }, children };
  return children;
}

/** A question of the line with what became of it. */
export interface InteractionRecord {
  interaction_id: string;
  step_id: string;
  module_name: string;
  request: InteractionRequest;
  requested_at: string;
  status: 'open' | 'answered' | 'left' | 'closed';
  response: JsonObject | null;
  action_id: string | null;
  answered_at: string | null;
}

/** Questions of the current line, oldest first, or newest; the cursor is the `seq` of the last one given. */
export async function interactionHistory(
  processor: WorkflowProcessor,
  run: LoadedRun,
  page: { limit: number; cursor?: string; order?: 'asc' | 'desc' },
): Promise<Page<InteractionRecord>> {
  const way = page.order === 'desc' ? -1 : 1;
  const after = page.cursor === undefined ? null : Number(page.cursor);
  const rest = [...run.state.questions.values()]
    .filter(({ requestedSeq }) => after === null || (requestedSeq - after) * way > 0)
    .sort((a, b) => (a.requestedSeq - b.requestedSeq) * way);
  const chosen = rest.slice(0, page.limit);
  const items = await Promise.all(chosen.map((question) => interactionRecord(processor, run, question.interactionId)));
  const last = chosen.at(-1);
  return {
    items: items.filter((item) => item !== null),
    next_cursor: rest.length > chosen.length && last ? String(last.requestedSeq) : null,
  };
}

async function questionOf(
  { options }: WorkflowProcessor,
  requested: EventOf<'interaction_requested'>,
): Promise<InteractionRequest> {
  return requestOf((await readLargeValues(options.database.content, requested)) as typeof requested);
}

/** One question of the current line, or null. */
export async function interactionRecord(
  processor: WorkflowProcessor,
  run: LoadedRun,
  interactionId: string,
): Promise<InteractionRecord | null> {
  const question = run.state.questions.get(interactionId);
  if (!question) return null;
  const at = async (seq: number): Promise<RunEvent | undefined> =>
    (
      await processor.options.database.runs.readLine({
        runId: run.row.workflow_run_id,
        branchId: run.state.branchId,
        afterSeq: seq - 1,
        upToSeq: seq,
      })
    )[0];
  const requested = await at(question.requestedSeq);
  if (requested?.type !== 'interaction_requested') return null;
  const answered = question.answer ? await at(question.answer.seq) : undefined;
  const open = run.state.open?.interactionId === interactionId && run.state.open.response === null;
  return {
    interaction_id: interactionId,
    step_id: requested.step_id ?? '',
    module_name: requested.module_name ?? '',
    request: run.state.open && open ? run.state.open.request : await questionOf(processor, requested),
    requested_at: requested.time,
    status: open ? 'open' : answered?.type === 'interaction_response' ? 'answered' : answered ? 'left' : 'closed',
    response: answered?.type === 'interaction_response' ? answered.data.response : null,
    action_id: answered?.type === 'interaction_response' ? answered.data.action_id : null,
    answered_at: answered?.time ?? null,
  };
}
