import { v7 } from 'uuid';
import type { ContentRow, GenerationRow } from '../ports/media-store.ts';

/** A pending record of a request to a provider. */
export function sampleGeneration(
  place: { runId: string; branchId?: string; interactionId?: string | null },
  changes: Partial<GenerationRow> = {},
): GenerationRow {
  return {
    metadata_id: v7(),
    workflow_run_id: place.runId,
    branch_id: place.branchId ?? 'b',
    interaction_id: place.interactionId ?? null,
    step_id: 's',
    module_name: 'm',
    user_id: 'user-1',
    provider: 'local',
    vendor_job_id: null,
    prompt_id: 'default',
    prompt_key: 'local:default',
    action_type: 'txt2img',
    status: 'pending',
    request_params: { prompt: 'Ein Fuchs ✓' },
    source_data: null,
    response_data: null,
    error: null,
    cost: null,
    mock: false,
    created_at: '2026-01-01T00:00:00.000Z',
    completed_at: null,
    ...changes,
  };
}

/** A picture of that record. */
export function sampleContent(
  generation: Pick<GenerationRow, 'metadata_id' | 'workflow_run_id'>,
  changes: Partial<ContentRow> = {},
): ContentRow {
  return {
    content_id: v7(),
    metadata_id: generation.metadata_id,
    workflow_run_id: generation.workflow_run_id,
    index: 0,
    content_type: 'image',
    mime: 'image/png',
    extension: 'png',
    bytes: 10,
    sha256: 'a'.repeat(64),
    width: 4,
    height: 3,
    duration_ms: null,
    seed: null,
    provider_url: null,
    preview_content_id: null,
    mock: false,
    stored_at: '2026-01-01T00:00:01.000Z',
    ...changes,
  };
}
