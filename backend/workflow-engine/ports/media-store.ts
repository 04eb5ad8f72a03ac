import type { StoredError } from '../errors/index.ts';
import type { JsonObject } from '../models/json.ts';
import type { Page } from './page.ts';

/** What was generated for a run (format.md 15.4): a record per request to a provider, and one per file that it gave. */

/** An amount of money as a decimal text; `credits` where the vendor counts its own. */
export interface Money {
  amount: string;
  unit: 'USD' | 'credits';
  usd_per_unit?: string;
}

export interface GenerationRow {
  metadata_id: string;
  workflow_run_id: string;
  branch_id: string;
  interaction_id: string | null;
  step_id: string;
  module_name: string;
  user_id: string;
  provider: string;
  vendor_job_id: string | null;
  /** The prompt that it belongs to, in its question's data. */
  prompt_id: string;
  /** How the question groups its generations. */
  prompt_key: string;
  action_type: string;
  status: 'pending' | 'completed' | 'failed' | 'cancelled';
  /** As entered. */
  request_params: JsonObject;
  source_data: JsonObject | null;
  response_data: JsonObject | null;
  error: StoredError | null;
  cost: Money | null;
  mock: boolean;
  created_at: string;
  completed_at: string | null;
}

export interface ContentRow {
  content_id: string;
  metadata_id: string;
  workflow_run_id: string;
  /** Place among the contents of its generation. */
  index: number;
  content_type: 'image' | 'video' | 'audio' | 'video.preview';
  mime: string;
  extension: string;
  bytes: number;
  /** Names the bytes in the media files. */
  sha256: string;
  width: number | null;
  height: number | null;
  duration_ms: number | null;
  seed: number | null;
  provider_url: string | null;
  preview_content_id: string | null;
  mock: boolean;
  stored_at: string;
}

/** A generation with its contents, in order of `index`. */
export interface Generation {
  generation: GenerationRow;
  contents: ContentRow[];
}

export interface MediaStore {
  /** Keeps a new record; under a known `metadata_id` answers the one that is there. Throws `run_not_found`. */
  create(params: { generation: GenerationRow }): Promise<GenerationRow>;
  /**
   * Ends a pending record and keeps its contents in one commit. One that has ended stays as it is, and its contents are
   * answered: whoever repeats the work changes nothing. Throws `content_not_found` for an unknown record.
   */
  finish(params: {
    metadataId: string;
    status: 'completed' | 'failed' | 'cancelled';
    vendorJobId?: string | null;
    responseData?: JsonObject | null;
    error?: StoredError | null;
    cost?: Money | null;
    completedAt: string;
    contents: ContentRow[];
  }): Promise<Generation>;
  find(params: { metadataId: string }): Promise<Generation | null>;
  /** Records of a run, oldest first; with a question, only those asked for there. */
  list(params: { runId: string; interactionId?: string; limit: number; cursor?: string }): Promise<Page<Generation>>;
  /** Null for a content of another run. */
  content(params: { runId: string; contentId: string }): Promise<ContentRow | null>;
  /** What a run has cost and takes up. */
  totals(params: { runId: string }): Promise<{ generations: number; contents: number; bytes: number; usd: number }>;
}
