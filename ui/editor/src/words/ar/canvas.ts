import type { Words } from '@wfm/shared/core';
import type { canvas as english } from '../en/canvas.ts';

export const canvas: Words<typeof english> = { title: 'اللوحة' };
