import type { DataPath } from '@wfm/workflow-engine/display';
import { useMemo } from 'react';
import { DataView } from '../../schema/index.ts';
import { faultOf } from '../answering/faults.ts';
import type { AnswerProps, RequestOf } from './answer-props.ts';
import { chosenPaths } from './chosen-paths.ts';

/** Cards of which one or several are chosen, wherever they lie in the data (format.md 11.4). */
export function SelectAnswer(props: AnswerProps<RequestOf<'select_from_structured'>>) {
  const { request, draft, onChange, disabled, faults } = props;
  const { multi_select: multi, min_selections: min, max_selections: max, title } = request;
  const chosen = useMemo(
    () => chosenPaths(draft.answer.selected_indices, multi),
    [draft.answer.selected_indices, multi],
  );
  const selection = {
    multi,
    chosen,
    disabled,
    label: title,
    min,
    max,
    onChange: (next: DataPath[]) =>
      onChange({ ...draft, answer: { ...draft.answer, selected_indices: multi ? next : (next[0] ?? []) } }),
  };
  const fault = faultOf(faults, 'selected_indices');
  return (
    <div className="grid gap-3">
      <DataView
        data={request.data}
        schema={request.schema}
        selection={selection}
        {...(request.annotations ? { annotations: request.annotations } : {})}
      />
      {fault ? (
        <p className="text-sm text-bad" data-content={fault.isContent || undefined} dir="auto">
          {fault.message}
        </p>
      ) : null}
    </div>
  );
}
