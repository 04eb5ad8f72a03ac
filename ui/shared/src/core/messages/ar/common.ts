import type { Words } from '../words.ts';
import type * as en from '../en/common.ts';

export const common: Words<typeof en.common> = {
  appName: 'WFM',
  run: 'تشغيل',
  build: 'بناء',
  cancel: 'إلغاء',
  close: 'إغلاق',
  save: 'حفظ',
  retry: 'المحاولة مجددًا',
  copy: 'نسخ',
  copied: 'تم النسخ',
  notCopied: 'لم يسمح المتصفح بالنسخ. حدّد النص وانسخه بنفسك.',
  delete: 'حذف',
  back: 'رجوع',
  more: 'المزيد',
  less: 'أقل',
  search: 'بحث',
  loading: 'جارٍ التحميل',
  loadMore: 'تحميل المزيد',
  home: 'الرئيسية',
  none: 'لا شيء',
  optional: 'اختياري',
  showDetails: 'عرض التفاصيل',
  copyReport: 'نسخ التقرير',
  skipToContent: 'الانتقال إلى المحتوى',
};

export const connection: Words<typeof en.connection> = {
  connecting: 'جارٍ الاتصال…',
  live: 'متصل',
  asleep: 'متوقف ما دامت الصفحة مخفية',
  reconnecting: 'إعادة الاتصال',
  seconds: 'بعد {seconds, plural, other {# ث}}',
  offline: 'دون اتصال، الإجابات محفوظة',
  retry: 'حاول الاتصال الآن',
};

export const status: Words<typeof en.status> = {
  created: 'أُنشئ',
  processing: 'قيد العمل',
  awaiting_input: 'بانتظارك',
  awaiting_task: 'قيد التوليد',
  target_reached: 'بلغ الهدف',
  completed: 'اكتمل',
  cancelled: 'أُلغي',
  error: 'فشل',
  validation_failed: 'راجع الإجابة',
};

export const failure: Words<typeof en.failure> = {
  title: 'لم ينجح ذلك',
  goneTitle: 'غير موجود',
  goneText: 'لا يوجد هنا ما يمكن لـ {account} رؤيته. ربما حُذف، أو يخص شخصًا آخر.',
  reference: 'المرجع {id}',
  morePlaces:
    'و{count, plural, zero {لا شيء غيرها} one {واحد آخر} two {اثنان آخران} few {# أخرى} many {# أخرى} other {# أخرى}}',
  waitingFor: 'ما زلنا ننتظر الخادم…',
  crashed: 'تعطّل هذا الجزء من الصفحة',
  crashedText: 'يستمر الباقي في العمل، ولم يُفقد شيء مما حفظته.',
};

export const nav: Words<typeof en.nav> = {
  label: 'الصفحات',
  home: 'الرئيسية',
  waiting: 'بانتظارك',
  runs: 'عمليات التشغيل',
  settings: 'الإعدادات',
  users: 'المستخدمون',
};

export const account: Words<typeof en.account> = {
  theme: 'المظهر',
  light: 'فاتح',
  dark: 'داكن',
  system: 'حسب النظام',
  language: 'اللغة',
  name_en: 'English',
  name_ar: 'العربية',
  signOut: 'تسجيل الخروج',
  signOutFailed: 'تعذّر تسجيل الخروج. حاول مجددًا.',
};

export const keys: Words<typeof en.keys> = {
  title: 'المفاتيح',
  goTo: 'الانتقال إلى أي شيء',
  keys: 'هذه القائمة',
  send: 'إرسال الإجابة',
  retry: 'إعادة المحاولة مع ما ينبغي أن يختلف',
  choose: 'اختيار العنصر الأول إلى التاسع',
  select: 'اختيار أو إلغاء؛ تشغيل صوت',
  next: 'البطاقة التالية',
  previous: 'البطاقة السابقة',
  branch: 'التفرع من البطاقة',
  state: 'الحالة',
  files: 'الملفات',
  download: 'تنزيل ما عليه التركيز',
  close: 'إغلاق',
  workflow: 'مسار عمل',
};

export const leaving: Words<typeof en.leaving> = {
  title: 'لديك إجابات لم تُرسل',
  text: '{count, plural, zero {لا إجابات بدأتها هنا ولم ترسلها} one {إجابة واحدة بدأتها هنا ولم ترسلها} two {إجابتان بدأتهما هنا ولم ترسلهما} few {# إجابات بدأتها هنا ولم ترسلها} many {# إجابة بدأتها هنا ولم ترسلها} other {# إجابة بدأتها هنا ولم ترسلها}}.',
  keep: 'الخروج مع إبقائها على هذا الجهاز',
  delete: 'الخروج وحذفها',
  back: 'البقاء',
};
