import { z } from 'zod';
import type { JsonObject } from '@wfm/workflow-engine/models';
import { type FaultContext, malformedFault } from '../../support/vendor-fault.ts';

/** An id goes into a path as it is. */
export const jobIdSchema = z.string().regex(/^[\w.-]{1,200}$/);

/** Reads what an order was answered with; another shape is a fault that may have been billed. */
export function readReply<T>(schema: z.ZodType<T>, reply: unknown, fault: FaultContext): T {
  const read = schema.safeParse(reply);
  if (!read.success) throw malformedFault('the reply to the order', fault);
  return read.data;
}

/** A text that `begun` put into an operation. Throws a TypeError for an operation of somebody else. */
export function textOf(job: JsonObject, name: string): string {
  const value = job[name];
  if (typeof value !== 'string') throw new TypeError(`the operation has no ${name}`);
  return value;
}
