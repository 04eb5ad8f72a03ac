import type { ViewNode } from '@wfm/workflow-engine/display';
import { useFormatter, useLocale, useTranslations } from 'use-intl';
import { withUnit } from './unit.ts';

/** True where the shown text is the value itself, and no template's. */
export function isOwnText({ value, text }: ViewNode): boolean {
  return text === undefined || text === (typeof value === 'string' ? value : JSON.stringify(value));
}

/** The words of a leaf: numbers by locale and unit, yes and no in the reader's language, else its text as it is. */
export function useValueText(): (node: ViewNode) => string {
  const format = useFormatter();
  const locale = useLocale();
  const words = useTranslations('view');
  return (node) => {
    const { value, text, settings } = node;
    if (isOwnText(node)) {
      if (typeof value === 'number') return withUnit(value, settings?.['unit'], locale, format);
      if (typeof value === 'boolean') return words(value ? 'yes' : 'no');
    }
    const shown = text ?? (value === undefined ? '' : JSON.stringify(value, null, 2));
    const unit = settings?.['unit'];
    return typeof unit === 'string' && unit !== '' && shown !== '' ? `${shown} ${unit}` : shown;
  };
}
