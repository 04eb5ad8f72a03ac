import type { Words } from '@wfm/shared/core';
import type { editor as english } from '../en/editor.ts';

export const editor: Words<typeof english> = {
  unnamed: 'بلا اسم',
  saving: {
    saved: 'محفوظ',
    saving: 'جارٍ الحفظ…',
    offline: 'بلا اتصال، محفوظ في هذا المتصفح',
    conflict: 'تغيّر في مكان آخر',
    only_in_this_tab: 'في هذه النافذة فقط',
    refused: 'لم يُحفظ',
  },
  conflict: {
    kept: {
      mine: 'نسختي، من تعارض',
      theirs: 'نسختهم، من تعارض',
    },
  },
};
