import { Badge, classNames, Menu, MenuItem, Skeleton, Spinner } from '@wfm/shared/components';
import { useQuery } from '@tanstack/react-query';
import type { WorkflowResponse } from '@wfm/workflow-engine/models';
import {
  Circle,
  CircleAlert,
  CircleCheck,
  CircleDot,
  Ellipsis,
  MessageCircleQuestionMark,
  Pencil,
  RotateCw,
  Undo2,
} from 'lucide-react';
import { useTranslations } from 'use-intl';
import { Cost, Duration } from '../figures.tsx';
import type { GoBackMode, GoBackTarget } from '../go-back/go-back-dialog.tsx';
import type { Outline, OutlineModule } from '../model/definition.ts';
import { type ModuleView, readOverview } from '../model/run-api.ts';
import { moduleKey } from '../model/run-model.ts';
import { runKey, useLiveRun, useRunModel } from '../model/use-run.ts';
import { Reason } from '../upgrade/upgrade-dialog.tsx';

/** Every step and module: which are over and how long they took, which one is at work, which are to come. */
export function ProgressPanel({
  status,
  outline,
  onGoBack,
}: {
  status: WorkflowResponse;
  outline: Outline | undefined;
  onGoBack: (target: GoBackTarget) => void;
}) {
  const model = useRunModel('modules');
  if (!outline) return <Skeleton className="m-4 h-48" />;
  return (
    <div className="grid gap-4 p-4">
      <StatusFields />
      <ol className="grid gap-4">
        {outline.steps.map((step) => {
          const done = status.progress.completed_steps.includes(step.stepId);
          const isCurrent = status.progress.current_step === step.stepId;
          return (
            <li key={step.stepId} {...(isCurrent ? { 'aria-current': 'step' as const } : {})}>
              <p
                className={classNames(
                  'mb-1 text-sm font-semibold',
                  !done && !isCurrent && status.status !== 'completed' && 'text-ink-faint',
                )}
                data-content
                dir="auto"
              >
                {step.name}
              </p>
              <ul className="grid">
                {step.modules.map((module) => (
                  <ModuleRow
                    key={module.name}
                    outline={module}
                    module={model.modules.get(moduleKey(step.stepId, module.name))}
                    canGoBack={status.status !== 'cancelled'}
                    onGoBack={(mode) =>
                      onGoBack({ stepId: step.stepId, moduleName: module.name, title: module.name, mode })
                    }
                  />
                ))}
              </ul>
            </li>
          );
        })}
      </ol>
    </div>
  );
}

/** What the author wants seen of the run at a glance (format.md 2.4). */
function StatusFields() {
  const { runId } = useLiveRun();
  const { run } = useRunModel('run');
  const { data } = useQuery({
    queryKey: runKey(runId, 'fields'),
    queryFn: async () => (await readOverview(runId)).run.status_fields,
    enabled: (run?.status_fields.length ?? 0) > 0,
    ...(run ? { initialData: run.status_fields } : {}),
  });
  const shown = data?.filter(({ value }) => value !== '') ?? [];
  if (shown.length === 0) return null;
  return (
    <dl className="grid gap-2 rounded-md bg-sunken p-3 text-sm">
      {shown.map(({ id, label, value }) => (
        <div key={id}>
          <dt className="text-xs text-ink-faint" data-content dir="auto">
            {label}
          </dt>
          <dd data-content dir="auto">
            {value}
          </dd>
        </div>
      ))}
    </dl>
  );
}

const icons: Record<ModuleView['phase'], typeof Circle> = {
  started: CircleDot,
  asked: MessageCircleQuestionMark,
  answered: CircleDot,
  waiting: CircleDot,
  task_finished: CircleDot,
  completed: CircleCheck,
  failed: CircleAlert,
};
const colours: Partial<Record<ModuleView['phase'], string>> = {
  asked: 'text-accent',
  completed: 'text-good',
  failed: 'text-bad',
};
const atWork = new Set<ModuleView['phase']>(['started', 'answered', 'waiting', 'task_finished']);

function ModuleRow({
  outline,
  module,
  canGoBack,
  onGoBack,
}: {
  outline: OutlineModule;
  module: ModuleView | undefined;
  canGoBack: boolean;
  onGoBack: (mode: GoBackMode) => void;
}) {
  const phases = useTranslations('run.phase');
  const Icon = module ? icons[module.phase] : Circle;
  return (
    <li className="flex min-h-11 items-center gap-2.5 text-sm">
      {module && atWork.has(module.phase) ? (
        <Spinner className="size-4 shrink-0 text-accent" />
      ) : (
        <Icon
          aria-hidden
          className={classNames('size-4 shrink-0', colours[module?.phase ?? 'started'] ?? 'text-line-strong')}
        />
      )}
      <div className="min-w-0 flex-1 py-1">
        <p className="flex flex-wrap items-baseline gap-x-2">
          <span className={classNames('font-mono text-xs', !module && 'text-ink-faint')} data-content>
            {outline.name}
          </span>
          <span className="sr-only">{module ? phases(module.phase) : phases('none')}</span>
          {module ? <ModuleNotes module={module} /> : null}
        </p>
        {module?.origin && module.origin.kind !== 'executed' ? (
          <p className="text-xs text-ink-soft">
            <Reason reason={module.reason ?? ''} />
          </p>
        ) : null}
      </div>
      <span className="text-xs whitespace-nowrap text-ink-faint tabular-nums">
        {module?.duration_ms == null ? null : <Duration ms={module.duration_ms} />}
        {module?.usage?.cost_usd ? (
          <>
            {' · '}
            <Cost usage={module.usage} />
          </>
        ) : null}
      </span>
      {module && canGoBack ? (
        <ModuleMenu name={outline.name} onGoBack={onGoBack} />
      ) : (
        <span className="size-11 shrink-0" />
      )}
    </li>
  );
}

/** What is out of the ordinary about it. */
function ModuleNotes({ module }: { module: ModuleView }) {
  const words = useTranslations('run.progress');
  return (
    <>
      {module.attempt > 1 ? (
        <span className="text-xs text-ink-soft">{words('attempt', { number: module.attempt })}</span>
      ) : null}
      {module.edited_inputs.length > 0 ? <Badge tone="accent">{words('byHand')}</Badge> : null}
      {module.warnings.length > 0 ? (
        <Badge tone="warn">{words('warnings', { count: module.warnings.length })}</Badge>
      ) : null}
    </>
  );
}

function ModuleMenu({ name, onGoBack }: { name: string; onGoBack: (mode: GoBackMode) => void }) {
  const words = useTranslations('run.progress');
  const icon = 'size-4';
  return (
    <Menu
      trigger={
        <button
          type="button"
          aria-label={words('acts', { name })}
          className="grid size-11 shrink-0 place-items-center rounded-md text-ink-faint hover:bg-sunken hover:text-ink"
        >
          <Ellipsis aria-hidden className="size-4" />
        </button>
      }
    >
      <MenuItem icon={<RotateCw aria-hidden className={icon} />} onSelect={() => onGoBack('retry')}>
        {words('again')}
      </MenuItem>
      <MenuItem icon={<Pencil aria-hidden className={icon} />} onSelect={() => onGoBack('edit')}>
        {words('edit')}
      </MenuItem>
      <MenuItem icon={<Undo2 aria-hidden className={icon} />} onSelect={() => onGoBack('jump')}>
        {words('jump')}
      </MenuItem>
    </Menu>
  );
}
