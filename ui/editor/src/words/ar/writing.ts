import type { Words } from '@wfm/shared/core';
import type { writing as english } from '../en/writing.ts';

export const writing: Words<typeof english> = {
  title: 'النص',
  file: 'الملف',
  text: 'نص {file}',
  undo: 'تراجع',
  redo: 'إعادة',
  unparsed: 'ليس JSON صالحًا بعد: السطر {line}، العمود {column}. النص محفوظ، وسير العمل كما كان إلى أن يصلح.',
};
