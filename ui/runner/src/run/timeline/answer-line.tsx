import { mediaAddress } from '@wfm/shared/media';
import { useTranslations } from 'use-intl';
import type { HistoryRecord } from '../model/run-api.ts';
import { summarise } from './answer-summary.ts';

/** What was answered, in a line. */
export function AnswerLine({ record }: { record: HistoryRecord }) {
  const words = useTranslations('run.answer');
  const summary = summarise(record);
  if (summary.kind === 'words') return <>{words(summary.word)}</>;
  if (summary.kind === 'pictures') {
    return (
      <span className="inline-flex items-center gap-1 align-middle">
        {summary.urls.map((url) => (
          <img key={url} src={mediaAddress(url, 160)} alt="" className="h-8 w-12 rounded-sm object-cover" />
        ))}
        <span className="sr-only">{words('chosenMade')}</span>
        {summary.more > 0 ? <span>{words('more', { count: summary.more })}</span> : null}
      </span>
    );
  }
  return (
    <>
      <span data-content dir="auto">
        {summary.texts.join(' · ')}
      </span>
      {summary.more > 0 ? <span> {words('more', { count: summary.more })}</span> : null}
    </>
  );
}
