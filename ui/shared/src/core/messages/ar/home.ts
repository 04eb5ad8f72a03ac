import type { Words } from '../words.ts';
import type * as en from '../en/home.ts';

export const home: Words<typeof en.home> = {
  title: 'الرئيسية',
  needsYou: 'بانتظارك',
  nothingWaits: 'لا شيء بانتظارك',
  nothingWaitsText: 'عندما يكون لعملية تشغيل سؤال، يظهر هنا.',
  recent: 'أحدث عمليات التشغيل',
  noRuns: 'لا توجد عمليات تشغيل بعد',
  noRunsText: 'ابدأ سير عمل، وستظهر عمليات تشغيله هنا.',
  steps: '{done} من {total}',
  welcome: 'شاهد ما يفعله سير العمل',
  welcomeText:
    'يطرح عليك المثال بضعة أسئلة، ويكتب، ويدعك تحكم وتعيد المحاولة، ثم يسلّمك النتيجة. لا يحتاج مفتاحًا ولا شبكة.',
  startExample: 'بدء المثال',
  all: 'الكل ({count})',
  workflows: 'مسارات العمل',
  addWorkflow: 'إضافة مسار عمل',
  noWorkflows: 'لا مسارات عمل بعد',
  noWorkflowsText: 'أضف واحدًا من ملف JSON أو ZIP.',
  start: 'بدء',
  startNamed: 'بدء {name}',
  allRuns: 'كل التشغيلات',
};

export const runs: Words<typeof en.runs> = {
  title: 'التشغيلات',
  none: 'لا تشغيلات بعد',
  noneText: 'ابدأ مسار عمل فتظهر تشغيلاته هنا.',
  noneFound: 'لا تشغيل مطابق',
  noneFoundText: 'غيّر التصفية أو امسحها.',
  text: 'الاسم',
  state: 'الحالة',
  anyState: 'أي حالة',
  workflow: 'مسار العمل',
  anyWorkflow: 'أي مسار',
  from: 'تغيّر منذ',
  to: 'حتى',
  clear: 'مسح',
  actsOn: 'المزيد عن {name}',
  cancel: 'إلغاء التشغيل',
  cancelTitle: 'إلغاء «{name}»؟',
  cancelText: 'يتوقف العمل، ويبقى ما أُنجز.',
  delete: 'حذف',
  deleteTitle: 'حذف «{name}»؟',
  deleteText: 'يُزال التشغيل وملفاته ووسائطه. لا رجعة في ذلك.',
};
