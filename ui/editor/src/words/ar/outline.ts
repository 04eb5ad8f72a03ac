import type { Words } from '@wfm/shared/core';
import type { outline as english } from '../en/outline.ts';

export const outline: Words<typeof english> = {
  title: 'المخطط',
  workflow: 'سير العمل',
  unnamed: 'بلا اسم',
  problems: '{count, plural, one {مشكلة واحدة} two {مشكلتان} few {# مشكلات} other {# مشكلة}}',
};
