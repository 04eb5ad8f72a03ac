import type { InteractionAnswer, InteractionRequest, RuleFailure, ValidationRule } from '@wfm/workflow-engine/models';

/** What the page and the validator's worker say to each other. */
export type CheckRequest = { readonly id: number } & (
  | { readonly schema: unknown; readonly value: unknown }
  | { readonly question: QuestionCheck }
);

/** An answer and what it is judged by (format.md 11.2, 12.2). */
export interface QuestionCheck {
  readonly request: InteractionRequest;
  readonly answer: InteractionAnswer;
  readonly rules: readonly ValidationRule[];
  readonly confirmed: readonly string[];
}

export interface QuestionVerdict {
  readonly errors: readonly RuleFailure[];
  readonly unconfirmed: readonly RuleFailure[];
}

export interface Fault {
  /** Path of the wrong value from the root. */
  readonly path: string;
  readonly message: string;
}

export type CheckReply = { readonly id: number } & (
  | { readonly faults: readonly Fault[] }
  | { readonly verdict: QuestionVerdict }
);
