import type { InteractionRequest } from '@wfm/workflow-engine/models';
import type { HistoryRecord } from '../model/run-api.ts';
import { summarise } from './answer-summary.ts';

/** Cards whose title, answer or step has the text in it, whatever its case. */
export function filterCards(
  cards: readonly HistoryRecord[],
  query: string,
  stepNameOf: (stepId: string) => string,
): readonly HistoryRecord[] {
  const wanted = query.trim().toLocaleLowerCase();
  if (wanted === '') return cards;
  return cards.filter((record) => {
    const summary = summarise(record);
    const said = summary.kind === 'texts' ? summary.texts : [];
    const { title } = record.request as InteractionRequest;
    return [title, stepNameOf(record.step_id), ...said].some((text) => text.toLocaleLowerCase().includes(wanted));
  });
}
