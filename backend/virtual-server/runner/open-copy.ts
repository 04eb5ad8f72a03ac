import { projectionOf } from '@wfm/workflow-engine';
import { WfmError } from '@wfm/workflow-engine/errors';
import { isJsonObject } from '@wfm/workflow-engine/models';
import { eventId, planOf } from './plan.ts';
import type { OpenJob, OpenResult } from './preview-host.ts';
import { type HostOptions, PreviewSession } from './preview-session.ts';

/**
 * Turns a copied production run into a preview (format.md 22): folds its line, so that the run's row says what it was at
 * the point of the copy, and tells what it holds. Throws the refusals of a snapshot.
 */
export async function openCopy(options: HostOptions, { userId, snapshot }: OpenJob): Promise<OpenResult> {
  const { session } = await PreviewSession.open(options.storage, snapshot, { ...options, userId });
  const { database, opened, processor } = session;
  const found = await session.load();
  const { version, state, identity } = found;
  const runId = found.row.workflow_run_id;
  const definition = await database.definitions.readDefinition({ versionId: state.versionId });
  if (!opened || !isJsonObject(definition))
    throw new WfmError('snapshot_malformed', 'The copy of the run is not whole.');
  // An opened run needs no name: it is nobody's active one here.
  const { active_name: _name, ...projection } = projectionOf(state, version, {
    now: options.clock.now(),
    timezone: identity.timezone,
  });
  await database.runs.append({
    runId,
    branchId: state.branchId,
    expectedSeq: state.lastSeq,
    events: [],
    projection: { ...projection, active_name: 'release' },
  });
  const run = await session.load();
  const response = await processor.status({ runId, userId });
  const line = await session.line(run);
  return {
    runId,
    response,
    state: await session.stateTree(run),
    mock: session.isMock(run),
    plan: planOf({ version, line, before: new Set(line.map(eventId)), sampled: new Map(), status: response.status }),
    gzip: await session.export(runId, null, options.engine),
    definition,
    branches: await database.runs.branches({ runId }),
    opened: { branch_id: opened.branch_id, seq: opened.seq },
  };
}
