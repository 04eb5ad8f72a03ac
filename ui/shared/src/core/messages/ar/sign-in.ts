import type { Words } from '../words.ts';
import type * as en from '../en/sign-in.ts';

export const signIn: Words<typeof en.signIn> = {
  title: 'تسجيل الدخول',
  hint: 'بالاسم وكلمة المرور، أو افتح الرابط الذي طبعه الخادم عند بدئه.',
  email: 'البريد الإلكتروني أو الاسم',
  password: 'كلمة المرور',
  submit: 'دخول',
  again: 'سجّل الدخول من جديد',
  againText: 'انتهت جلستك. سجّل الدخول لتتابع من حيث أنت؛ ما كتبته باقٍ هنا.',
  againByLink: 'إن لم تكن لديك كلمة مرور فافتح رابط دخول في علامة تبويب أخرى؛ وستتابع هذه الصفحة من تلقاء نفسها.',
  invited: 'أنت مدعو',
  invitedText: 'اختر اسمًا وكلمة مرور فتدخل.',
  emailAddress: 'عنوان البريد',
  name: 'الاسم',
  passwordHelp: '12 محرفًا على الأقل',
  makeAccount: 'إنشاء الحساب',
  haveAccount: 'لدي حساب',
};
