import { useSession } from '@wfm/shared/app';
import { callProduction, newId } from '@wfm/shared/core';
import type { InteractionHost } from '@wfm/shared/interaction';
import { useMemo } from 'react';
import { cancelSubAction, estimateMedia, sendAnswer, startSubAction } from './model/run-api.ts';
import { useLiveRun, useRunModel } from './model/use-run.ts';

/** The run as the place where its open question stands. */
export function useRunHost(interactionId: string): InteractionHost {
  const { runId } = useLiveRun();
  const model = useRunModel('work');
  const { executions } = model;
  const { person } = useSession();
  const userId = person?.user_id ?? '';
  const running = useMemo(
    () =>
      executions.map(({ startedAt, endedAt, ...execution }) => ({
        ...execution,
        startedAt: Date.parse(startedAt),
        ...(endedAt === undefined ? {} : { endedAt: Date.parse(endedAt) }),
      })),
    [executions],
  );
  return useMemo(
    () => ({
      place: runId,
      userId,
      executions: running,
      async send(answer, key, signal) {
        model.sentKeys.add(key);
        const response = await sendAnswer(runId, interactionId, answer, key, signal);
        if (response.status !== 'validation_failed') {
          model.answeredHere.add(interactionId);
          model.touch('status');
        }
        return response;
      },
      startSubAction: (wanted) => startSubAction(runId, wanted, newId()),
      async cancelSubAction(executionId) {
        await cancelSubAction(runId, executionId);
      },
      estimate: (wanted) => estimateMedia(runId, wanted),
      async upload(file, _name, options) {
        const reply = await callProduction('/uploads?purpose=answer', { method: 'POST', body: file, ...options });
        return `upload:${((await reply.json()) as { upload_id: string }).upload_id}`;
      },
    }),
    [runId, interactionId, userId, running, model],
  );
}
