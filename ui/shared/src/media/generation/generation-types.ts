import type { FormState } from '@wfm/workflow-engine/display';
import type { InteractionAnswer, InteractionRequest } from '@wfm/workflow-engine/models';
import type { InteractionHost } from '../../interaction/host.ts';
import type { CropRegion } from '../crop-region.ts';

export type MediaRequest = Extract<InteractionRequest, { interaction_type: 'media_generation' }>;

/** What making media needs from where its question stands. */
export type GenerationHost = Pick<
  InteractionHost,
  'place' | 'startSubAction' | 'cancelSubAction' | 'estimate' | 'executions'
>;

export interface EstimateWanted {
  provider: string;
  action_type: string;
  model: string | null;
  prompt: string;
  params: Record<string, unknown>;
}

/** What generating would give and cost (api.md); `unknown` where nobody says. */
export interface Estimate {
  cost: { amount: string; unit: 'USD' | 'credits' } | null;
  basis: 'exact' | 'table' | 'remote' | 'free' | 'unknown';
  output?: { count?: number; width?: number; height?: number; seconds?: number };
  notes: string[];
}

/** What a person has filled in for one block and not sent. */
export interface BlockDraft {
  form?: FormState;
  /** Raised when the form has been taken over from elsewhere. */
  version?: number;
  crop?: CropRegion | null;
  provider?: string;
  feedback?: string;
}

/** It is kept with the answer, wherever unsent answers are (U3, U11). */
export interface GenerationDraft {
  readonly blocks?: Readonly<Record<string, BlockDraft>>;
  /** Failed executions that the person has put away. */
  readonly dismissed?: readonly string[];
}

/** The part of a question's draft that is of interest here. */
export interface MediaDraft {
  readonly answer: InteractionAnswer;
  readonly generation?: GenerationDraft;
}
