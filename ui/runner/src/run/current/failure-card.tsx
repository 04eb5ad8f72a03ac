import { ErrorCard, useCopy, useExplain } from '@wfm/shared/app';
import { Badge, Button, Card } from '@wfm/shared/components';
import type { WorkflowResponse } from '@wfm/workflow-engine/models';
import { CircleAlert, ClipboardCopy, Pencil, RotateCw, Sparkles } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { useTranslations } from 'use-intl';
import type { GoBackTarget } from '../go-back/go-back-dialog.tsx';
import type { Outline } from '../model/definition.ts';
import { type ModuleView, resumeRun } from '../model/run-api.ts';
import { useModuleInputs } from '../model/use-module-inputs.ts';
import { useLiveRun, useRunModel } from '../model/use-run.ts';
import { TextBox } from '../text-box.tsx';
import { valueText } from '../value-text.ts';

/**
 * A run that has failed: what, where, with which inputs, what the provider said, and what may be done safely (U21, E25).
 */
export function FailureCard({
  status,
  outline,
  onGoBack,
  onUpgrade,
}: {
  status: WorkflowResponse;
  outline: Outline | undefined;
  onGoBack: (target: GoBackTarget) => void;
  /** Absent: there is no newer version. */
  onUpgrade: (() => void) | undefined;
}) {
  const words = useTranslations('run.failed');
  const { runId, feed } = useLiveRun();
  const model = useRunModel('modules');
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const copy = useCopy();
  const explain = useExplain();
  const { failed, stepId, moduleName, stepName, moduleId } = placeOf(status, outline, [...model.modules.values()]);
  const inputs = useModuleInputs(runId, {
    branchId: status.branch_id ?? '',
    stepId,
    moduleName,
    startedSeq: failed?.started_seq ?? 0,
  });
  const fault = status.error;
  if (!fault) return null;
  const told = explain(fault);
  const retry = (): void => {
    setBusy(true);
    setError(null);
    resumeRun(runId)
      .then(() => feed.commanded())
      .catch(setError)
      .finally(() => setBusy(false));
  };
  const reference = `${runId} · ${status.branch_id ?? ''}:${status.last_seq}`;
  const report = (): string =>
    [
      `${fault.title} (${fault.code})`,
      fault.message,
      `module: ${stepId}/${moduleName} (${moduleId ?? fault.module_id ?? ''}), attempt ${fault.attempt ?? failed?.attempt ?? 1}`,
      ...(fault.place === undefined ? [] : [`place: ${fault.place}`]),
      `version: ${model.versionId}`,
      `reference: ${reference}`,
      ...(fault.details === undefined ? [] : [`details: ${valueText(fault.details)}`]),
      `inputs: ${valueText(inputs.data ?? null)}`,
    ].join('\n');
  return (
    <Card className="overflow-clip border-bad/40" aria-label={words('title')}>
      <div role="alert" className="flex items-start gap-3 bg-bad-soft px-4 py-4 sm:px-6 dark:bg-bad-soft/50">
        <CircleAlert aria-hidden className="mt-0.5 size-5 shrink-0 text-bad" />
        <div className="min-w-0">
          <p className="text-xs text-ink-soft">
            <span data-content dir="auto">
              {stepName}
            </span>
            {' · '}
            <code data-content>{moduleName}</code>
            {moduleId === undefined || moduleId === moduleName ? null : <code className="ms-1">({moduleId})</code>}
          </p>
          <h2 className="text-lg font-semibold text-bad">{told.title}</h2>
          <p className="mt-1" {...(told.verbatim ? { 'data-content': true, dir: 'auto' } : {})}>
            {told.text}
          </p>
          {told.next === undefined ? null : <p className="mt-1">{told.next}</p>}
          {told.verbatim ? null : (
            <p className="mt-1 text-sm text-ink-soft" data-content dir="auto">
              {fault.message}
            </p>
          )}
          {fault.place === undefined ? null : (
            <p className="mt-1 text-xs text-ink-soft">
              {words('place')} <code>{fault.place}</code>
            </p>
          )}
        </div>
      </div>
      <div className="grid gap-3 px-4 py-4 sm:px-6">
        {fault.details === undefined ? null : (
          <Fold title={words('details')}>
            <TextBox code className="max-h-64">
              {valueText(fault.details)}
            </TextBox>
          </Fold>
        )}
        {inputs.data ? <GivenInputs inputs={inputs.data} edited={failed?.edited_inputs ?? []} /> : null}
        <p className="text-sm text-ink-soft">{fault.transient ? words('mayPass') : words('safe')}</p>
        {error ? <ErrorCard error={error} /> : null}
        <div className="flex flex-wrap gap-2">
          <Button look="primary" busy={busy} icon={<RotateCw aria-hidden className="size-4" />} onClick={retry}>
            {words('retry')}
          </Button>
          {failed ? (
            <Button
              icon={<Pencil aria-hidden className="size-4" />}
              onClick={() => onGoBack({ stepId, moduleName, title: moduleName, mode: 'edit' })}
            >
              {words('edit')}
            </Button>
          ) : null}
          {onUpgrade ? (
            <Button icon={<Sparkles aria-hidden className="size-4" />} onClick={onUpgrade}>
              {words('upgrade')}
            </Button>
          ) : null}
        </div>
        <div className="-mb-2 flex flex-wrap items-center gap-x-3 border-t border-line pt-2">
          <p className="min-w-48 flex-1 text-xs text-ink-faint">{words('reference', { id: reference })}</p>
          <Button look="quiet" icon={<ClipboardCopy aria-hidden className="size-4" />} onClick={() => copy(report())}>
            {words('copy')}
          </Button>
        </div>
      </div>
    </Card>
  );
}

/** What the module was given, its templates resolved. */
function GivenInputs({ inputs, edited }: { inputs: Record<string, unknown>; edited: readonly string[] }) {
  const words = useTranslations('run.failed');
  return (
    <Fold title={words('inputs')}>
      <dl className="grid gap-3 text-sm">
        {Object.entries(inputs).map(([name, value]) => (
          <div key={name}>
            <dt className="flex items-center gap-2 font-mono text-xs text-ink-soft">
              {name}
              {edited.includes(name) ? <Badge tone="accent">{words('byHand')}</Badge> : null}
            </dt>
            <dd>
              <TextBox className="max-h-48">{valueText(value)}</TextBox>
            </dd>
          </div>
        ))}
      </dl>
    </Fold>
  );
}

/** Which module failed: the one that was begun last of those that have, else the one that the run stands at. */
function placeOf(status: WorkflowResponse, outline: Outline | undefined, modules: readonly ModuleView[]) {
  const failed = modules.filter(({ phase }) => phase === 'failed').sort((a, b) => b.started_seq - a.started_seq)[0];
  const stepId = failed?.step_id ?? status.progress.current_step ?? '';
  const moduleName = failed?.module_name ?? status.progress.current_module ?? '';
  const step = outline?.steps.find((candidate) => candidate.stepId === stepId);
  const moduleId = step?.modules.find(({ name }) => name === moduleName)?.moduleId;
  return { failed, stepId, moduleName, stepName: step?.name ?? stepId, moduleId };
}

function Fold({ title, children }: { title: string; children: ReactNode }) {
  return (
    <details className="rounded-md border border-line bg-sunken px-3">
      <summary className="flex min-h-11 items-center text-sm font-medium">{title}</summary>
      <div className="border-t border-line py-3">{children}</div>
    </details>
  );
}
