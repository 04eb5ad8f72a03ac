import { ErrorCard } from '@wfm/shared/app';
import { IconButton } from '@wfm/shared/components';
import { Check, Pencil, X } from 'lucide-react';
import { type FormEvent, useRef, useState } from 'react';
import { useTranslations } from 'use-intl';
import { renameRun } from '../model/run-api.ts';
import { useLiveRun, useRunModel } from '../model/use-run.ts';

/** The run's name; it is changed where it stands. */
export function RunName() {
  const words = useTranslations('run.header');
  const common = useTranslations('common');
  const { runId } = useLiveRun();
  const model = useRunModel('run');
  const [text, setText] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const pencil = useRef<HTMLButtonElement>(null);
  const name = model.run?.project_name ?? '';
  const close = (): void => {
    setText(null);
    setError(null);
    requestAnimationFrame(() => pencil.current?.focus());
  };
  const save = (event: FormEvent): void => {
    event.preventDefault();
    const wanted = (text ?? '').trim();
    if (busy) return;
    if (wanted === '' || wanted === name) {
      close();
      return;
    }
    setBusy(true);
    renameRun(runId, wanted)
      .then((run) => {
        model.run = run;
        model.touch('run');
        model.flush();
        close();
      })
      .catch(setError)
      .finally(() => setBusy(false));
  };
  if (text === null)
    return (
      <div className="flex min-w-0 items-start gap-1">
        <h1
          className="line-clamp-2 min-w-0 pt-1.5 text-xl leading-7 font-semibold tracking-tight sm:pt-1 sm:text-2xl sm:leading-9"
          data-content
          dir="auto"
        >
          {name}
        </h1>
        <IconButton
          ref={pencil}
          label={words('rename')}
          icon={<Pencil aria-hidden className="size-4" />}
          onClick={() => setText(name)}
        />
      </div>
    );
  return (
    <form onSubmit={save} className="grid min-w-0 flex-1 gap-2">
      <div className="flex items-center gap-1">
        <input
          autoFocus
          dir="auto"
          required
          maxLength={200}
          value={text}
          aria-label={words('name')}
          onFocus={(event) => event.target.select()}
          onChange={(event) => setText(event.target.value)}
          onKeyDown={(event) => {
            if (event.key === 'Escape' && !event.nativeEvent.isComposing) close();
          }}
          className="min-h-11 w-full max-w-lg min-w-0 rounded-md border border-line-strong bg-surface px-3 text-lg font-semibold"
        />
        <IconButton type="submit" busy={busy} label={common('save')} icon={<Check aria-hidden className="size-5" />} />
        <IconButton label={common('cancel')} icon={<X aria-hidden className="size-5" />} onClick={close} />
      </div>
      {error ? <ErrorCard error={error} /> : null}
    </form>
  );
}
