import { useQuery } from '@tanstack/react-query';
import { CrashBoundary } from '@wfm/shared/app';
import { type Attempt, InteractionCard } from '@wfm/shared/interaction';
import type { InteractionRequest, WorkflowResponse } from '@wfm/workflow-engine/models';
import type { GoBackTarget } from '../go-back/go-back-dialog.tsx';
import type { Outline } from '../model/definition.ts';
import { useBranches } from '../branches/use-branches.ts';
import { readAttempts } from '../model/run-api.ts';
import { runKey, useLiveRun } from '../model/use-run.ts';
import type { useEditing } from '../use-editing.ts';
import { useRunHost } from '../run-host.ts';
import { FailureCard } from './failure-card.tsx';
import { CancelledCard, FinishedCard } from './finished-card.tsx';
import { WorkingCard } from './working-card.tsx';

/** What the run is at: a question, work, a failure, its end. */
export function CurrentSlot({
  request,
  status,
  outline,
  acts,
  closed,
}: {
  request: InteractionRequest | undefined;
  status: WorkflowResponse;
  outline: Outline | undefined;
  /** The question is not open any more. */
  closed: 'over' | 'away' | undefined;
  acts: {
    onCancel: () => void;
    onFiles: () => void;
    onGoBack: (target: GoBackTarget) => void;
    onUpgrade: (() => void) | undefined;
    editing: ReturnType<typeof useEditing>;
  };
}) {
  if (request)
    return (
      <CrashBoundary key={request.interaction_id}>
        <Question request={request} closed={closed} />
      </CrashBoundary>
    );
  switch (status.status) {
    case 'error':
      return <FailureCard status={status} outline={outline} onGoBack={acts.onGoBack} onUpgrade={acts.onUpgrade} />;
    case 'completed':
      return <FinishedCard status={status} onFiles={acts.onFiles} editing={acts.editing} />;
    case 'cancelled':
      return <CancelledCard onFiles={acts.onFiles} />;
    default:
      return <WorkingCard status={status} outline={outline} onCancel={acts.onCancel} />;
  }
}

const noAttempts: readonly Attempt[] = [];

/** Earlier tries at the question (U6); there are none before somebody has gone back. */
function useAttempts(interactionId: string): readonly Attempt[] {
  const { runId } = useLiveRun();
  const { nodes } = useBranches(runId);
  const { data } = useQuery({
    queryKey: runKey(runId, 'attempts', interactionId),
    enabled: nodes.length > 1,
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: async () =>
      (await readAttempts(runId, interactionId)).items.map(
        ({ request, feedback }): Attempt => ({ request: request as InteractionRequest, feedback }),
      ),
  });
  return data ?? noAttempts;
}

function Question({ request, closed }: { request: InteractionRequest; closed: 'over' | 'away' | undefined }) {
  const { interaction_id: id } = request;
  const host = useRunHost(id);
  const { model, feed } = useLiveRun();
  const attempts = useAttempts(id);
  return (
    <InteractionCard
      request={request}
      host={host}
      attempts={attempts}
      closed={closed}
      active={closed === undefined}
      onSent={() => feed.commanded()}
      onTouched={() => void model.begunHere.add(id)}
      onClosed={() => {
        model.begunHere.add(id);
        feed.commanded();
      }}
    />
  );
}
