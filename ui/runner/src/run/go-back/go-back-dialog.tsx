import { ErrorCard } from '@wfm/shared/app';
import { Button, Dialog, Skeleton } from '@wfm/shared/components';
import { newId } from '@wfm/shared/core';
import { type ReactNode, useId, useMemo, useRef, useState } from 'react';
import { toast } from 'sonner';
import { useTranslations } from 'use-intl';
import { useOutline } from '../model/definition.ts';
import { jumpTo, reopenQuestion, retryModule } from '../model/run-api.ts';
import { moduleKey } from '../model/run-model.ts';
import { useModuleInputs, useModuleSchemas } from '../model/use-module-inputs.ts';
import { useLiveRun, useRunModel } from '../model/use-run.ts';
import { EditInputs } from './edit-inputs.tsx';
import { editedInputs, type Edits, inputFields } from './input-fields.ts';

export type GoBackMode = 'reopen' | 'retry' | 'edit' | 'jump';

/** Where to go back to: a module, and its question where it asked one. */
export interface GoBackTarget {
  stepId: string;
  moduleName: string;
  title: string;
  interactionId?: string;
  /** What is offered first. */
  mode?: GoBackMode;
}

/**
 * Going back to something that is over, on a new branch; what was made so far stays on its own (format.md 10.5):
 * answer again, run again with what follows kept or dropped, or with inputs edited by hand.
 */
export function GoBackDialog({ target, onClose }: { target: GoBackTarget; onClose: () => void }) {
  const words = useTranslations('run.goBack');
  const common = useTranslations('common');
  const modes: GoBackMode[] =
    target.interactionId === undefined ? ['retry', 'edit', 'jump'] : ['reopen', 'retry', 'edit', 'jump'];
  const [mode, setMode] = useState<GoBackMode>(target.mode ?? modes[0] ?? 'retry');
  const [feedback, setFeedback] = useState('');
  const [edits, setEdits] = useState<Edits>({});
  const inputs = useFields(target, mode === 'edit');
  const { inputs: changed, faults } = editedInputs(inputs.fields ?? [], edits);
  const { go, busy, error } = useGoBack(target, onClose);
  const feedbackId = useId();
  const ready = mode !== 'edit' || (faults.size === 0 && Object.keys(changed).length > 0);
  return (
    <Dialog
      open
      onClose={onClose}
      title={words('title')}
      description={
        <>
          <span data-content dir="auto" className="font-medium text-ink">
            {target.title}
          </span>
          <br />
          {words('kept')}
        </>
      }
      footer={
        <>
          <Button onClick={onClose}>{common('cancel')}</Button>
          <Button look="primary" busy={busy} disabled={!ready} onClick={() => go(mode, { feedback, inputs: changed })}>
            {words(`do_${mode}`)}
          </Button>
        </>
      }
    >
      <fieldset className="grid gap-2">
        <legend className="sr-only">{words('how')}</legend>
        {modes.map((id) => (
          <Choice
            key={id}
            name={words(id)}
            text={words(`${id}Text`)}
            checked={mode === id}
            onChoose={() => setMode(id)}
          />
        ))}
      </fieldset>
      {mode === 'retry' ? (
        <div className="mt-4 grid gap-1.5">
          <label htmlFor={feedbackId} className="text-sm font-medium">
            {words('feedback')} <span className="font-normal text-ink-faint">({common('optional')})</span>
          </label>
          <textarea
            id={feedbackId}
            dir="auto"
            rows={3}
            value={feedback}
            onChange={(event) => setFeedback(event.target.value)}
            className="rounded-md border border-line-strong bg-surface px-3 py-2 text-sm"
          />
        </div>
      ) : null}
      {mode === 'edit' ? (
        <div className="mt-4 grid gap-3">
          {inputs.error ? <ErrorCard error={inputs.error} onRetry={inputs.retry} /> : null}
          {inputs.fields ? (
            <EditInputs fields={inputs.fields} edits={edits} faults={faults} onChange={setEdits} />
          ) : inputs.error ? null : (
            <Skeleton className="h-32" />
          )}
        </div>
      ) : null}
      {error ? (
        <div className="mt-4">
          <ErrorCard error={error} />
        </div>
      ) : null}
    </Dialog>
  );
}

function Choice({
  name,
  text,
  checked,
  onChoose,
}: {
  name: ReactNode;
  text: ReactNode;
  checked: boolean;
  onChoose: () => void;
}) {
  return (
    <label className="flex min-h-11 cursor-pointer items-start gap-3 rounded-md border border-line p-3 has-checked:border-accent has-checked:bg-accent-soft">
      <input type="radio" name="go-back" checked={checked} onChange={onChoose} className="mt-1 size-4 accent-accent" />
      <span className="grid gap-0.5">
        <span className="text-sm font-medium">{name}</span>
        <span className="text-sm text-ink-soft">{text}</span>
      </span>
    </label>
  );
}

/** The fields of the module's inputs, read once they are wanted. */
function useFields({ stepId, moduleName }: GoBackTarget, wanted: boolean) {
  const { runId } = useLiveRun();
  const model = useRunModel('modules');
  const outline = useOutline(runId);
  const schemas = useModuleSchemas();
  const branchId = model.status?.branch_id ?? '';
  const module = model.modules.get(moduleKey(stepId, moduleName));
  const inputs = useModuleInputs(runId, { branchId, stepId, moduleName, startedSeq: module?.started_seq ?? 0 });
  const moduleId = outline?.steps
    .find((step) => step.stepId === stepId)
    ?.modules.find(({ name }) => name === moduleName)?.moduleId;
  const schema = schemas.data?.get(moduleId ?? '')?.inputs;
  const given = inputs.data;
  const fields = useMemo(
    () => (wanted && given !== undefined && schema !== undefined ? inputFields(schema, given ?? {}) : undefined),
    [wanted, given, schema],
  );
  const retry = (): void => {
    void inputs.refetch();
    void schemas.refetch();
  };
  return { fields, error: wanted ? (inputs.error ?? schemas.error) : null, retry };
}

function useGoBack({ stepId, moduleName, interactionId }: GoBackTarget, onDone: () => void) {
  const words = useTranslations('run.goBack');
  const { runId, feed } = useLiveRun();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const key = useRef(newId());
  const send = (mode: GoBackMode, more: { feedback: string; inputs: Record<string, unknown> }): Promise<unknown> => {
    const departure = { step_id: stepId, module_name: moduleName, idempotency_key: key.current };
    if (mode === 'reopen') return reopenQuestion(runId, interactionId ?? '', key.current);
    if (mode === 'jump') return jumpTo(runId, departure);
    if (mode === 'edit') return retryModule(runId, { ...departure, inputs_override: more.inputs });
    const feedback = more.feedback.trim();
    return retryModule(runId, feedback === '' ? departure : { ...departure, feedback });
  };
  const go = (mode: GoBackMode, more: { feedback: string; inputs: Record<string, unknown> }): void => {
    setBusy(true);
    setError(null);
    send(mode, more)
      .then(() => {
        feed.commanded();
        toast.success(words('done'));
        onDone();
      })
      .catch((thrown: unknown) => {
        // The same act with other words is another act.
        key.current = newId();
        setError(thrown);
      })
      .finally(() => setBusy(false));
  };
  return { go, busy, error };
}
