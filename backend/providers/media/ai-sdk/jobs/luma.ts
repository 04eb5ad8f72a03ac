import { z } from 'zod';
import { objectForRecord } from '../../support/for-record.ts';
import { callVendor } from '../../support/vendor-call.ts';
import type { JobApi } from '../vendor.ts';
import { jobIdSchema, readReply, textOf } from './job-id.ts';

const generation = z.looseObject({
  state: z.enum(['queued', 'dreaming', 'completed', 'failed']),
  failure_reason: z.string().nullish(),
  assets: z.looseObject({ image: z.string().nullish() }).nullish(),
});

const isOver = ({ state }: z.infer<typeof generation>) => state === 'completed' || state === 'failed';

/** Luma's generations (docs.lumalabs.ai, read 2026-11-22). There is no cancelling of one that runs. */
export const lumaJobs: JobApi = {
  begun: (reply, _model, fault) => ({ id: readReply(z.looseObject({ id: jobIdSchema }), reply, fault).id }),
  look: async (job, site, context) => {
    const path = `/dream-machine/v1/generations/${textOf(job, 'id')}`;
    const found = await callVendor(site, { method: 'GET', path, keep: isOver }, generation, context);
    const { state, failure_reason, assets } = found;
    if (state === 'queued') return { state: 'pending', progress: { phase: 'queued' } };
    if (state === 'dreaming') return { state: 'pending', progress: { phase: 'running' } };
    if (state === 'failed') return { state: 'failed', message: failure_reason ?? '' };
    const url = assets?.image;
    return {
      state: 'done',
      files: url === undefined || url === null ? [] : [{ url }],
      response: objectForRecord({ state, assets }, []),
    };
  },
};
