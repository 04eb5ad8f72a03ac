import { classNames } from '@wfm/shared/components';
import type { PlanEntry, VirtualWorkflowResponse } from '@wfm/workflow-engine/models';
import { Ban, CircleAlert, CircleDashed, CircleHelp, FlaskConical, History, Pin, Play, RotateCcw } from 'lucide-react';
import { memo, useEffect, useRef } from 'react';
import { useTranslations } from 'use-intl';
import { Virtualizer, type VirtualizerHandle } from 'virtua';
import { modulesOf, type OutlineModule } from '../document/outline.ts';
import { useOutcome } from '../workbench/module-facts.ts';
import { useEditor, useOutline, usePreview, useWorkbench } from '../workbench/workbench.ts';
import { ModuleMode } from './module-mode.tsx';

const icons = {
  executed: Play,
  reused: RotateCcw,
  answer_reapplied: History,
  asked_again: CircleHelp,
  mocked: FlaskConical,
  pinned: Pin,
  not_reached: CircleDashed,
  waiting: CircleHelp,
  failed: CircleAlert,
  none: Ban,
};

type Outcome = PlanEntry['action'] | 'waiting' | 'failed';

/** What became of a module, as a person would say it: a question that is open waits for somebody. */
export function outcomeOf(response: VirtualWorkflowResponse, entry: PlanEntry): Outcome {
  const { step_id: step, module_name: name } = entry;
  const asks = response.interaction_request?.step_context;
  if (asks?.step_id === step && asks.module_name === name) return 'waiting';
  const { current_step, current_module } = response.progress;
  if (response.status === 'error' && current_step === step && current_module === name) return 'failed';
  return entry.action;
}

const tones: Partial<Record<Outcome, string>> = {
  executed: 'text-accent',
  mocked: 'text-accent',
  waiting: 'text-warn',
  failed: 'text-bad',
  answer_reapplied: 'text-good',
  reused: 'text-good',
};

/** Every module with what the newest preview did with it and why, and how it is answered (E12, E13). */
export function OutcomesList() {
  const words = useTranslations('preview.outcomes');
  const outline = useOutline();
  const stale = usePreview((state) => state.stale);
  const modules = modulesOf(outline);
  const list = useRef<VirtualizerHandle>(null);
  const selected = useEditor(({ history: { present } }) => present.selection.key);
  const at = modules.findIndex(({ key }) => key === selected);
  useEffect(() => {
    if (at >= 0) list.current?.scrollToIndex(at, { align: 'nearest' });
  }, [at]);
  return (
    <div
      role="list"
      aria-label={words('label')}
      className={classNames('min-h-0 flex-1 overflow-auto', stale && 'opacity-70')}
    >
      <Virtualizer ref={list} data={modules} itemSize={44}>
        {(module) => <OutcomeRow key={module.key} module={module} />}
      </Virtualizer>
    </div>
  );
}

const OutcomeRow = memo(function OutcomeRow({ module }: { module: OutlineModule }) {
  const words = useTranslations('preview.outcomes');
  const { store } = useWorkbench();
  const isSelected = useEditor(({ history: { present } }) => present.selection.key === module.key);
  const entry = useOutcome(module.key);
  const outcome = usePreview(({ response }) => (response && entry ? outcomeOf(response, entry) : null));
  const Icon = icons[outcome ?? 'none'];
  return (
    <div
      role="listitem"
      data-module={module.key}
      data-outcome={outcome ?? undefined}
      className={classNames(
        'flex min-h-11 items-center gap-2 border-b border-line px-3',
        isSelected && 'bg-accent-soft',
      )}
    >
      <button
        type="button"
        aria-current={isSelected || undefined}
        onClick={() => store.acts.select({ kind: 'module', key: module.key })}
        className="flex min-w-0 flex-1 items-center gap-2 py-1 text-start text-sm"
      >
        <Icon aria-hidden className={classNames('size-4 shrink-0', (outcome && tones[outcome]) ?? 'text-ink-faint')} />
        <span className="grid min-w-0 flex-1">
          <code className="max-w-full justify-self-start truncate text-xs font-medium" data-content dir="ltr">
            {module.name}
          </code>
          {entry && outcome ? (
            <span className="truncate text-xs text-ink-soft">
              <OutcomeWords entry={entry} outcome={outcome} />
            </span>
          ) : (
            <span className="truncate text-xs text-ink-faint">{words('none')}</span>
          )}
        </span>
      </button>
      <ModuleMode module={module} />
    </div>
  );
});

function OutcomeWords({ entry, outcome }: { entry: PlanEntry; outcome: Outcome }) {
  const words = useTranslations('preview.outcomes');
  const reasons = useTranslations('run.reason');
  const inputs = (entry.inputs ?? []).join(', ');
  // The reasons are those of the format's table; one that a newer server adds is shown as it is.
  const why = reasons.has(entry.reason as 'forced')
    ? reasons(entry.reason as 'inputs_changed', { inputs })
    : entry.reason;
  return (
    <>
      <span className="font-medium">{words(outcome)}</span>
      {outcome === 'waiting' && entry.reason === 'no_record' ? null : <> · {why}</>}
      {entry.duration_ms > 0 ? <> · {words('ms', { ms: entry.duration_ms })}</> : null}
    </>
  );
}
