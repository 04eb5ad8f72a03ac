import type { Experimental_DownloadFunction as DownloadFunction } from 'ai';
import { WfmError } from '@wfm/workflow-engine/errors';
import { limits } from '@wfm/workflow-engine/models';
import type { HttpClient } from '@wfm/workflow-engine/ports';

const downloadMs = 30_000;

/**
 * How the AI SDK gets a picture whose vendor takes no addresses: through the client that keeps private networks out
 * (security.md S6), capped. A vendor that takes addresses fetches it itself. Throws `image_refused` { reason }.
 */
export function imageDownloader(http: HttpClient, signal: AbortSignal): DownloadFunction {
  return (wanted) =>
    Promise.all(
      wanted.map(async ({ url, isUrlSupportedByModel }) => {
        if (isUrlSupportedByModel) return null;
        const reply = await http.fetch({
          url: url.href,
          method: 'GET',
          headers: { accept: 'image/*' },
          timeoutMs: downloadMs,
          maxBytes: limits.replyBytes,
          signal,
        });
        const mediaType = (reply.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
        if (reply.status < 200 || reply.status > 299 || !mediaType.startsWith('image/'))
          throw notAnImage(url, reply.status);
        return { data: reply.body, mediaType };
      }),
    );
}

function notAnImage(url: URL, status: number): WfmError {
  return new WfmError('image_refused', `The address at ${url.host} did not answer with a picture (status ${status}).`, {
    params: { host: url.host, reason: 'not_an_image', status },
  });
}
