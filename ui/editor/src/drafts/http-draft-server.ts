import { dataOf, productionApi } from '@wfm/shared/core';
import type { DraftServer, StoredDraft } from './draft-server.ts';

const path = '/workflow-templates/{template}';

/** A draft as the server answers it (api.md, Draft). */
type DraftBody = Awaited<ReturnType<typeof loadBody>>;

async function loadBody(template: string, signal?: AbortSignal) {
  return dataOf(productionApi().GET(`${path}/draft`, { params: { path: { template } }, signal: signal ?? null }));
}

/** The drafts of the production server, for one workflow. Everything throws `ApiError`. */
export function httpDraftServer(template: string): DraftServer {
  const params = { path: { template } };
  return {
    async load(signal) {
      return draftOf(await loadBody(template, signal));
    },
    async save(revision, { entryPoint, put, remove, sourceBuffer, preview }) {
      const saved = await dataOf(
        productionApi().PATCH(`${path}/draft`, {
          params,
          headers: { 'if-match': `"${revision}"` },
          body: {
            entry_point: entryPoint,
            put,
            delete: [...remove],
            source_buffer: sourceBuffer,
            preview: preview ?? null,
          },
        }),
      );
      return saved.revision;
    },
    async checkpoint(label, { entryPoint, files, preview }) {
      const draft = { entry_point: entryPoint, files, preview: preview ?? null };
      await productionApi().POST(`${path}/checkpoints`, { params, body: { label, draft } });
    },
  };
}

function draftOf(body: DraftBody): StoredDraft {
  return {
    entryPoint: body.entry_point,
    files: body.files,
    sourceBuffer: body.source_buffer,
    preview: body.preview ?? null,
    revision: body.revision,
    baseVersionId: body.base_version_id,
  };
}
