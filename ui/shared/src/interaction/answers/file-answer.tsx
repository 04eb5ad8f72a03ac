import type { RuleFailure } from '@wfm/workflow-engine/models';
import { FileCheck2, FileUp, Upload, X } from 'lucide-react';
import { useCallback, useEffect, useId, useRef, useState } from 'react';
import { useFormatter, useTranslations } from 'use-intl';
import { ErrorCard } from '../../app/error-card.tsx';
import { Button, IconButton } from '../../components/button.tsx';
import { classNames } from '../../components/class-names.ts';
import { ProgressBar } from '../../components/progress-bar.tsx';
import { isInField } from '../../core/shortcut.ts';
import { faultOf, faultsOf } from '../answering/faults.ts';
import type { AnswerProps, RequestOf } from './answer-props.ts';
import type { Draft } from './draft.ts';
import { contentOf, fileFailureOf } from './take-file.ts';

/** A file of the person's own: dropped, pasted or picked. A small one travels in the answer, a large one before it. */
export function FileAnswer(props: AnswerProps<RequestOf<'file_input'>>) {
  const { request, draft, disabled, faults } = props;
  const words = useTranslations('interaction');
  const id = useId();
  const taking = useTaking(props);
  const { filename } = draft.answer;
  const own = taking.failure ? faultsOf([taking.failure], { request, option: null, words })[0] : undefined;
  const fault = own ?? faultOf(faults, 'value');
  const isFilled = filename !== undefined && taking.share === null;
  return (
    <div data-field="value" className="grid gap-2">
      {isFilled ? <Chosen draft={draft} disabled={disabled} onRemove={taking.remove} /> : null}
      {taking.share === null ? (
        <label
          {...(disabled ? {} : taking.dropProps)}
          className={classNames(
            'grid cursor-pointer place-items-center gap-1 rounded-md border-2 border-dashed text-center transition-colors',
            'has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-accent',
            isFilled ? 'min-h-11 p-2' : 'min-h-36 p-5',
            taking.isOver ? 'border-accent bg-accent-soft' : 'border-line-strong bg-surface hover:border-accent',
          )}
        >
          <span className="flex items-center gap-2 font-medium">
            <FileUp aria-hidden className={isFilled ? 'size-4 text-ink-soft' : 'size-5 text-accent-strong'} />
            {words(isFilled ? 'chooseAnother' : 'chooseFile')}
          </span>
          {isFilled ? null : <span className="text-sm text-ink-soft">{words('dropOrPaste')}</span>}
          <Limits request={request} id={`${id}-limits`} />
          <input
            type="file"
            data-autofocus
            disabled={disabled}
            accept={request.extensions.join(',')}
            aria-label={words(isFilled ? 'chooseAnother' : 'chooseFile')}
            aria-describedby={`${id}-limits${fault ? ` ${id}-fault` : ''}`}
            aria-invalid={fault !== undefined || undefined}
            onChange={(event) => {
              taking.take(event.target.files?.[0]);
              // The same file may be picked again after a fault.
              event.target.value = '';
            }}
            className="sr-only"
          />
        </label>
      ) : (
        <Uploading share={taking.share} name={taking.name} onStop={taking.stop} />
      )}
      {fault ? (
        <p
          id={`${id}-fault`}
          role="alert"
          className="text-sm text-bad"
          data-content={fault.isContent || undefined}
          dir="auto"
        >
          {fault.message}
        </p>
      ) : null}
      {taking.error === null ? null : <ErrorCard error={taking.error} />}
    </div>
  );
}

function Limits({ request: { extensions, max_bytes: most }, id }: { request: RequestOf<'file_input'>; id: string }) {
  const words = useTranslations('interaction');
  const format = useFormatter();
  return (
    <span id={id} className="text-xs text-ink-faint">
      {words('fileLimits', {
        kinds: extensions.length === 0 ? words('anyKind') : format.list(extensions),
        size: format.number(most / 1024 / 1024, { maximumFractionDigits: 1 }),
      })}
    </span>
  );
}

/** What has been chosen: a picture of it where it is one, its name, a way to take it back. */
function Chosen({ draft, disabled, onRemove }: { draft: Draft; disabled: boolean; onRemove: () => void }) {
  const words = useTranslations('interaction');
  const { value, filename } = draft.answer;
  const isPicture = typeof value === 'string' && value.startsWith('data:image/');
  return (
    <div className="flex items-center gap-3 rounded-md border border-line bg-surface p-3">
      {isPicture ? (
        <img src={value} alt="" className="max-h-32 max-w-[40%] rounded-sm object-contain" />
      ) : (
        <span className="grid size-11 shrink-0 place-items-center rounded-md bg-good-soft text-good">
          <FileCheck2 aria-hidden className="size-5" />
        </span>
      )}
      <span className="min-w-0 flex-1 font-medium break-words" data-content dir="auto">
        {filename}
      </span>
      <IconButton
        label={words('removeFile')}
        disabled={disabled}
        icon={<X aria-hidden className="size-4" />}
        onClick={onRemove}
      />
    </div>
  );
}

function Uploading({ share, name, onStop }: { share: number; name: string; onStop: () => void }) {
  const words = useTranslations('interaction');
  const common = useTranslations('common');
  return (
    <div className="flex flex-wrap items-center gap-3 rounded-md border border-line bg-surface p-4">
      <Upload aria-hidden className="size-5 text-accent-strong" />
      <div className="grid min-w-40 flex-1 gap-1.5">
        <p className="text-sm">
          {words('uploading')}{' '}
          <span data-content dir="auto" className="font-medium">
            {name}
          </span>
        </p>
        <ProgressBar label={words('uploading')} value={Math.round(share * 100)} />
      </div>
      <Button onClick={onStop}>{common('cancel')}</Button>
    </div>
  );
}

/** From a file to what the answer says of it. */
function useTaking({ request, host, draft, onChange, disabled }: AnswerProps<RequestOf<'file_input'>>) {
  const [failure, setFailure] = useState<RuleFailure | null>(null);
  const [error, setError] = useState<unknown>(null);
  const [isOver, setOver] = useState(false);
  const [sending, setSending] = useState<{ share: number; name: string } | null>(null);
  const work = useRef<AbortController | null>(null);
  const latest = useRef({ request, host, draft, onChange });
  latest.current = { request, host, draft, onChange };
  useEffect(() => () => work.current?.abort(), []);

  const take = useCallback((file: File | null | undefined): void => {
    if (!file) return;
    work.current?.abort();
    const own = new AbortController();
    work.current = own;
    const run = async (): Promise<void> => {
      setError(null);
      const wrong = await fileFailureOf(file, latest.current.request);
      setFailure(wrong ?? null);
      if (wrong || own.signal.aborted) return;
      const onProgress = (share: number): void => {
        if (!own.signal.aborted) setSending({ share, name: file.name });
      };
      try {
        const value = await contentOf(file, latest.current.host, { onProgress, signal: own.signal });
        if (own.signal.aborted) return;
        const { draft: now, onChange: tell } = latest.current;
        tell({ ...now, answer: { ...now.answer, value, filename: file.name.slice(-255) } });
      } catch (thrown) {
        if (!own.signal.aborted) setError(thrown);
      } finally {
        if (work.current === own) setSending(null);
      }
    };
    void run();
  }, []);

  useEffect(() => {
    if (disabled) return undefined;
    const onPaste = (event: ClipboardEvent): void => {
      const file = event.clipboardData?.files[0];
      if (!file || isInField(event.target)) return;
      event.preventDefault();
      take(file);
    };
    document.addEventListener('paste', onPaste);
    return () => document.removeEventListener('paste', onPaste);
  }, [take, disabled]);

  return {
    failure,
    error,
    isOver,
    share: sending?.share ?? null,
    name: sending?.name ?? '',
    take,
    stop: () => {
      work.current?.abort();
      setSending(null);
    },
    remove: () => {
      setFailure(null);
      const { value: _value, filename: _name, ...rest } = draft.answer;
      onChange({ ...draft, answer: rest });
    },
    dropProps: {
      onDragOver: (event: React.DragEvent) => {
        event.preventDefault();
        setOver(true);
      },
      onDragLeave: () => setOver(false),
      onDrop: (event: React.DragEvent) => {
        event.preventDefault();
        setOver(false);
        take(event.dataTransfer.files[0]);
      },
    },
  };
}
