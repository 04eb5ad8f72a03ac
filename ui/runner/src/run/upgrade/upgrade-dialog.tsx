import { useQuery, useQueryClient } from '@tanstack/react-query';
import { ErrorCard } from '@wfm/shared/app';
import { Badge, Button, Dialog, Notice, Skeleton, type Tone } from '@wfm/shared/components';
import { dataOf, isApiError, productionApi } from '@wfm/shared/core';
import type { Plan, PlanEntry } from '@wfm/workflow-engine/models';
import { useState } from 'react';
import { toast } from 'sonner';
import { useTranslations } from 'use-intl';
import { ChangeList } from '../branches/value-changes.tsx';
import { Cost } from '../figures.tsx';
import { useLiveRun, useRunModel } from '../model/use-run.ts';

/** Going on with a newer version: what changed, what stays, what runs again and at what likely cost; then the act (U16). */
export function UpgradeDialog({
  newer,
  onClose,
}: {
  newer: { versionId: string; number: number };
  onClose: () => void;
}) {
  const words = useTranslations('run.upgrade');
  const common = useTranslations('common');
  const { runId, feed } = useLiveRun();
  const client = useQueryClient();
  const plan = usePlan(newer.versionId);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const confirm = (): void => {
    if (!plan.data) return;
    setBusy(true);
    setError(null);
    dataOf(
      productionApi().POST('/workflow/{run}/resume/confirm', {
        params: { path: { run: runId } },
        headers: { prefer: 'wait=0' },
        body: { workflow_version_id: newer.versionId, plan_id: plan.data.plan_id } as never,
      }),
    )
      .then(() => {
        feed.commanded();
        void client.invalidateQueries({ queryKey: ['run', runId, 'definition'] });
        toast.success(words('done', { number: newer.number }));
        onClose();
      })
      .catch((thrown: unknown) => {
        setError(thrown);
        setBusy(false);
        // The run has moved since: the plan is made anew, to be looked at again.
        if (isApiError(thrown, 'plan_stale')) void plan.refetch();
      });
  };
  return (
    <Dialog
      open
      onClose={onClose}
      title={words('title', { number: newer.number })}
      description={words('text')}
      footer={
        <>
          <Button onClick={onClose}>{common('cancel')}</Button>
          <Button look="primary" busy={busy} disabled={!plan.data} onClick={confirm}>
            {words('confirm', { number: newer.number })}
          </Button>
        </>
      }
    >
      <div className="grid gap-4">
        <Changes newVersionId={newer.versionId} />
        {plan.error ? <ErrorCard error={plan.error} onRetry={() => void plan.refetch()} /> : null}
        {plan.isPending ? <Skeleton className="h-40" /> : null}
        {plan.data ? <PlanView plan={plan.data} /> : null}
        {plan.data === null ? <Notice title={words('same')} /> : null}
        {error ? <ErrorCard error={error} /> : null}
      </div>
    </Dialog>
  );
}

/** What the run would do; null where it follows that version already. Planning changes nothing. */
function usePlan(versionId: string) {
  const { runId } = useLiveRun();
  const { status } = useRunModel('status');
  return useQuery({
    queryKey: ['run', runId, 'plan', versionId, status?.branch_id, status?.last_seq],
    staleTime: 0,
    async queryFn(): Promise<Plan | null> {
      const answer = await dataOf(
        productionApi().POST('/workflow/{run}/resume', {
          params: { path: { run: runId } },
          body: { workflow_version_id: versionId } as never,
        }),
      );
      const result = answer.result as { requires_confirmation?: boolean; plan?: Plan } | undefined;
      return result?.requires_confirmation === true ? (result.plan ?? null) : null;
    },
  });
}

const groups: { id: string; tone: Tone; actions: readonly PlanEntry['action'][] }[] = [
  { id: 'kept', tone: 'good', actions: ['reused', 'answer_reapplied', 'mocked', 'pinned'] },
  { id: 'asked', tone: 'accent', actions: ['asked_again'] },
  { id: 'run', tone: 'warn', actions: ['executed'] },
  { id: 'later', tone: 'neutral', actions: ['not_reached'] },
];

function PlanView({ plan }: { plan: Plan }) {
  const words = useTranslations('run.upgrade');
  return (
    <div className="grid gap-4">
      {groups.map(({ id, tone, actions }) => {
        const entries = plan.modules.filter(({ action }) => actions.includes(action));
        if (entries.length === 0) return null;
        return (
          <section key={id} aria-label={words(`group_${id}` as 'group_kept')}>
            <h3 className="mb-1.5 flex items-center gap-2 text-sm font-semibold">
              {words(`group_${id}` as 'group_kept')}
              <Badge tone={tone}>{entries.length}</Badge>
            </h3>
            <ul className="divide-y divide-line rounded-md border border-line text-sm">
              {entries.map((entry) => (
                <li
                  key={`${entry.step_id}/${entry.module_name}`}
                  className="flex flex-wrap items-baseline gap-x-3 px-3 py-2"
                >
                  <code data-content>
                    {entry.step_id} / {entry.module_name}
                  </code>
                  <span className="flex-1 text-ink-soft">
                    <Reason reason={entry.reason} inputs={entry.inputs ?? []} />
                  </span>
                  {entry.cost_usd === undefined ? null : (
                    <span className="text-ink-soft tabular-nums">
                      <Cost usage={entry} />
                    </span>
                  )}
                </li>
              ))}
            </ul>
          </section>
        );
      })}
      <p className="text-sm">
        {words('cost')} <Cost usage={{ cost_usd: plan.likely_cost_usd }} />
        {plan.cost_unknown > 0 ? (
          <span className="text-ink-soft"> {words('costUnknown', { count: plan.cost_unknown })}</span>
        ) : null}
      </p>
    </div>
  );
}

/** Why a module was or would be run, kept or asked again (format.md 10.9). */
export function Reason({ reason, inputs = [] }: { reason: string; inputs?: readonly string[] }) {
  const words = useTranslations('run.reason');
  const key = reason as 'no_record';
  return <>{words.has(key) ? words(key, { inputs: inputs.join(', ') }) : reason}</>;
}

/** What differs between the run's version and the newer one. */
function Changes({ newVersionId }: { newVersionId: string }) {
  const words = useTranslations('run.upgrade');
  const model = useRunModel('run');
  const template = model.run?.template_id ?? '';
  const { data } = useQuery({
    queryKey: ['version-diff', template, model.versionId, newVersionId],
    enabled: template !== '',
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: () =>
      dataOf(
        productionApi().GET('/workflow-templates/{template}/versions/compare', {
          params: { path: { template }, query: { a: model.versionId, b: newVersionId } },
        }),
      ),
  });
  if (!data?.has_changes) return null;
  const shown = data.changes.slice(0, 20);
  return (
    <details className="rounded-md border border-line">
      <summary className="flex min-h-11 items-center gap-2 px-3 text-sm font-medium">
        {words('changes', { count: data.changes.length })}
      </summary>
      <ChangeList
        changes={shown.map(({ type, path, old_value, new_value }) => ({ type, path, a: old_value, b: new_value }))}
        more={data.changes.length - shown.length}
        title={words('definition')}
      />
    </details>
  );
}
