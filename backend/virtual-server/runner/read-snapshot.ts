import {
  compareBranches,
  generationsOf,
  interactionHistory,
  interactionRecord,
  type LoadedRun,
} from '@wfm/workflow-engine';
import { WfmError } from '@wfm/workflow-engine/errors';
import { mockMediaBytes } from '@wfm/workflow-engine/mock';
import { contentUrl, type JsonObject } from '@wfm/workflow-engine/models';
import type { ReadAnswers, ReadJob, ReadQuery } from './preview-host.ts';
import { type HostOptions, PreviewSession } from './preview-session.ts';

/** Answers one query on a snapshot. Throws the refusals of the snapshot, `file_not_found` and `interaction_not_found`. */
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
    case 'compare': {
      const { a, b } = query;
      return compareBranches(session.processor, { userId: run.row.user_id, runId, a, b });
    }
    case 'generations':
      return generationsIn(session, run, query.interactionId);
    case 'file': {
      const found = await session.database.files.read({ runId, fileId: query.fileId });
      const mock = found ? null : await mockFile(session, runId, query.fileId);
      if (mock) return mock;
      if (!found) {
        const params = { file_id: query.fileId };
        throw new WfmError('file_not_found', 'There is no such file in this preview.', { params });
      }
      const { filename, content_type: contentType } = found.file;
      return { filename, contentType, data: found.data };
    }
  }
}

/** Generations of a question, with addresses where their mocks are served. */
async function generationsIn(session: PreviewSession, run: LoadedRun, interactionId: string): Promise<JsonObject> {
  const record = await interactionRecord(session.processor, run, interactionId);
  if (!record) {
    const params = { interaction_id: interactionId };
    throw new WfmError('interaction_not_found', 'There is no such question on the current branch.', { params });
  }
  return generationsOf(interactionId, {
    rootRunId: run.row.workflow_run_id,
    branchId: run.state.branchId,
    stepId: record.step_id,
    moduleName: record.module_name,
    ports: { media: session.database.media, mediaHost: { urlOf: session.urlOf, mock: true } },
  });
}

/** The bytes of a mock, made anew from its record; null for what is no content. Throws for one that production keeps. */
async function mockFile(
  session: PreviewSession,
  runId: string,
  contentId: string,
): Promise<ReadAnswers['file'] | null> {
  const { media } = session.database;
  const content = await media.content({ runId, contentId });
  const found = content && (await media.find({ metadataId: content.metadata_id }));
  if (!content || !found) return null;
  if (!content.mock) {
    throw new WfmError(
      'file_not_found',
      'A preview holds no bytes of media that were really made. The run itself has them.',
      {
        params: { file_id: contentId, url: contentUrl(content) },
      },
    );
  }
  const { data, mime, extension } = mockMediaBytes(content, found.generation);
  return {
    filename: `${found.generation.provider}-${content.index + 1}.${extension}`,
    contentType: 'binary',
    mime,
    data,
  };
}
