import { isJsonObject } from '@wfm/workflow-engine/models';
import type { MediaRequest } from './generation-types.ts';

/** Actions that begin with a picture (format.md 15.5). */
const fromPicture = new Set(['img2vid', 'img2img']);

/** The picture that a question of the run `place` begins with, where the page can show it; undefined where there is none. */
export function sourcePicture(request: MediaRequest, place: string): { url: string } | undefined {
  if (!fromPicture.has(request.action_type)) return undefined;
  const source = isJsonObject(request.data) ? request.data._source_image : undefined;
  if (isJsonObject(source) && typeof source.url === 'string') return { url: source.url };
  const given = isJsonObject(source) ? (source.local_path ?? source.content_id) : source;
  if (typeof given !== 'string') return undefined;
  if (given.startsWith('data:image/')) return { url: given };
  const id = /^(?:media:)?([\w-]+)(?:\.\w+)?$/.exec(given)?.[1];
  return id === undefined ? undefined : { url: `/workflow/${place}/media/${id}` };
}
