import type { Words } from '@wfm/shared/core';
import type { publish as english } from '../en/publish.ts';

export const publish: Words<typeof english> = { title: 'النشر' };
