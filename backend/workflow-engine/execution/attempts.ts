import type { BranchRow } from '../ports/run-store.ts';
import type { LoadedRun } from './commands.ts';
import type { WorkflowProcessor } from './processor.ts';
import { interactionRecord, type InteractionRecord } from './reads.ts';
import type { QuestionRecord, RunState } from './run-state.ts';

/** Tries that are looked up, the newest; each is the fold of a line. */
const MOST = 20;

/** An earlier try at a question, with what was said when it was asked for once more. */
export interface AttemptRecord extends InteractionRecord {
  feedback: string | null;
  groups: string[] | null;
}

/**
 * Earlier tries at a question: those that a retry has left, along the branches that lead to it (format.md 10.5, 12.4).
 * Oldest first; null when the current line has no such question.
 */
export async function attemptsOf(
  processor: WorkflowProcessor,
  run: LoadedRun,
  interactionId: string,
): Promise<AttemptRecord[] | null> {
  let question = run.state.questions.get(interactionId);
  if (!question) return null;
  const { workflow_run_id: runId } = run.row;
  const rows = await processor.options.database.runs.branches({ runId });
  const byId = new Map(rows.map((row) => [row.branch_id, row]));
  const attempts: AttemptRecord[] = [];
  let state: RunState = run.state;
  let branch: BranchRow | undefined = byId.get(state.branchId);
  while (branch && attempts.length < MOST) {
    const parent: BranchRow | undefined = byId.get(branch.parent_branch_id ?? '');
    if (!parent) break;
    const line: RunState = await processor.loader.load(runId, parent.branch_id, parent.last_seq);
    // A fork after the question shares it: then the try before it lies further up.
    if (branch.fork_seq < question.requestedSeq) {
      const before: QuestionRecord | undefined = branch.kind === 'retry' ? latest(line, question, branch) : undefined;
      if (!before) break;
      const record = await interactionRecord(processor, { ...run, state: line }, before.interactionId);
      const { feedback = null, groups = null } = state.fork ?? {};
      // On its own line, which may be gone back to, the question stands open.
      if (record) attempts.unshift({ ...record, status: 'left', feedback, groups });
      question = before;
    }
    state = line;
    branch = parent;
  }
  return attempts;
}

/** The last question of the same module that the line asked after the fork. */
function latest(line: RunState, { key }: QuestionRecord, { fork_seq: forkSeq }: BranchRow): QuestionRecord | undefined {
  return [...line.questions.values()]
    .filter((other) => other.key === key && other.requestedSeq > forkSeq)
    .reduce<QuestionRecord | undefined>(
      (last, other) => (last && last.requestedSeq > other.requestedSeq ? last : other),
      undefined,
    );
}
