import type { JsonObject } from '../../models/json.ts';
import type { LoadedRun } from '../commands.ts';
import type { FoundSubAction } from './find-sub-action.ts';

/** One execution of a module's own sub-action. */
export interface SelfWork {
  run: LoadedRun;
  found: FoundSubAction;
  /** The action's `params`, under the request's. */
  given: JsonObject;
  feedback: string | undefined;
  fence: number;
  signal: AbortSignal;
  lease: { ttlMs: number; renewMs: number };
}
