import { type JsonObject, jsonObjectSchema } from '@wfm/workflow-engine/models';
import { z } from 'zod';

/**
 * What a media task keeps between two turns, in `operation`: first the vendor's own handle, then what is to be fetched.
 * Stored by one process and read by any other, also of a later version: fields are only added.
 */

const instantSchema = z.object({ at: z.string(), ms: z.number(), boot: z.string() });

const moneySchema = z.object({
  amount: z.string(),
  unit: z.enum(['USD', 'credits']),
  usd_per_unit: z.string().optional(),
});

/** The cropped picture that was sent, kept as `video.preview`. */
const previewSchema = z.object({ sha256: z.string(), bytes: z.number() });

const common = {
  /** When the vendor was asked. */
  began: instantSchema,
  /** Faults in a row. */
  faults: z.number(),
  preview: previewSchema.nullable(),
};

const outputSchema = z.object({
  /** Where it lies at the vendor's; null once its bytes are with us. */
  url: z.string().nullable(),
  with_credential: z.boolean(),
  mime: z.string(),
  seed: z.number().nullable(),
  /** Where the bytes came with the answer, or are fetched already. */
  file: z.object({ sha256: z.string(), bytes: z.number() }).nullable(),
});
export type KeptOutput = z.infer<typeof outputSchema>;

const vendorPhaseSchema = z.object({
  phase: z.literal('vendor'),
  ...common,
  vendor: jsonObjectSchema,
  /** True when it is asked for fresh addresses: once. */
  again: z.boolean().optional(),
});
export type VendorPhase = z.infer<typeof vendorPhaseSchema>;

const downloadPhaseSchema = z.object({
  phase: z.literal('download'),
  ...common,
  /** The vendor's handle, to ask again for addresses that have expired; null where there was none, or it was asked. */
  vendor: jsonObjectSchema.nullable(),
  outputs: z.array(outputSchema),
  text: z.string().nullable(),
  warnings: z.array(z.string()),
  cost: moneySchema.nullable(),
  vendor_job_id: z.string().nullable(),
  response: jsonObjectSchema,
});
export type DownloadPhase = z.infer<typeof downloadPhaseSchema>;

const operationSchema = z.discriminatedUnion('phase', [vendorPhaseSchema, downloadPhaseSchema]);
export type Operation = z.infer<typeof operationSchema>;

/** Null where nothing was kept. Throws a `ZodError` for what no worker has written. */
export function readOperation(kept: JsonObject | null): Operation | null {
  return kept === null ? null : operationSchema.parse(kept);
}
