import { ApiError, newId, type StreamFrame } from '@wfm/shared/core';
import type { Execution, InteractionHost } from '@wfm/shared/interaction';
import type { WorkflowResponse } from '@wfm/workflow-engine/models';
import { useMemo, useState } from 'react';
import { useWorkbench } from '../workbench/workbench.ts';
import { virtualApi } from '../runtime/virtual-api.ts';

/** The preview as the place where its open question stands. */
export function usePreviewHost(interactionId: string): InteractionHost {
  const { preview, person, templateId } = useWorkbench();
  const [executions, setExecutions] = useState<readonly Execution[]>([]);
  return useMemo<InteractionHost>(() => {
    const note = (id: string, change: Partial<Execution>): void =>
      setExecutions((list) => list.map((one) => (one.executionId === id ? { ...one, ...change } : one)));
    return {
      place: `preview:${templateId}`,
      userId: person.user_id,
      executions,
      send: (answer, key): Promise<WorkflowResponse> => preview.respond(interactionId, answer, key),
      startSubAction: (wanted) =>
        new Promise((resolve, reject) => {
          // The request is the execution: it has begun with its first frame, and goes on behind it.
          let id: string | null = null;
          const begun = (frame: StreamFrame | { event: string; data: unknown }): void => {
            const data = (frame.data ?? {}) as Told;
            if (id === null) {
              id = data.execution_id ?? newId();
              const { sub_action_id: subActionId, params } = wanted;
              const expected = data.expected;
              const execution = { executionId: id, subActionId, params, expected, message: '', startedAt: Date.now() };
              setExecutions((list) => [...list, { ...execution, status: 'running' }]);
              resolve({ execution_id: id, ...(expected === undefined ? {} : { expected }) });
            }
            note(id, { ...(data.message === undefined ? {} : { message: data.message }), percent: data.percent });
          };
          preview.subAction({ ...wanted, idempotency_key: newId() }, begun).then(
            () => id !== null && note(id, { status: 'completed', endedAt: Date.now() }),
            (error: unknown) => {
              if (id === null) return reject(error instanceof Error ? error : new Error(String(error)));
              const code = error instanceof ApiError ? error.problem.code : 'sub_action_cancelled';
              const message = error instanceof Error ? error.message : String(error);
              const status = error instanceof ApiError ? 'failed' : 'cancelled';
              return note(id, { status, endedAt: Date.now(), error: { code, message } });
            },
          );
        }),
      cancelSubAction() {
        preview.cancel();
        return Promise.resolve();
      },
      estimate: (wanted) => virtualApi().read('media/preview', wanted as Record<string, unknown>),
      upload: asDataUrl,
    };
  }, [preview, person.user_id, templateId, interactionId, executions]);
}

interface Told {
  execution_id?: string;
  expected?: number;
  message?: string;
  percent?: number;
}

/** A preview has nowhere to keep a file: it travels inside the answer, and the server says when it is too large. */
function asDataUrl(file: Blob): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.addEventListener('load', () => resolve(reader.result as string));
    reader.addEventListener('error', () => reject(reader.error ?? new Error('unreadable')));
    reader.readAsDataURL(file);
  });
}
