import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { ErrorCard } from '@wfm/shared/app';
import { Badge, Button, classNames, Dialog, Notice } from '@wfm/shared/components';
import { callProduction, dataOf, isApiError, productionApi } from '@wfm/shared/core';
import { FileUp } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { useTranslations } from 'use-intl';
import { StartDialog, type StartSource } from './start-dialog.tsx';

interface Finding {
  code: string;
  severity: 'error' | 'warning' | 'info';
  place: string;
  file?: string | undefined;
  message: string;
}
interface Checked {
  name: string;
  source: StartSource;
  findings: Finding[];
}

/** Takes a workflow from a file: its problems first, each with its place; then it is added, or started at once. */
export function UploadDialog({ onClose }: { onClose: () => void }) {
  const words = useTranslations('workflow');
  const common = useTranslations('common');
  const client = useQueryClient();
  const navigate = useNavigate();
  const [checked, setChecked] = useState<Checked | null>(null);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const [isOver, setOver] = useState(false);
  const [starting, setStarting] = useState(false);
  const take = async (file: File | undefined): Promise<void> => {
    if (!file || busy) return;
    setBusy(true);
    setError(null);
    setChecked(null);
    try {
      const source = await sourceOf(file);
      const { diagnostics } = await dataOf(productionApi().POST('/workflow/validate', { body: source as never }));
      setChecked({ name: nameOf(source, file), source, findings: diagnostics });
    } catch (thrown) {
      setError(thrown);
    } finally {
      setBusy(false);
    }
  };
  const add = async (): Promise<void> => {
    if (!checked) return;
    setBusy(true);
    setError(null);
    try {
      const { template } = await dataOf(productionApi().POST('/workflow-templates', { body: checked.source as never }));
      await client.invalidateQueries({ queryKey: ['templates'] });
      onClose();
      await navigate({ to: '/w/$id', params: { id: template.template_id } });
    } catch (thrown) {
      setError(thrown);
      setBusy(false);
    }
  };
  if (starting && checked) return <StartDialog title={checked.name} source={checked.source} onClose={onClose} />;
  const hasErrors = checked?.findings.some(({ severity }) => severity === 'error') ?? false;
  return (
    <Dialog
      open
      onClose={onClose}
      title={words('uploadTitle')}
      description={words('uploadText')}
      footer={
        <>
          <Button onClick={onClose}>{common('cancel')}</Button>
          <Button disabled={!checked || hasErrors || busy} onClick={() => setStarting(true)}>
            {words('startAtOnce')}
          </Button>
          <Button
            look="primary"
            busy={busy && checked !== null}
            disabled={!checked || hasErrors}
            onClick={() => void add()}
          >
            {words('add')}
          </Button>
        </>
      }
    >
      <div className="grid gap-4">
        <label
          onDragOver={(event) => {
            event.preventDefault();
            setOver(true);
          }}
          onDragLeave={() => setOver(false)}
          onDrop={(event) => {
            event.preventDefault();
            setOver(false);
            void take(event.dataTransfer.files[0]);
          }}
          className={classNames(
            'grid cursor-pointer justify-items-center gap-2 rounded-md border-2 border-dashed p-6 text-center has-focus-visible:outline-2 has-focus-visible:outline-accent',
            isOver ? 'border-accent bg-accent-soft' : 'border-line-strong',
          )}
        >
          <FileUp aria-hidden className="size-7 text-ink-faint" />
          <span className="font-medium">{words('chooseFile')}</span>
          <span className="text-sm text-ink-soft">{words('chooseFileText')}</span>
          <input
            type="file"
            accept=".json,.zip,application/json,application/zip"
            onChange={(event) => void take(event.target.files?.[0])}
            className="sr-only"
          />
        </label>
        {error ? <Refusal error={error} /> : null}
        {checked ? <Findings name={checked.name} findings={checked.findings} /> : null}
      </div>
    </Dialog>
  );
}

function Refusal({ error }: { error: unknown }): ReactNode {
  const errors = isApiError(error) ? error.problem.errors : [];
  return (
    <ErrorCard error={error}>
      {errors.length === 0 ? null : (
        <ul className="mt-2 list-disc ps-5">
          {errors.slice(0, 50).map(({ path, message }) => (
            <li key={`${path} ${message}`}>
              {path === '' ? null : <code className="me-1 text-xs">{path}</code>}
              {message}
            </li>
          ))}
        </ul>
      )}
    </ErrorCard>
  );
}

function Findings({ name, findings }: { name: string; findings: readonly Finding[] }) {
  const words = useTranslations('workflow');
  if (findings.length === 0) return <Notice tone="good" title={words('noProblems', { name })} />;
  return (
    <section aria-label={words('problems')} className="grid gap-2">
      <h3 className="font-semibold">{words('problemsIn', { name, count: findings.length })}</h3>
      <ul className="max-h-72 divide-y divide-line overflow-auto rounded-md border border-line" tabIndex={0}>
        {findings.map((finding, index) => (
          <li key={index} className="grid gap-1 p-3 text-sm">
            <span className="flex flex-wrap items-center gap-2">
              <Badge tone={finding.severity === 'error' ? 'bad' : finding.severity === 'warning' ? 'warn' : 'neutral'}>
                {words(`severity_${finding.severity}`)}
              </Badge>
              <code className="text-xs break-all text-ink-soft" dir="ltr">
                {[finding.file, finding.place].filter(Boolean).join(' · ')}
              </code>
            </span>
            <span>{finding.message}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}

async function sourceOf(file: File): Promise<StartSource> {
  if (!file.name.toLowerCase().endsWith('.zip')) return { workflow_content: JSON.parse(await file.text()) as object };
  const reply = await callProduction('/uploads?purpose=package', { method: 'POST', body: file });
  return { upload_id: ((await reply.json()) as { upload_id: string }).upload_id };
}

function nameOf(source: StartSource, file: File): string {
  const content = 'workflow_content' in source ? (source.workflow_content as { name?: unknown }) : {};
  return typeof content.name === 'string' ? content.name : file.name.replace(/\.[^.]*$/, '');
}
