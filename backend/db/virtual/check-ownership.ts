import { WfmError } from '@wfm/workflow-engine/errors';
import type { StoreRows } from '@wfm/workflow-engine/ports/memory';

/**
 * What is right for one user's preview alone: every row is that user's, the run is there with its definition, and its
 * log begins with its creation. A signature says who made a snapshot; this says that importing one, whoever signed it,
 * reaches nobody else. The rows must have been imported, and so checked, before. Throws `snapshot_malformed`.
 */
export function checkOwnership(stores: Partial<StoreRows>, { userId, runId }: { userId: string; runId: string }): void {
  const {
    runs = [],
    templates = [],
    keywords = [],
    usage = [],
    definitions = [],
    events = [],
    branches = [],
    generations = [],
  } = stores;
  expect(
    runs.some((run) => run.workflow_run_id === runId),
    'its run is missing',
  );
  for (const run of runs) expect(run.user_id === userId, 'a run belongs to another user');
  for (const row of templates) expect(row.owner_id === userId, 'a template belongs to another user');
  for (const row of keywords) expect(row.user_id === userId, 'a keyword belongs to another user');
  for (const row of generations) expect(row.user_id === userId, 'a record of media belongs to another user');
  for (const row of usage) expect(row.user_id === userId, 'a choice belongs to another user');
  const versions = new Set(definitions.map((row) => row.version_id));
  for (const run of runs) expect(versions.has(run.version_id), 'the definition of a run is missing');
  for (const event of events) {
    expect((event.seq === 0) === (event.type === 'workflow_created'), 'a log does not begin with its creation');
  }
  for (const branch of branches) expect(branch.last_seq >= 0, 'a log is empty');
}

function expect(holds: boolean, fault: string): void {
  if (holds) return;
  throw new WfmError('snapshot_malformed', `The snapshot cannot be used: ${fault}.`, {
    params: { fault },
    place: 'virtual_db',
  });
}
