import type { RuleFailure } from '../../../models/execution.ts';
import type { InteractionAnswer, InteractionRequest } from '../../../models/interaction.ts';
import { isJsonObject } from '../../../models/json.ts';
import { answeredRows, rowFailures } from './form-rows.ts';
import { departureOf } from './legacy-retry-options.ts';
import { countFailures, selectionCount } from './selection-count.ts';
import { textFailures } from './text-failures.ts';

/**
 * What is wrong with an answer by its question's own terms, before any rule: the part of taking an answer in that a page
 * can judge too (format.md 11.2, 14.1). Pure. Whether files are what they say is left to who reads them.
 *
 * @throws WfmError where the answer is none for this type at all
 */
export function answerFailures(request: InteractionRequest, answer: InteractionAnswer): RuleFailure[] {
  switch (request.interaction_type) {
    case 'text_input': {
      if (departureOf(answer, request)) return [];
      const text = typeof answer.value === 'string' ? answer.value : '';
      return textFailures(text.trim() === '' ? request.default_value : text, request);
    }
    case 'select_from_structured':
      return countFailures(selectionCount(answer.selected_indices, request.multi_select), request);
    case 'form_input': {
      const rowSchema = isJsonObject(request.form_schema) ? request.form_schema : {};
      const rows = answeredRows(answer.form_data, request.form_defaults, rowSchema);
      return rowFailures(rows, request.form_defaults.length, rowSchema);
    }
    case 'file_input': {
      if (departureOf(answer, request) || (typeof answer.value === 'string' && answer.value !== '')) return [];
      const message = 'Choose a file.';
      return [{ id: 'file_missing', field: 'value', rule: 'file_missing', message, severity: 'error', params: {} }];
    }
    default:
      return [];
  }
}
