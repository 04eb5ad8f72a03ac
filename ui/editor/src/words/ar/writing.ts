import type { Words } from '@wfm/shared/core';
import type { writing as english } from '../en/writing.ts';

export const writing: Words<typeof english> = { title: 'النص' };
