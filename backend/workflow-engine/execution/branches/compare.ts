import type { LineComparison } from '../../models/comparison.ts';
import { branchNotFoundError } from '../../ports/store-rules.ts';
import { readLargeValues } from '../large-values.ts';
import type { WorkflowProcessor } from '../processor.ts';
import { sharedSeq } from '../tail.ts';
import { compareSummaries } from './compare-lines.ts';
import { LineSummary, type SummaryOptions } from './line-summary.ts';

const PAGE = 500;

/** Compares two branches of a run (format.md 9.11). Reads alone. Throws `run_not_found` and `branch_not_found`. */
export async function compareBranches(
  processor: WorkflowProcessor,
  params: { userId: string; runId: string; a: string; b: string },
): Promise<LineComparison> {
  const { runId, a, b } = params;
  await processor.load(params);
  const branches = await processor.options.database.runs.branches({ runId });
  for (const id of [a, b]) if (!branches.some((branch) => branch.branch_id === id)) throw branchNotFoundError(id);
  const options = { commonSeq: sharedSeq(branches, a, b), numberIds: false };
  return compareSummaries(
    await summarise(processor, { runId, branchId: a }, options),
    await summarise(processor, { runId, branchId: b }, options),
    options,
  );
}

/** Compares the current lines of two runs of one user. Reads alone. Throws `run_not_found`. */
export async function compareRuns(
  processor: WorkflowProcessor,
  params: { userId: string; a: string; b: string },
): Promise<LineComparison> {
  const { userId } = params;
  const runA = await processor.load({ userId, runId: params.a });
  const runB = await processor.load({ userId, runId: params.b });
  const [a, b] = [runA, runB].map(({ state }) => ({ runId: state.runId, branchId: state.branchId }));
  if (!a || !b || a.runId === b.runId)
    return compareBranches(processor, { userId, runId: params.a, a: runA.state.branchId, b: runB.state.branchId });
  const options = { commonSeq: -1, numberIds: true };
  return compareSummaries(await summarise(processor, a, options), await summarise(processor, b, options), options);
}

/** Reads a line to its end, a page at a time, and keeps what a comparison needs. */
async function summarise(
  processor: WorkflowProcessor,
  line: { runId: string; branchId: string },
  options: SummaryOptions,
): Promise<LineSummary> {
  const { runs } = processor.options.database;
  const summary = new LineSummary(options);
  for (;;) {
    const events = await runs.readLine({ ...line, afterSeq: summary.lastSeq, limit: PAGE });
    for (const event of events) summary.add(await readLargeValues(processor.options.database.content, event));
    if (events.length < PAGE) return summary;
  }
}
