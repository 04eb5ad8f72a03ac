import type { InteractionRequest } from '@wfm/workflow-engine/models';
import type { Fault } from '../answering/faults.ts';
import type { InteractionHost } from '../host.ts';
import type { Draft } from './draft.ts';

export type { Draft } from './draft.ts';

/** What every kind of question is drawn with. */
export interface AnswerProps<T extends InteractionRequest = InteractionRequest> {
  readonly request: T;
  readonly host: InteractionHost;
  readonly draft: Draft;
  readonly onChange: (draft: Draft) => void;
  readonly disabled: boolean;
  readonly faults: readonly Fault[];
  /** Sends the answer, where a key in a field of one line does. */
  readonly onSubmit: () => void;
}

/** A request of one type. */
export type RequestOf<T extends InteractionRequest['interaction_type']> = Extract<
  InteractionRequest,
  { interaction_type: T }
>;
