import { useNavigate } from '@tanstack/react-router';
import { ErrorCard } from '@wfm/shared/app';
import { Button, Dialog } from '@wfm/shared/components';
import { dataOf, newId, productionApi } from '@wfm/shared/core';
import type { VersionDiff } from '@wfm/workflow-engine/definition';
import { Play } from 'lucide-react';
import { type FormEvent, useId, useRef, useState } from 'react';
import { useFormatter, useTranslations } from 'use-intl';
import { VersionChanges } from './version-changes.tsx';

/** What is started: a version that is there, or a definition that has just come. */
export type StartSource =
  | { workflow_version_id: string }
  | { upload_id: string; entry_point?: string }
  | { workflow_content: object };

/** Names a run and starts it; Enter is enough (U1). A workflow that differs from its newest version is shown first (U16). */
export function StartDialog({ title, source, onClose }: { title: string; source: StartSource; onClose: () => void }) {
  const words = useTranslations('workflow');
  const common = useTranslations('common');
  const format = useFormatter();
  const navigate = useNavigate();
  const id = useId();
  const [name, setName] = useState(
    () => `${title} · ${format.dateTime(new Date(), { dateStyle: 'medium', timeStyle: 'short' })}`,
  );
  const [forceNew, setForceNew] = useState(false);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const [diff, setDiff] = useState<VersionDiff | null>(null);
  const key = useRef(newId());
  const start = async (confirm: boolean): Promise<void> => {
    setBusy(true);
    setError(null);
    try {
      const started = await dataOf(
        productionApi().POST('/workflow/start', {
          headers: { prefer: 'wait=1' },
          body: {
            project_name: name.trim(),
            ...source,
            confirm,
            force_new: forceNew,
            idempotency_key: key.current,
          } as never,
        }),
      );
      if (started.workflow_run_id === null) {
        key.current = newId();
        setDiff((started.result as { version_diff: VersionDiff }).version_diff);
        return;
      }
      onClose();
      await navigate({ to: '/r/$run', params: { run: started.workflow_run_id } });
    } catch (thrown) {
      setError(thrown);
    } finally {
      setBusy(false);
    }
  };
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (!busy && name.trim() !== '') void start(diff !== null);
  };
  return (
    <Dialog open look={diff ? 'medium' : 'small'} onClose={onClose} title={words('startTitle', { name: title })}>
      <form onSubmit={submit} className="grid gap-4">
        <label htmlFor={id} className="grid gap-1 text-sm font-medium">
          {words('runName')}
          <input
            id={id}
            dir="auto"
            autoFocus
            required
            maxLength={200}
            value={name}
            onFocus={(event) => event.target.select()}
            onChange={(event) => setName(event.target.value)}
            className="min-h-11 rounded-md border border-line-strong bg-surface px-3 font-normal"
          />
          <span className="font-normal text-ink-soft">{words('runNameHelp')}</span>
        </label>
        <label className="flex min-h-11 items-center gap-3 text-sm">
          <input
            type="checkbox"
            checked={forceNew}
            onChange={(event) => setForceNew(event.target.checked)}
            className="size-5 accent-accent"
          />
          {words('forceNew')}
        </label>
        {diff ? (
          <section className="grid gap-2">
            <h3 className="font-semibold">{words('changedTitle')}</h3>
            <p className="text-sm text-ink-soft">{words('changedText')}</p>
            <VersionChanges changes={diff.changes} />
          </section>
        ) : null}
        {error ? <ErrorCard error={error} /> : null}
        <div className="flex flex-wrap justify-end gap-2">
          <Button onClick={onClose}>{common('cancel')}</Button>
          <Button type="submit" look="primary" busy={busy} icon={<Play aria-hidden className="size-4" />}>
            {words(diff ? 'startChanged' : 'start')}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
