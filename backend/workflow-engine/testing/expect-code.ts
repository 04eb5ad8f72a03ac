import { expect } from 'vitest';
import type { ErrorCode } from '../errors/index.ts';

/** Expects a promise to reject with our error of that code. */
export async function expectCode(promise: Promise<unknown>, code: ErrorCode): Promise<void> {
  await expect(promise).rejects.toMatchObject({ name: 'WfmError', code });
}
