import type { Words } from '@wfm/shared/core';
import type { publish as english } from '../en/publish.ts';

export const publish: Words<typeof english> = {
  publish: 'نشر',
  published: 'نُشر كالإصدار {number}',
  nothingNew: 'الإصدار {number} يقول هذا بالفعل',
  toRun: 'تشغيله',
  blocked: 'أصلح أولًا الأخطاء تحت «المشكلات»',
  compare: { title: 'لا تُقارن الإصدارات هنا بعد', text: 'بدء سير عمل تغيّر يعرض ما اختلف.', back: 'العودة إلى المسودة' },
};
