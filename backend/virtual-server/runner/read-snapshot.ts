import { interactionHistory } from '@wfm/workflow-engine';
import { WfmError } from '@wfm/workflow-engine/errors';
import type { ReadAnswers, ReadJob, ReadQuery } from './preview-host.ts';
import { type HostOptions, PreviewSession } from './preview-session.ts';

/** Answers one query on a snapshot. Throws the refusals of the snapshot, and `file_not_found`. */
export async function readSnapshot<Q extends ReadQuery>(
  options: HostOptions,
  job: ReadJob<Q>,
): Promise<ReadAnswers[Q['kind']]> {
  const { session } = await PreviewSession.open(options.storage, job.snapshot, { ...options, userId: job.userId });
  try {
    return (await answer(session, job.query)) as ReadAnswers[Q['kind']];
  } finally {
    session.close();
  }
}

async function answer(session: PreviewSession, query: ReadQuery): Promise<ReadAnswers[ReadQuery['kind']]> {
  const run = await session.load();
  const runId = run.row.workflow_run_id;
  switch (query.kind) {
    case 'state':
      return session.stateTree(run);
    case 'history': {
      const { limit, cursor } = query;
      return interactionHistory(session.processor, run, cursor === undefined ? { limit } : { limit, cursor });
    }
    case 'branches':
      return { branches: await session.database.runs.branches({ runId }), currentBranchId: run.state.branchId };
    case 'file': {
      const found = await session.database.files.read({ runId, fileId: query.fileId });
      if (!found) {
        const params = { file_id: query.fileId };
        throw new WfmError('file_not_found', 'There is no such file in this preview.', { params });
      }
      const { filename, content_type: contentType } = found.file;
      return { filename, contentType, data: found.data };
    }
  }
}
