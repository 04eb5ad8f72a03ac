import { AnsweredCard, type AnsweredRecord } from '@wfm/shared/interaction';
import type { HistoryRecord } from '../model/run-api.ts';

/** What was asked and answered, as it was. */
export function answeredBody(record: HistoryRecord) {
  return <AnsweredCard record={record as AnsweredRecord} />;
}
