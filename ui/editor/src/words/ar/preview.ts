import type { Words } from '@wfm/shared/core';
import type { preview as english } from '../en/preview.ts';

export const preview: Words<typeof english> = { title: 'المعاينة' };
