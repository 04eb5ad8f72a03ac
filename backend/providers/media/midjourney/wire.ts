import { isJsonObject } from '@wfm/workflow-engine/models';
import { z } from 'zod';
import type { VendorSite } from '../support/vendor-call.ts';

/** `baseUrl` is `https://api.midapi.ai/api/v1/mj`. */
export function midapiSite(baseUrl: string): VendorSite {
  return {
    provider: 'midjourney',
    title: 'Midjourney by MidAPI',
    baseUrl,
    keySetting: 'MIDAPI_API_KEY',
    urlSetting: 'MIDAPI_BASE_URL',
    authHeaders: (apiKey) => ({ authorization: `Bearer ${apiKey}` }),
    // MidAPI fails with status 200 and the true status as `code` (docs.midapi.ai, "Status codes").
    statusInBody: (body) => {
      const code = isJsonObject(body) ? body['code'] : undefined;
      return typeof code === 'number' && code !== 200 ? code : null;
    },
  };
}

export const acceptedSchema = z.object({ data: z.object({ taskId: z.string().min(1).max(200) }) });

const resultsSchema = z.object({
  resultUrls: z
    .array(z.union([z.string().transform((url) => ({ resultUrl: url })), z.object({ resultUrl: z.string() })]))
    .max(20),
});

/** `resultInfoJson` is an object by the documentation, and comes as its JSON in a text from some servers. */
const resultInfoSchema = z.union([
  resultsSchema,
  z.string().transform((text, context) => {
    try {
      return resultsSchema.parse(JSON.parse(text));
    } catch {
      context.addIssue({ code: 'custom', message: 'no results' });
      return z.NEVER;
    }
  }),
]);

/** `successFlag`: 0 at work, 1 done, 2 and 3 failed (docs.midapi.ai/mj-api/get-mj-task-details). */
export const recordSchema = z.object({
  data: z
    .looseObject({
      successFlag: z.number().int(),
      resultInfoJson: resultInfoSchema.nullish(),
      errorMessage: z.string().nullish(),
    })
    .nullish(),
});
export type MidapiRecord = NonNullable<z.infer<typeof recordSchema>['data']>;
