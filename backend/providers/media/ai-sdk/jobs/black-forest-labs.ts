import { z } from 'zod';
import { objectForRecord } from '../../support/for-record.ts';
import { callVendor } from '../../support/vendor-call.ts';
import { malformedFault } from '../../support/vendor-fault.ts';
import type { JobApi } from '../vendor.ts';
import { jobIdSchema, readReply, textOf } from './job-id.ts';

const order = z.looseObject({ id: jobIdSchema, polling_url: z.url(), cost: z.number().nullish() });

const look = z.looseObject({
  status: z.string(),
  result: z.looseObject({ sample: z.string().nullish(), seed: z.number().nullish() }).nullish(),
  details: z.unknown().optional(),
  cost: z.number().nullish(),
});

/** `Task not found` is one of them: results are kept for a short while only. */
const failures = new Set(['Error', 'Failed', 'Request Moderated', 'Content Moderated', 'Task not found']);

const isOver = ({ status }: z.infer<typeof look>) => status === 'Ready' || failures.has(status);

/**
 * Black Forest Labs' requests (docs.bfl.ai, read 2026-11-22). A job is looked for at the regional host that its order
 * names, which gets the key only below `bfl.ai` or at the configured host. A credit is one cent.
 */
export const blackForestLabsJobs: JobApi = {
  begun: (reply, _model, fault) => {
    const { id, polling_url, cost } = readReply(order, reply, fault);
    const { origin, pathname } = new URL(polling_url);
    return { id, origin, path: pathname, ...(typeof cost === 'number' ? { cost } : {}) };
  },
  look: async (job, site, context) => {
    const origin = textOf(job, 'origin');
    if (!isTheirs(origin, site.baseUrl)) {
      const { provider, title, keySetting, urlSetting } = site;
      const fault = { provider, title, keySetting, urlSetting, secrets: [], starts: false };
      throw malformedFault(`the host to look at is ${new URL(origin).host}`, fault);
    }
    const found = await callVendor(
      { ...site, baseUrl: origin },
      { method: 'GET', path: textOf(job, 'path'), query: { id: textOf(job, 'id') }, keep: isOver },
      look,
      context,
    );
    const { status, result, details } = found;
    if (failures.has(status)) return { state: 'failed', message: `${status} ${detailsText(details)}`.trim() };
    if (status !== 'Ready') return { state: 'pending', progress: { phase: 'running' } };
    const credits = found.cost ?? (typeof job['cost'] === 'number' ? job['cost'] : undefined);
    const url = result?.sample;
    return {
      state: 'done',
      files: url === undefined || url === null ? [] : [{ url, seed: result?.seed ?? undefined }],
      ...(credits === undefined ? {} : { cost: { amount: String(credits), unit: 'credits', usd_per_unit: '0.01' } }),
      response: objectForRecord({ status, result }, []),
    };
  },
};

function isTheirs(origin: string, baseUrl: string): boolean {
  const { protocol, hostname } = new URL(origin);
  if (origin === new URL(baseUrl).origin) return true;
  return protocol === 'https:' && (hostname === 'bfl.ai' || hostname.endsWith('.bfl.ai'));
}

function detailsText(details: unknown): string {
  return details === undefined || details === null ? '' : JSON.stringify(details).slice(0, 500);
}
