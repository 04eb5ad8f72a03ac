import { WfmError } from '../errors/index.ts';
import type { ContentRow, GenerationRow, MediaStore, Money } from './media-store.ts';

/** What every adapter of `MediaStore` decides alike. */

export type FinishGeneration = Parameters<MediaStore['finish']>[0];

/** A cost in USD; null for credits whose worth nobody knows, and for no cost. */
export function costInUsd(cost: Money | null): number | null {
  if (!cost) return null;
  const amount = Number(cost.amount);
  const rate = cost.unit === 'USD' ? 1 : Number(cost.usd_per_unit ?? Number.NaN);
  return Number.isFinite(amount * rate) ? amount * rate : null;
}

/** Sums of costs keep nine decimals, so that they compare. */
export function roundUsd(usd: number): number {
  return Math.round(usd * 1e9) / 1e9;
}

/** The record once it has ended; a field that the end says nothing about stays as it is. */
export function finishedGeneration(before: GenerationRow, end: FinishGeneration): GenerationRow {
  return {
    ...before,
    status: end.status,
    vendor_job_id: end.vendorJobId === undefined ? before.vendor_job_id : end.vendorJobId,
    response_data: end.responseData === undefined ? before.response_data : end.responseData,
    error: end.error === undefined ? before.error : end.error,
    cost: end.cost === undefined ? before.cost : end.cost,
    completed_at: end.completedAt,
  };
}

/** Contents in order of their place in the generation. */
export function inOrder(contents: readonly ContentRow[]): ContentRow[] {
  return [...contents].sort((a, b) => a.index - b.index);
}

export function generationNotFoundError(metadataId: string): WfmError {
  return new WfmError('content_not_found', 'There is no such record of generated media.', {
    params: { metadata_id: metadataId },
  });
}
