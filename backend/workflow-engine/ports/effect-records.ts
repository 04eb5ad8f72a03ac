import type { JsonObject } from '../models/json.ts';

/** What an effect gave, kept by what it was given when no line tells of it any more (format.md 22.5). */
export interface EffectRecord {
  module_id: string;
  revision: number;
  input_hash: string;
  /** The instant that `now()` showed it. */
  started_at: string;
  outputs: JsonObject;
}

/** The effects that a preview still remembers; production needs none, since it cuts no line. */
export interface EffectRecords {
  /** The one that was used last comes last. */
  list(params: { runId: string }): Promise<EffectRecord[]>;
}
