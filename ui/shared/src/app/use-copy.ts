import { useCallback } from 'react';
import { toast } from 'sonner';
import { useTranslations } from 'use-intl';
import { copyText } from '../core/index.ts';

/** Copies a text and says whether that worked; also on plain http, where pages have no clipboard (ux.md 2.9). */
export function useCopy(): (text: string) => void {
  const common = useTranslations('common');
  return useCallback(
    (text) =>
      void copyText(text).then((copied) =>
        copied ? toast.success(common('copied')) : toast.error(common('notCopied')),
      ),
    [common],
  );
}
