/** A question and its answer: the frame around every kind, and what was begun and not sent. */
export { AnsweredCard, type AnsweredRecord } from './answered-card.tsx';
export type { Attempt, Execution, InteractionHost } from './host.ts';
export { InteractionCard, type InteractionCardProps } from './interaction-card.tsx';
export { sendUnsent, type UnsentOutcome } from './unsent/send-unsent.ts';
export { dropUnsent, forgetUnsent, listUnsent, type UnsentAnswer } from './unsent/unsent-answers.ts';
