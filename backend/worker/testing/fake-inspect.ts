import { WfmError } from '@wfm/workflow-engine/errors';
import type { MediaActorParts } from '../actors/media-parts.ts';

/** The first bytes of a file that counts as a picture here. */
export const PICTURE = 'PICTURE ';

/** Tells files by their first bytes; a crop gives a picture that says what was cut. */
export const fakeInspect: MediaActorParts['inspect'] = {
  async inspect({ size, read }) {
    const head = Buffer.from(await read(0, Math.min(size, PICTURE.length))).toString();
    if (head === PICTURE)
      return { kind: 'image', mime: 'image/png', extension: 'png', width: 4, height: 3, durationMs: null };
    if (head.startsWith('VIDEO'))
      return { kind: 'video', mime: 'video/mp4', extension: 'mp4', width: 4, height: 3, durationMs: 1000 };
    throw new WfmError('provider_failed', 'The file is of no known kind.', { params: { reason: 'content_type' } });
  },
  crop: async (picture, { x, y, width, height }) => ({
    data: Buffer.from(`${Buffer.from(picture).toString()} cut at ${x},${y} ${width}x${height}`),
    mime: 'image/png',
    width,
    height,
  }),
};
