import type { Answered, Answerer, ModuleCall } from '../../execution/answerer.ts';
import type { Module } from '../../modules/module.ts';
import { thrownAgain } from './recorded-ports.ts';
import type { RecordedOutcome } from './saved-preview.ts';

/**
 * Lets modules end as they did: each by its own recorded outcomes, in order; past the last of them, and where there are
 * none, as `inner` says. What is recorded goes before everything else, also in place of a question.
 */
export function replayingOutcomes(inner: Answerer, outcomes: readonly RecordedOutcome[]): Answerer {
  const nextEnd = inOrder(outcomes.filter(({ prepared }) => prepared === undefined));
  const nextPrepared = inOrder(outcomes.filter(({ prepared }) => prepared !== undefined));
  const next = (call: ModuleCall<Module>): Answered | null => {
    const outcome = nextEnd(call);
    if (!outcome) return null;
    if (outcome.error) throw thrownAgain(outcome.error);
    return {
      outputs: outcome.outputs ?? {},
      origin: outcome.origin ?? { kind: 'executed', reason: 'no_record' },
    };
  };
  return {
    ...inner,
    prepare: async (call, run) => nextPrepared(call)?.prepared ?? inner.prepare?.(call, run) ?? run(),
    answer: async (call, run) => next(call) ?? inner.answer(call, run),
    instead: async (call) => next(call) ?? (await inner.instead?.(call)) ?? null,
  };
}

/** The outcomes of a module, one a call. */
function inOrder(outcomes: readonly RecordedOutcome[]): (call: ModuleCall<Module>) => RecordedOutcome | undefined {
  const positions = new Map<string, number>();
  return ({ compiled: { path } }) => {
    const position = positions.get(path) ?? 0;
    positions.set(path, position + 1);
    return outcomes.filter(({ at }) => at === path)[position];
  };
}
