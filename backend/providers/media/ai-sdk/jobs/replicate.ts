import { z } from 'zod';
import { objectForRecord } from '../../support/for-record.ts';
import { callVendor } from '../../support/vendor-call.ts';
import type { JobApi } from '../vendor.ts';
import { jobIdSchema, readReply, textOf } from './job-id.ts';

const prediction = z.looseObject({
  status: z.enum(['starting', 'processing', 'succeeded', 'failed', 'canceled', 'aborted']),
  output: z.union([z.array(z.string()), z.string()]).nullish(),
  error: z.string().nullish(),
  metrics: z.looseObject({ predict_time: z.number().nullish() }).nullish(),
});

const isOver = ({ status }: z.infer<typeof prediction>) => status !== 'starting' && status !== 'processing';

/**
 * Replicate's predictions (replicate.com/docs/topics/predictions/lifecycle, read 2026-11-22). Addresses in replies are
 * not used: an id is enough, and the key stays with the configured host.
 */
export const replicateJobs: JobApi = {
  begun: (reply, _model, fault) => ({ id: readReply(z.looseObject({ id: jobIdSchema }), reply, fault).id }),
  look: async (job, site, context) => {
    const path = `/predictions/${textOf(job, 'id')}`;
    const found = await callVendor(site, { method: 'GET', path, keep: isOver }, prediction, context);
    const { status, output, error, metrics } = found;
    if (status === 'starting') return { state: 'pending', progress: { phase: 'queued' } };
    if (status === 'processing') return { state: 'pending', progress: { phase: 'running' } };
    if (status !== 'succeeded') return { state: 'failed', message: error ?? `It was ${status}.` };
    const urls = typeof output === 'string' ? [output] : (output ?? []);
    return {
      state: 'done',
      files: urls.map((url) => ({ url })),
      response: objectForRecord({ status, output, metrics }, []),
    };
  },
  cancel: async (job, site, context) => {
    const path = `/predictions/${textOf(job, 'id')}/cancel`;
    const { status } = await callVendor(site, { method: 'POST', path }, prediction, context);
    return status === 'canceled' || status === 'aborted' ? 'cancelled' : 'too_late';
  },
};
