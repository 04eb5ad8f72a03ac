import { useCopy, useExplain } from '@wfm/shared/app';
import { Button, Card } from '@wfm/shared/components';
import type { VirtualWorkflowResponse } from '@wfm/workflow-engine/models';
import { CircleAlert, ClipboardCopy, Crosshair, RotateCw } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslations } from 'use-intl';
import { findModule, outlineOf } from '../document/outline.ts';
import { goToPlace } from '../problems/problem-acts.ts';
import { useEditor, useWorkbench } from '../workbench/workbench.ts';
import { recordsOf } from './module-records.ts';
import { shortened, valueText } from './value-text.ts';

/** A preview that ended in a failure: what failed, at which field, with which inputs, what the provider said (E25). */
export function FailureCard({ response }: { response: VirtualWorkflowResponse }) {
  const words = useTranslations('preview.failure');
  const common = useTranslations('common');
  const workbench = useWorkbench();
  const outline = useEditor(({ history }) => outlineOf(history.present.document));
  const explain = useExplain();
  const copy = useCopy();
  const { error: fault, progress } = response;
  if (!fault) return null;
  const key = `${progress.current_step ?? ''}/${progress.current_module ?? ''}`;
  const module = findModule(outline, key);
  const step = outline.steps.find(({ stepId }) => stepId === progress.current_step);
  const inputs = recordsOf(response).get(key)?.inputs;
  const { title, text, verbatim, next } = explain(fault);
  const place = placeIn(fault.place, step?.index, module?.index);
  const report = (): string =>
    [
      `${fault.title} (${fault.code})`,
      fault.message,
      `module: ${key} (${module?.moduleId ?? fault.module_id ?? ''}), attempt ${fault.attempt ?? 1}`,
      ...(fault.place === undefined ? [] : [`place: ${fault.place}`]),
      `preview: ${response.virtual_run_id}, engine ${response.engine}`,
      `page: ${globalThis.location.pathname}`,
      ...(fault.details === undefined ? [] : [`details: ${valueText(fault.details)}`]),
      `inputs: ${shortened(valueText(inputs ?? null))}`,
    ].join('\n');
  return (
    <Card className="overflow-clip border-bad/40" aria-label={words('title')}>
      <div role="alert" className="flex items-start gap-3 bg-bad-soft px-4 py-3">
        <CircleAlert aria-hidden className="mt-0.5 size-5 shrink-0 text-bad" />
        <div className="min-w-0">
          <p className="text-xs text-ink-soft">
            <span data-content dir="auto">
              {step?.name ?? progress.current_step}
            </span>
            {' · '}
            <code data-content>{progress.current_module}</code>
          </p>
          <h3 className="font-semibold text-bad">{title}</h3>
          <p className="mt-1 text-sm" {...(verbatim ? { 'data-content': true, dir: 'auto' } : {})}>
            {text}
          </p>
          {next === undefined ? null : <p className="mt-1 text-sm">{next}</p>}
          {verbatim || fault.message === text ? null : (
            <p className="mt-1 text-sm text-ink-soft" data-content dir="auto">
              {fault.message}
            </p>
          )}
          {fault.place === undefined ? null : (
            <p className="mt-1 text-xs text-ink-soft">
              {words('field')} <code data-content>{fault.place}</code>
            </p>
          )}
        </div>
      </div>
      <div className="grid gap-3 px-4 py-3">
        {fault.details === undefined ? null : (
          <Fold title={words('details')}>
            <Code>{valueText(fault.details)}</Code>
          </Fold>
        )}
        {inputs ? (
          <Fold title={words('inputs')} isOpen>
            <dl className="grid gap-2 text-sm">
              {Object.entries(inputs).map(([name, value]) => (
                <div key={name}>
                  <dt className="font-mono text-xs text-ink-soft">{name}</dt>
                  <dd>
                    <Code>{valueText(value)}</Code>
                  </dd>
                </div>
              ))}
            </dl>
          </Fold>
        ) : null}
        {fault.transient ? <p className="text-sm text-ink-soft">{words('mayPass')}</p> : null}
        <div className="flex flex-wrap gap-2">
          <Button
            size="small"
            look="primary"
            icon={<RotateCw aria-hidden className="size-4" />}
            onClick={() => void workbench.preview.run([key])}
          >
            {words('retry')}
          </Button>
          {module ? (
            <Button
              size="small"
              icon={<Crosshair aria-hidden className="size-4" />}
              onClick={() => goToPlace(workbench, place)}
            >
              {words('goToField')}
            </Button>
          ) : null}
          <Button
            size="small"
            look="quiet"
            icon={<ClipboardCopy aria-hidden className="size-4" />}
            onClick={() => copy(report())}
          >
            {common('copyReport')}
          </Button>
        </div>
      </div>
    </Card>
  );
}

/** A module says places within itself; the editor goes to places of the whole definition. */
function placeIn(place: string | undefined, step: number | undefined, module: number | undefined): string {
  if (place?.startsWith('steps[') || step === undefined || module === undefined) return place ?? '';
  const own =
    place === undefined || !/^(?:inputs|outputs_to_state|retryable|sub_actions)\b/.test(place) ? '' : `.${place}`;
  return `steps[${step}].modules[${module}]${own}`;
}

export function Fold({ title, isOpen = false, children }: { title: ReactNode; isOpen?: boolean; children: ReactNode }) {
  return (
    <details open={isOpen} className="rounded-md border border-line bg-sunken px-3">
      <summary className="flex min-h-9 items-center text-sm font-medium">{title}</summary>
      <div className="border-t border-line py-2">{children}</div>
    </details>
  );
}

/** A value as it is, scrolled within its box by keys too. */
export function Code({ children }: { children: string }) {
  return (
    <pre data-content dir="auto" tabIndex={0} className="max-h-48 overflow-auto font-mono text-xs whitespace-pre-wrap">
      {shortened(children)}
    </pre>
  );
}
