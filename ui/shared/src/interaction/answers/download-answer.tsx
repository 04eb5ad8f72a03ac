import { FileText } from 'lucide-react';
import { useMemo } from 'react';
import { useTranslations } from 'use-intl';
import { DataView } from '../../schema/index.ts';
import type { AnswerProps, RequestOf } from './answer-props.ts';

/** A file that the run hands out. It stays among the run's files either way (ux.md 2.3). */
export function DownloadAnswer({ request }: Pick<AnswerProps<RequestOf<'file_download'>>, 'request'>) {
  const words = useTranslations('interaction');
  const text = useMemo(() => textOf(request), [request]);
  return (
    <div className="grid gap-3">
      <div className="flex items-center gap-3">
        <span className="grid size-11 shrink-0 place-items-center rounded-md bg-accent-soft text-accent-strong">
          <FileText aria-hidden className="size-5" />
        </span>
        <div className="min-w-0">
          <p className="font-medium break-words" data-content dir="auto">
            {request.file_name}
          </p>
          <p className="text-xs text-ink-soft">{words('keptAmongFiles')}</p>
        </div>
      </div>
      {request.file_content_type === 'text' ? (
        <pre
          data-content
          dir="auto"
          tabIndex={0}
          aria-label={request.file_name}
          className="max-h-80 overflow-auto rounded-md border border-line bg-surface p-3 font-sans text-sm break-words whitespace-pre-wrap"
        >
          {text}
        </pre>
      ) : (
        <DataView data={request.file_content} compact />
      )}
    </div>
  );
}

/** Hands a file to the browser to be kept. */
export function saveFile(request: RequestOf<'file_download'>): void {
  const type = request.file_content_type === 'json' ? 'application/json' : 'text/plain';
  const url = URL.createObjectURL(new Blob([textOf(request)], { type: `${type};charset=utf-8` }));
  const link = document.createElement('a');
  link.href = url;
  link.download = request.file_name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

function textOf({ file_content: content }: RequestOf<'file_download'>): string {
  return typeof content === 'string' ? content : JSON.stringify(content, null, 2);
}
