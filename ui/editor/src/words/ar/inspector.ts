import type { Words } from '@wfm/shared/core';
import type { inspector as english } from '../en/inspector.ts';

export const inspector: Words<typeof english> = { title: 'الخصائص' };
