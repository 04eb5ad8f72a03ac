import { v7 } from 'uuid';
import type { Ids } from './clock.ts';

/** Ids as api.md names them: UUIDv7, growing with time, also within one millisecond of one process. */
export function uuidIds(): Ids {
  return { uuid: () => v7() };
}
