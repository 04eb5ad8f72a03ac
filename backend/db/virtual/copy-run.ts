import { WfmError } from '@wfm/workflow-engine/errors';
import type { RunEvent, ValueRef } from '@wfm/workflow-engine/events';
import { type BranchRow, type Database, type RunRow, runNotFoundError } from '@wfm/workflow-engine/ports';
import { emptyRows, type StoreRows } from '@wfm/workflow-engine/ports/memory';
import { isKept, type OpenPoint, pointAt } from './kept-lines.ts';
import { SnapshotRoom } from './snapshot-room.ts';

/** What is read of a production database; nothing in it is written. */
export type RunSource = Pick<Database, 'runs' | 'definitions' | 'content' | 'files' | 'keywords' | 'media' | 'usage'>;

export interface RunToOpen {
  runId: string;
  /** Whoever asks; another's run is a missing one. */
  userId: string;
  /** Last event to take of the current line; all of it by default. */
  upToSeq?: number | undefined;
}

const PAGE = 500;

/**
 * A run as the rows of a preview (format.md 22): its lines as they stood at a point of the current one, with large
 * values, files, records of media, child runs, keywords and usage. Branches made by leaving the line after the point
 * stay behind, and so do calls, which nothing in a preview reads. Throws `run_not_found`, `request_invalid` for a point past the line's end, and
 * `snapshot_too_large`, naming the largest value, as soon as more was read than a preview may hold.
 */
export async function copyRun(
  source: RunSource,
  { runId, userId, upToSeq }: RunToOpen,
): Promise<{ rows: StoreRows; point: OpenPoint }> {
  const row = await source.runs.find({ runId });
  if (row?.user_id !== userId || row.parent_run_id !== null) throw runNotFoundError(runId);
  if (upToSeq !== undefined && upToSeq > row.last_seq) {
    throw new WfmError('request_invalid', `The run's current line ends with event ${row.last_seq}.`, {
      params: { up_to_seq: upToSeq, last_seq: row.last_seq },
      place: 'up_to_seq',
    });
  }
  const copy = new RunCopy(source);
  const branches = await source.runs.branches({ runId });
  const point = pointAt(branches, row.current_branch_id, upToSeq ?? row.last_seq);
  await copy.addRun(row, branches, point);
  for (const childId of copy.childIds()) await copy.addChild(childId, row);
  await copy.addValues();
  await copy.addFiles(runId);
  await copy.addMedia(runId, upToSeq === undefined ? null : copy.timeOf(point));
  await copy.addMemory(row);
  await copy.addDefinitions();
  return { rows: copy.rows, point };
}

class RunCopy {
  readonly rows: StoreRows = emptyRows();
  readonly #source: RunSource;
  readonly #room = new SnapshotRoom(this.rows);

  constructor(source: RunSource) {
    this.#source = source;
  }

  async addRun(row: RunRow, branches: readonly BranchRow[], point: OpenPoint): Promise<void> {
    const runId = row.workflow_run_id;
    const kept = new Set<string>();
    const lastVersion = new Map<string, string>();
    for (const branch of branches) {
      const { branch_id: branchId, fork_seq: forkSeq } = branch;
      const lastSeq = branchId === point.branchId ? point.seq : branch.last_seq;
      const [created] = await this.#source.runs.readLine({ runId, branchId, afterSeq: forkSeq, limit: 1 });
      if (!isKept(branch, point, kept, created)) continue;
      kept.add(branchId);
      this.rows.branches.push({ ...branch, last_seq: lastSeq });
      for await (const event of this.#ownEvents(runId, branchId, forkSeq, lastSeq)) {
        this.#room.take(JSON.stringify(event).length);
        this.rows.events.push(event);
        lastVersion.set(branchId, event.version_id);
      }
    }
    const { executor: _executor, ...rest } = row;
    this.rows.runs.push({
      ...rest,
      version_id: lastVersion.get(point.branchId) ?? row.version_id,
      current_branch_id: point.branchId,
      last_seq: point.seq,
      idempotency_key: null,
    });
  }

  async *#ownEvents(runId: string, branchId: string, forkSeq: number, lastSeq: number): AsyncGenerator<RunEvent> {
    for (let afterSeq = forkSeq; afterSeq < lastSeq; ) {
      const events = await this.#source.runs.readLine({ runId, branchId, afterSeq, upToSeq: lastSeq, limit: PAGE });
      yield* events;
      const last = events.at(-1);
      if (!last) return;
      afterSeq = last.seq;
    }
  }

  /** Executions that the copied lines tell of. */
  childIds(): string[] {
    return this.rows.events.flatMap((event) => (event.type === 'sub_action_started' ? [event.data.execution_id] : []));
  }

  async addChild(childId: string, parent: RunRow): Promise<void> {
    const child = await this.#source.runs.find({ runId: childId });
    if (child?.parent_run_id !== parent.workflow_run_id || child.user_id !== parent.user_id) return;
    const branches = await this.#source.runs.branches({ runId: childId });
    await this.addRun(child, branches, { branchId: child.current_branch_id, seq: child.last_seq });
  }

  async addValues(): Promise<void> {
    const taken = new Set<string>();
    for (const event of this.rows.events) {
      for (const [field, value] of Object.entries(event.data)) {
        if (!field.endsWith('_ref') || taken.has(`${event.workflow_run_id} ${(value as ValueRef).sha256}`)) continue;
        const { sha256, bytes } = value as ValueRef;
        taken.add(`${event.workflow_run_id} ${sha256}`);
        const where = `${event.step_id ?? ''}/${event.module_name ?? ''}`;
        this.#room.take(bytes, `${field.slice(0, -'_ref'.length)} of ${where}`);
        const json = await this.#source.content.getValue({ runId: event.workflow_run_id, sha256 });
        if (json !== null) this.rows.values.push({ workflow_run_id: event.workflow_run_id, sha256, json });
      }
    }
  }

  /**
   * Files of modules whose outcome or question the copied lines hold. A module that is cut off before them writes its file
   * anew.
   */
  async addFiles(runId: string): Promise<void> {
    const told = this.rows.events.filter((event) => event.type !== 'module_started');
    const known = new Set(told.map((event) => JSON.stringify([event.branch_id, event.step_id, event.module_name])));
    for (const file of await this.#source.files.list({ runId })) {
      if (!known.has(JSON.stringify([file.branch_id, file.step_id, file.module_name]))) continue;
      // Base64 takes four bytes for three.
      this.#room.take(Math.ceil(file.bytes / 3) * 4, `file ${file.filename}`);
      const found = await this.#source.files.read({ runId, fileId: file.file_id });
      if (!found) continue;
      const data = Buffer.from(found.data).toString('base64');
      this.rows.files.push({ ...file, key: `opened:${file.file_id}`, data });
    }
  }

  /** When the event at a point was written. */
  timeOf(point: OpenPoint): string | null {
    const at = this.rows.events.find((event) => event.branch_id === point.branchId && event.seq === point.seq);
    return at?.time ?? null;
  }

  /**
   * Records of what was generated on the copied branches, up to a time where one is given; the bytes stay where the
   * production server serves them.
   */
  async addMedia(runId: string, until: string | null): Promise<void> {
    const kept = new Set(this.rows.branches.map((branch) => branch.branch_id));
    let cursor: string | undefined;
    do {
      const page = await this.#source.media.list({ runId, limit: PAGE, ...(cursor === undefined ? {} : { cursor }) });
      for (const { generation, contents } of page.items) {
        if (!kept.has(generation.branch_id) || (until !== null && generation.created_at > until)) continue;
        this.#room.take(
          JSON.stringify([generation, contents]).length,
          `what ${generation.provider} was asked and answered`,
        );
        this.rows.generations.push(generation);
        this.rows.contents.push(...contents);
      }
      cursor = page.next_cursor ?? undefined;
    } while (cursor !== undefined);
  }

  /** What is remembered across runs and a module of this one may read: keywords, and when items were last chosen. */
  async addMemory({ workflow_run_id: runId, user_id, template_id }: RunRow): Promise<void> {
    // A run without a template remembers for itself alone, under this name (format.md 14.7, 16).
    const own = { user_id, template_id: template_id ?? `run:${runId}` };
    const scope = { userId: user_id, templateId: own.template_id };
    for (const keyword of await this.#source.keywords.load({ scope })) {
      this.#room.take(JSON.stringify(keyword).length);
      this.rows.keywords.push({ ...own, ...keyword });
    }
    for (const { stepId, moduleName, key, at } of await this.#source.usage.ofTemplate(scope)) {
      this.#room.take(key.length + stepId.length + moduleName.length + at.length);
      this.rows.usage.push({ ...own, step_id: stepId, module_name: moduleName, key, used_at: at });
    }
  }

  /** Those with which a copied line ends: by them it goes on. */
  async addDefinitions(): Promise<void> {
    const heads = new Map(this.rows.events.map((event) => [event.branch_id, event.version_id]));
    for (const versionId of new Set(heads.values())) {
      const definition = await this.#source.definitions.readDefinition({ versionId });
      if (definition === null) continue;
      this.#room.take(JSON.stringify(definition).length);
      this.rows.definitions.push({ version_id: versionId, definition });
    }
  }
}
