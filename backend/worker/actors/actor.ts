import type { JsonObject } from '@wfm/workflow-engine/models';
import type { TaskRow } from '@wfm/workflow-engine/ports';
import type { Job } from '../utils/job.ts';

/** How a turn of work on a task ended. */
export type Outcome =
  | { kind: 'done'; result: JsonObject }
  /** Nothing to do before so many ms have passed: another worker, or this one, goes on then. */
  | { kind: 'later'; delayMs: number };

/** Who does the tasks of one name. */
export interface Actor {
  /** Works until the task is done or has to wait. Throws what fails the task; whether it is tried again is the queue's. */
  work(task: TaskRow, job: Job): Promise<Outcome>;
  /** Clears up after a task that ended without success. May be called twice for one, and by two workers at once. */
  settle(task: TaskRow): Promise<void>;
}
